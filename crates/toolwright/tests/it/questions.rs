//! What hand-written tools, resources and prompts ask the client, in both eras.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ClientCapabilities, CreateMessageRequestParams,
    ElicitResult, ElicitationAction, GetPromptRequestParams, InputRequiredResult, InputResponses,
    PromptMessage, ReadResourceRequestParams, ResourceContents, Role, SamplingMessage,
};
use serde_json::{Map, Value, json};
use toolwright::conversation::Elicited;
use toolwright::{
    Arguments, Context, Conversation, HandWritten, HandWrittenPrompt, HandWrittenResource, Output, Server,
    ToolError, Toolset,
};

use crate::fixture::{API, nowhere, object};
use crate::mcp::{
    Client, ERAS, Era, Person, all_capabilities, connect, connect_as, refused, serving, text_of,
};

fn accepted(content: Value) -> ElicitResult {
    ElicitResult::new(ElicitationAction::Accept).with_content(content)
}

/// Answers each form with the name of its field and a number that depends on the message.
fn helpful(message: &str) -> ElicitResult {
    accepted(json!({ "answer": message.len() }))
}

async fn number(client: &Conversation, key: &str, message: &str) -> Result<i64, ToolError> {
    let form = json!({
        "type": "object",
        "properties": { "answer": { "type": "integer", "minimum": 1 } },
        "required": ["answer"],
    });
    Ok(match client.elicit(key, message, &form).await? {
        Elicited::Accepted(fields) => fields["answer"].as_i64().unwrap(),
        Elicited::Declined => -1,
        Elicited::Cancelled => -2,
    })
}

async fn one(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    Ok(Output::text(number(context.conversation(), "one", "?").await?.to_string()))
}

fn asks_once() -> HandWritten {
    HandWritten::new("ask", "Asks.", one)
}

/// A tool that asks twice, one after the other, and counts how often it is begun.
fn asks_twice(begun: &Arc<AtomicUsize>) -> HandWritten {
    let begun = Arc::clone(begun);
    let schema = json!({ "type": "object", "properties": { "to": { "type": "string" } } });
    HandWritten::new("ask", "Asks.", move |_: Arguments, context: Context, _: Toolset| {
        let run = begun.fetch_add(1, Ordering::Relaxed);
        async move {
            let client = context.conversation();
            if client.recall::<usize>("first run").is_none() {
                client.remember("first run", &run)?;
            }
            let first = number(client, "first", "?").await?;
            let second = number(client, "second", "??").await?;
            let begun: usize = client.recall("first run").unwrap();
            Ok(Output::text(format!("{first} {second}, begun in run {begun}")))
        }
    })
    .input_schema(schema)
}

fn call(arguments: Value) -> CallToolRequestParams {
    CallToolRequestParams::new("ask").with_arguments(object(arguments))
}

fn responses(answers: &[(&str, Value)]) -> InputResponses {
    answers.iter().map(|(key, answer)| ((*key).to_owned(), answer.clone())).collect()
}

/// One request of the stateless era, which must end with questions.
async fn asked(client: &Client, request: CallToolRequestParams) -> InputRequiredResult {
    match client.service.call_tool_once(request).await.unwrap() {
        CallToolResponse::InputRequired(asked) => asked,
        other => panic!("{other:?} asks nothing"),
    }
}

fn keys(asked: &InputRequiredResult) -> Vec<&str> {
    asked.input_requests.as_ref().unwrap().keys().map(String::as_str).collect()
}

fn retried(asked: &InputRequiredResult, answers: &[(&str, Value)]) -> CallToolRequestParams {
    call(json!({}))
        .with_input_responses(responses(answers))
        .with_request_state(asked.request_state.clone().unwrap())
}

fn answer(number: i64) -> Value {
    json!({ "action": "accept", "content": { "answer": number } })
}

#[tokio::test]
async fn what_the_person_does_with_a_form_reaches_the_tool_in_both_eras() {
    let persons: [(Person, &str); 3] = [
        (helpful, "1"),
        (|_| ElicitResult::new(ElicitationAction::Decline), "-1"),
        (|_| ElicitResult::new(ElicitationAction::Cancel), "-2"),
    ];
    for era in ERAS {
        for (person, expected) in persons {
            let client = connect_as(serving(asks_once()), era, all_capabilities(), person).await;
            let result = client.service.call_tool(call(json!({}))).await.unwrap();
            assert_eq!(text_of(&result), expected, "{era:?}");
        }
    }
}

#[tokio::test]
async fn a_client_that_cannot_be_asked_is_told_what_it_lacks() {
    let client =
        connect_as(serving(asks_once()), Era::Handshake, ClientCapabilities::default(), helpful).await;
    let result = client.service.call_tool(call(json!({}))).await.unwrap();
    assert_eq!(result.is_error, Some(true));
    let facts = result.structured_content.unwrap();
    assert_eq!(facts["kind"], "missing_capability");
    assert_eq!(facts["required_capabilities"], json!({ "elicitation": {} }));

    let client =
        connect_as(serving(asks_once()), Era::Stateless, ClientCapabilities::default(), helpful).await;
    let (code, message) = refused(client.service.call_tool(call(json!({}))).await);
    assert_eq!(code, -32021);
    assert!(message.contains("elicitation"), "{message}");
}

#[tokio::test]
async fn a_call_in_process_has_nobody_to_ask() {
    let toolset = Toolset::builder(&API).tool(asks_once()).build().unwrap();
    let error = toolset.call("ask", Map::new(), &nowhere()).await.unwrap_err();
    insta::assert_snapshot!(error, @r#"this needs a form for its user, which the client cannot be asked for on this connection: it lacks the capability {"elicitation":{}}"#);
}

#[tokio::test]
async fn a_waiting_call_runs_once_and_a_repeated_one_once_a_round() {
    for (era, runs) in [(Era::Handshake, 1), (Era::Stateless, 3)] {
        let begun = Arc::new(AtomicUsize::new(0));
        let client = connect_as(serving(asks_twice(&begun)), era, all_capabilities(), helpful).await;
        let result = client.service.call_tool(call(json!({}))).await.unwrap();
        assert_eq!(text_of(&result), "1 2, begun in run 0", "{era:?}");
        assert_eq!(begun.load(Ordering::Relaxed), runs, "{era:?}");
    }
}

#[tokio::test]
async fn each_round_asks_for_what_is_not_answered_yet() {
    let client = connect(serving(asks_twice(&Arc::default())), Era::Stateless).await;
    let first = asked(&client, call(json!({}))).await;
    assert_eq!(keys(&first), ["first"]);
    let second = asked(&client, retried(&first, &[("first", answer(7))])).await;
    assert_eq!(keys(&second), ["second"]);
    let last = client.service.call_tool_once(retried(&second, &[("second", answer(8))])).await.unwrap();
    let CallToolResponse::Complete(result) = last else { panic!("{last:?} asks again") };
    assert_eq!(text_of(&result), "7 8, begun in run 0");
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_is_asked_for_again() {
    let client = connect(serving(asks_once()), Era::Stateless).await;
    let unusable = [
        json!(12345),
        json!({ "action": "maybe" }),
        answer(0),
        json!({ "action": "accept", "content": { "answer": "seven" } }),
        json!({ "action": "accept" }),
    ];
    for answer in unusable {
        let request = call(json!({})).with_input_responses(responses(&[("one", answer.clone())]));
        assert_eq!(keys(&asked(&client, request).await), ["one"], "{answer}");
    }
    let stray = call(json!({})).with_input_responses(responses(&[("other", answer(1))]));
    assert_eq!(keys(&asked(&client, stray).await), ["one"]);
}

#[tokio::test]
async fn an_answer_that_cannot_be_used_fails_a_waiting_call() {
    let person = |_: &str| accepted(json!({ "answer": 0 }));
    let server = serving(asks_once()).with_request_ids(|| "request-1".to_owned());
    let client = connect_as(server, Era::Handshake, all_capabilities(), person).await;
    let result = client.service.call_tool(call(json!({}))).await.unwrap();
    insta::assert_snapshot!(text_of(&result), @r#"{"kind":"client_error","message":"the client's answer to a form for its user cannot be used: `content/answer` does not fit the form: 0 is less than the minimum of 1","request_id":"request-1"}"#);
}

#[tokio::test]
async fn state_is_good_for_one_request_of_one_caller() {
    let key = [7; 32];
    let server = |caller: &'static str| {
        let toolset = Toolset::builder(&API).tool(asks_twice(&Arc::default())).build().unwrap();
        Server::new(toolset, nowhere().with_caller(caller))
    };
    let client = connect(server("ana").with_request_state_key(key), Era::Stateless).await;
    let first = asked(&client, call(json!({}))).await;
    let retry = retried(&first, &[("first", answer(7))]);

    let mut tampered = retry.clone();
    tampered.request_state = first.request_state.clone().map(|state| state + "A");
    let mut elsewhere = retry.clone();
    elsewhere.arguments = Some(object(json!({ "to": "another" })));
    for wrong in [tampered, elsewhere] {
        let (code, message) = refused(client.service.call_tool_once(wrong).await);
        assert_eq!(code, -32602);
        assert!(message.starts_with("`requestState` is not what this server gave out"), "{message}");
    }

    let another_caller = connect(server("bob").with_request_state_key(key), Era::Stateless).await;
    assert_eq!(refused(another_caller.service.call_tool_once(retry.clone()).await).0, -32602);
    let another_key = connect(server("ana"), Era::Stateless).await;
    assert_eq!(refused(another_key.service.call_tool_once(retry.clone()).await).0, -32602);
    let replica = connect(server("ana").with_request_state_key(key), Era::Stateless).await;
    assert_eq!(keys(&asked(&replica, retry).await), ["second"]);
}

async fn three(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    let client = context.conversation();
    let request = CreateMessageRequestParams::new(vec![SamplingMessage::user_text("Greet.")], 10);
    let (number, greeting, roots) = tokio::join!(
        number(client, "number", "?"),
        client.sample("greeting", request),
        client.list_roots("roots")
    );
    let greeting = serde_json::to_value(greeting?).unwrap();
    let text = format!("{} {} {}", number?, greeting["content"]["text"], roots?[0].uri);
    Ok(Output::text(text))
}

#[tokio::test]
async fn questions_that_are_polled_together_are_asked_together() {
    let tool = || HandWritten::new("ask", "Asks.", three);
    let client = connect(serving(tool()), Era::Stateless).await;
    assert_eq!(keys(&asked(&client, call(json!({}))).await), ["greeting", "number", "roots"]);
    for era in ERAS {
        let client = connect_as(serving(tool()), era, all_capabilities(), helpful).await;
        let result = client.service.call_tool(call(json!({}))).await.unwrap();
        assert_eq!(text_of(&result), "1 \"hello\" file:///home", "{era:?}");
    }
}

#[tokio::test]
async fn a_tool_can_ask_what_is_possible() {
    async fn possible(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
        let client = context.conversation();
        Ok(Output::text(format!(
            "{} {} {}",
            client.can_elicit(),
            client.can_sample(),
            client.can_list_roots()
        )))
    }
    let only_sampling = || ClientCapabilities::builder().enable_sampling().build();
    for era in ERAS {
        let server = serving(HandWritten::new("ask", "Asks.", possible));
        let client = connect_as(server, era, only_sampling(), helpful).await;
        let result: CallToolResult = client.service.call_tool(call(json!({}))).await.unwrap();
        assert_eq!(text_of(&result), "false true false", "{era:?}");
    }
}

#[tokio::test]
async fn resources_and_prompts_ask_too() {
    let resource = HandWrittenResource::new("ask://{id}", "ask", |request, context: Context, _| async move {
        let number = number(context.conversation(), "one", "?").await?;
        let text = format!("{number} of {}", request.variables["id"]);
        Ok(vec![ResourceContents::text(text, request.uri)])
    });
    let prompt = HandWrittenPrompt::new("ask", "Asks.", |_, context: Context, _| async move {
        let number = number(context.conversation(), "one", "?").await?;
        Ok(vec![PromptMessage::new_text(Role::User, number.to_string())])
    });
    let toolset = Toolset::builder(&API).resource(resource).prompt(prompt).build().unwrap();
    for era in ERAS {
        let server = Server::new(toolset.clone(), nowhere());
        let client = connect_as(server, era, all_capabilities(), helpful).await;
        let read = client.service.read_resource(ReadResourceRequestParams::new("ask://7")).await.unwrap();
        assert!(serde_json::to_string(&read).unwrap().contains("1 of 7"), "{era:?}: {read:?}");
        let got = client.service.get_prompt(GetPromptRequestParams::new("ask")).await.unwrap();
        assert_eq!(got.messages[0].content.as_text().unwrap().text, "1", "{era:?}");
    }
}
