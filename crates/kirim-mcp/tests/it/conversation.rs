//! `get_conversation`, which is made of two calls.

use serde_json::{Value, json};
use toolwright::client::Upstream;
use toolwright::{CallError, Context, ErrorKind};

use crate::wire::Api;

const ID: &str = "cnv_01HXYZABCDEFGHJKMNPQRSTVWX";

fn arguments(more: &Value) -> serde_json::Map<String, Value> {
    let mut all = json!({ "phone_number_id": "106540352242922", "conversation_id": ID });
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all.as_object().unwrap().clone()
}

fn record() -> (u16, Value) {
    (200, json!({ "data": { "id": ID, "object": "conversation", "status": "open" }, "request_id": "req_1" }))
}

fn messages(count: usize, length: usize) -> (u16, Value) {
    let message = |index: usize| json!({ "id": format!("msg_{index}"), "content": "x".repeat(length) });
    let data: Vec<Value> = (0..count).map(message).collect();
    (200, json!({ "data": data, "has_more": false, "next_cursor": null, "request_id": "req_2" }))
}

#[tokio::test]
async fn the_record_and_the_last_messages_come_together() {
    let api = Api::answering(vec![record(), messages(2, 3)]).await;
    let toolset = kirim_mcp::toolset().unwrap();
    let caller = Context::new(Upstream::builder(&api.url).build().unwrap());
    let output = toolset.call("get_conversation", arguments(&json!({ "message_limit": 7 })), &caller).await;
    let result = output.unwrap().structured.unwrap();
    assert_eq!(result["data"]["conversation"]["status"], "open");
    assert_eq!(result["data"]["messages"][1]["id"], "msg_1");
    let rest = (&result["has_more"], &result["request_id"], &result["messages_request_id"]);
    assert_eq!(rest, (&json!(false), &json!("req_1"), &json!("req_2")));
    let paths: Vec<String> = api.requests().into_iter().map(|request| request.target).collect();
    assert_eq!(
        paths,
        [
            format!("/v1/106540352242922/conversations/{ID}"),
            format!("/v1/106540352242922/messages?conversation_id={ID}&limit=7"),
        ]
    );
}

#[tokio::test]
async fn a_conversation_that_is_not_there_is_asked_for_once() {
    let error = json!({
        "error": { "type": "not_found", "code": "resource_not_found", "message": "No such conversation.", "request_id": "req_9" }
    });
    let api = Api::answering(vec![(404, error)]).await;
    let toolset = kirim_mcp::toolset().unwrap();
    let caller = Context::new(Upstream::builder(&api.url).build().unwrap());
    let outcome = toolset.call("get_conversation", arguments(&json!({})), &caller).await;
    let Err(CallError::Tool(error)) = outcome else { panic!("{outcome:?}") };
    assert_eq!((error.kind, error.code.as_deref()), (ErrorKind::NotFound, Some("resource_not_found")));
    assert_eq!(api.requests().len(), 1);
}

#[tokio::test]
async fn as_many_messages_come_as_the_budget_holds() {
    let api = Api::answering(vec![record(), messages(5, 1_000)]).await;
    let toolset = kirim_mcp::builder().response_budget(3_000).build().unwrap();
    let caller = Context::new(Upstream::builder(&api.url).build().unwrap());
    let output = toolset.call("get_conversation", arguments(&json!({})), &caller).await.unwrap();
    let result = output.structured.unwrap();
    assert_eq!(result["data"]["messages"].as_array().unwrap().len(), 2);
    assert_eq!(result["has_more"], true);
    assert!(result.to_string().len() <= 3_000);
    let note = output.content.last().unwrap().as_text().unwrap();
    assert!(note.text.starts_with("Note: 3 older messages were left out"), "{}", note.text);
}

#[tokio::test]
async fn an_id_that_cannot_be_one_is_refused_before_anything_is_sent() {
    let api = Api::answering(Vec::new()).await;
    let toolset = kirim_mcp::toolset().unwrap();
    let caller = Context::new(Upstream::builder(&api.url).build().unwrap());
    for (name, value) in
        [("conversation_id", "ctc_01HXYZABCDEFGHJKMNPQRSTVWX"), ("phone_number_id", "+62811")]
    {
        let outcome = toolset.call("get_conversation", arguments(&json!({ name: value })), &caller).await;
        let Err(CallError::Tool(error)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(error.kind, ErrorKind::InvalidArguments);
        assert_eq!(error.problems[0].pointer, format!("/{name}"));
    }
    assert!(api.requests().is_empty());
}

#[test]
fn its_ids_are_those_of_the_document() {
    let toolset = kirim_mcp::builder().policy(kirim_mcp::Policy::everything()).build().unwrap();
    let schema = |tool: &str| toolset.tool(tool).unwrap().input_schema["properties"].clone();
    let (made, document) = (schema("get_conversation"), schema("get_conversation_record"));
    for name in ["phone_number_id", "conversation_id"] {
        assert!(document[name]["pattern"].is_string(), "{name}");
        assert_eq!(made[name], document[name]);
    }
}
