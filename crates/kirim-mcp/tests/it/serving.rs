//! The six tools in the hands of the official client, over HTTP and over pipes.

use rmcp::model::CallToolRequestParams;
use rmcp::service::ServiceError;
use serde_json::{Value, json};
use whatsapp_sandbox::{KIRIM_KEY, Sandbox};

use crate::program::{Client, HttpServer, NUMBER, result, use_tool, with_pipes};

/// The six tools, as the product lists them.
const SIX: [&str; 6] = [
    "list_phone_numbers",
    "send_message",
    "list_conversations",
    "get_conversation",
    "search_contacts",
    "list_templates",
];

async fn names(client: &Client) -> Vec<String> {
    client.list_all_tools().await.unwrap().into_iter().map(|tool| tool.name.into_owned()).collect()
}

/// What an agent does: find the number, send, and look what became of it.
async fn sends_and_looks(client: Client) {
    assert_eq!(names(&client).await, SIX);
    let numbers = result(&client, "list_phone_numbers", json!({})).await;
    assert_eq!(numbers["data"][0]["phone_number_id"], NUMBER, "{numbers}");
    let templates = result(&client, "list_templates", json!({ "phone_number_id": NUMBER })).await;
    assert!(!templates["data"].as_array().unwrap().is_empty());

    let to = whatsapp_sandbox::ECHO_NUMBER;
    let message = json!({
        "phone_number_id": NUMBER, "to": to, "type": "text", "text": { "body": "Selamat pagi 👋" },
        "idempotency_key": "only-once"
    });
    let sent = result(&client, "send_message", message.clone()).await;
    assert_eq!(sent["data"]["status"], "pending", "{sent}");
    assert!(sent["request_id"].as_str().unwrap().starts_with("req_"));
    let again = result(&client, "send_message", message).await;
    assert_eq!(again["data"]["id"], sent["data"]["id"], "the same key sends once");

    let contacts =
        result(&client, "search_contacts", json!({ "phone_number_id": NUMBER, "phone": to })).await;
    let contact = contacts["data"][0]["id"].as_str().unwrap();
    let conversations = json!({ "phone_number_id": NUMBER, "contact_id": contact });
    let conversations = result(&client, "list_conversations", conversations).await;
    let id = conversations["data"][0]["id"].as_str().unwrap();
    let conversation = json!({ "phone_number_id": NUMBER, "conversation_id": id });
    let conversation = result(&client, "get_conversation", conversation).await;
    assert_eq!(conversation["data"]["conversation"]["id"], id, "{conversation}");
    let messages = conversation["data"]["messages"].as_array().unwrap();
    assert!(messages.iter().any(|it| it["id"] == sent["data"]["id"]), "{messages:?}");
    assert!(conversation["request_id"].as_str().unwrap().starts_with("req_"));
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn an_agent_sends_and_looks_over_http() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let server = HttpServer::start(sandbox.kirim_url(), &[]).await;
    sends_and_looks(server.connect(KIRIM_KEY).await).await;
}

#[tokio::test]
async fn an_agent_sends_and_looks_over_pipes_with_one_key() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    sends_and_looks(with_pipes(sandbox.kirim_url(), KIRIM_KEY, &[]).await).await;
}

#[tokio::test]
async fn the_program_brings_a_sandbox_of_its_own() {
    let client = with_pipes("", "", &["--sandbox"]).await;
    let numbers = result(&client, "list_phone_numbers", json!({})).await;
    assert_eq!(numbers["data"][0]["phone_number_id"], NUMBER, "{numbers}");
}

#[tokio::test]
async fn all_other_tools_are_there_on_request() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = with_pipes(sandbox.kirim_url(), KIRIM_KEY, &["--toolset=full"]).await;
    let names = names(&client).await;
    assert_eq!(names.len(), 39);
    assert!(names.starts_with(&SIX.map(str::to_owned)), "{names:?}");
    let labels = result(&client, "list_labels", json!({})).await;
    assert!(labels["data"].is_array(), "{labels}");
}

#[tokio::test]
async fn a_tool_that_is_not_offered_says_why() {
    let client = with_pipes("http://127.0.0.1:9", KIRIM_KEY, &[]).await;
    let refused = use_tool(&client, "list_labels", json!({})).await;
    assert_eq!(refused.is_error, Some(true));
    let error = refused.structured_content.unwrap();
    assert_eq!(error["kind"], "refused_by_policy", "{error}");
    assert!(error["message"].as_str().unwrap().contains("toolset `essentials`"), "{error}");
}

#[tokio::test]
async fn what_is_refused_here_has_a_request_id_as_the_product_makes_them() {
    let client = with_pipes("http://127.0.0.1:9", KIRIM_KEY, &[]).await;
    let is_id = |id: &Value| id.as_str().is_some_and(|it| it.starts_with("req_") && it.len() == 30);
    let mut ids = Vec::new();
    for (tool, arguments) in [
        ("list_templates", json!({ "phone_number_id": "+5511999990001" })),
        ("list_labels", json!({})),
        ("list_phone_numbers", json!({})),
    ] {
        let refused = use_tool(&client, tool, arguments).await;
        let id = refused.structured_content.unwrap()["request_id"].clone();
        assert!(is_id(&id), "{tool}: {id}");
        ids.push(id);
    }
    let unknown = client.call_tool(CallToolRequestParams::new("list_number")).await.unwrap_err();
    let ServiceError::McpError(unknown) = unknown else { panic!("{unknown}") };
    let id = unknown.data.unwrap()["request_id"].clone();
    assert!(is_id(&id) && !ids.contains(&id), "{id}");
    ids.dedup();
    assert_eq!(ids.len(), 3, "each request has one of its own");
}
