//! Tools that run only after the user has agreed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, ClientCapabilities, ElicitResult, ElicitationAction,
};
use serde_json::{Value, json};
use toolwright::catalog::Effect;
use toolwright::{
    Arguments, Context, ErrorKind, HandWritten, Output, Pattern, Policy, Server, ToolError, Toolset,
};

use crate::fixture::{API, nowhere, object};
use crate::mcp::{ERAS, Era, Person, all_capabilities, connect, connect_as, text_of};

fn policy() -> Policy {
    Policy { confirm: vec![Pattern::from("erase*")], ..Policy::default() }
}

/// A tool that counts how often it ran.
fn toolset(runs: &Arc<AtomicUsize>) -> Toolset {
    let runs = Arc::clone(runs);
    let erase = move |_: Arguments, _: Context, _: Toolset| {
        runs.fetch_add(1, Ordering::Relaxed);
        async { Ok::<_, ToolError>(Output::text("erased")) }
    };
    let tool = HandWritten::new("erase", "Erases.", erase)
        .title("Erase it")
        .effect(Effect::Destructive, true)
        .input_schema(json!({ "type": "object", "properties": { "what": { "type": "string" } } }));
    Toolset::builder(&API).tool(tool).policy(policy()).build().unwrap()
}

fn erase(what: &str) -> CallToolRequestParams {
    CallToolRequestParams::new("erase").with_arguments(object(json!({ "what": what })))
}

fn agree(_: &str) -> ElicitResult {
    ElicitResult::new(ElicitationAction::Accept)
}

/// What the tool answers to a client, its kind of failure, and how often it ran.
async fn outcome(era: Era, capabilities: ClientCapabilities, person: Person) -> (String, Value, usize) {
    let runs = Arc::default();
    let client = connect_as(Server::new(toolset(&runs), nowhere()), era, capabilities, person).await;
    let result = client.service.call_tool(erase("all")).await.unwrap();
    let kind = result.structured_content.as_ref().map_or(Value::Null, |facts| facts["kind"].clone());
    (text_of(&result).to_owned(), kind, runs.load(Ordering::Relaxed))
}

#[tokio::test]
async fn a_tool_may_want_consent_by_itself() {
    let tool = HandWritten::new("erase", "Erases.", async |_, _, _| Ok(Output::text("erased"))).confirm(true);
    let toolset = Toolset::builder(&API).tool(tool).build().unwrap();
    for (capabilities, expected) in
        [(all_capabilities(), "erased"), (ClientCapabilities::default(), "refused_by_policy")]
    {
        let server = Server::new(toolset.clone(), nowhere());
        let client = connect_as(server, Era::Stateless, capabilities, agree).await;
        let result = client.service.call_tool(CallToolRequestParams::new("erase")).await.unwrap();
        assert!(text_of(&result).contains(expected), "{result:?}");
    }
}

#[tokio::test]
async fn a_tool_runs_once_when_the_user_agrees() {
    for era in ERAS {
        let outcome = outcome(era, all_capabilities(), agree).await;
        assert_eq!(outcome, ("erased".to_owned(), Value::Null, 1), "{era:?}");
    }
}

#[tokio::test]
async fn a_tool_does_not_run_when_the_user_does_not_agree() {
    for era in ERAS {
        for action in [ElicitationAction::Decline, ElicitationAction::Cancel] {
            let person: Person = match action {
                ElicitationAction::Decline => |_| ElicitResult::new(ElicitationAction::Decline),
                _ => |_| ElicitResult::new(ElicitationAction::Cancel),
            };
            let (_, kind, runs) = outcome(era, all_capabilities(), person).await;
            assert_eq!((kind, runs), (json!("declined"), 0), "{era:?}");
        }
    }
}

#[tokio::test]
async fn a_tool_does_not_run_where_nobody_can_be_asked() {
    for era in ERAS {
        let (_, kind, runs) = outcome(era, ClientCapabilities::default(), agree).await;
        assert_eq!((kind, runs), (json!("refused_by_policy"), 0), "{era:?}");
    }
    let runs = Arc::default();
    let error = toolset(&runs).call("erase", object(json!({})), &nowhere()).await.unwrap_err();
    insta::assert_snapshot!(error, @"`erase` was not called: the user has to agree first, and this client has no way to ask (it does not support elicitation here). Only the person who runs this server can change that; use another tool or tell the user");
    assert_eq!(runs.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn the_user_sees_what_would_be_called_and_with_what() {
    let client = connect(Server::new(toolset(&Arc::default()), nowhere()), Era::Stateless).await;
    let request = erase("line one\nline two");
    let CallToolResponse::InputRequired(asked) = client.service.call_tool_once(request).await.unwrap() else {
        panic!("nothing is asked");
    };
    let asked = serde_json::to_value(asked.input_requests.unwrap().into_values().next().unwrap()).unwrap();
    insta::assert_snapshot!(asked["params"]["message"].as_str().unwrap(), @r#"
    May `erase` (Erase it) be called, which may remove or overwrite something?
    - what: "line one\nline two"
    "#);
}

#[tokio::test]
async fn consent_to_one_call_is_none_to_another() {
    let runs = Arc::default();
    let client = connect(Server::new(toolset(&runs), nowhere()), Era::Stateless).await;
    let CallToolResponse::InputRequired(asked) = client.service.call_tool_once(erase("one")).await.unwrap()
    else {
        panic!("nothing is asked");
    };
    let key = asked.input_requests.unwrap().into_keys().next().unwrap();
    let agreed = erase("another").with_input_responses([(key, json!({ "action": "accept" }))].into());
    let again = client.service.call_tool_once(agreed).await.unwrap();
    assert!(matches!(again, CallToolResponse::InputRequired(_)), "{again:?}");
    assert_eq!(runs.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn wrong_arguments_are_refused_before_the_user_is_asked() {
    let toolset = toolset(&Arc::default());
    let error = toolset.call("erase", object(json!({ "what": [1] })), &nowhere()).await.unwrap_err();
    let toolwright::CallError::Tool(error) = error else { panic!("{error} is another error") };
    assert_eq!(error.kind, ErrorKind::InvalidArguments);
}
