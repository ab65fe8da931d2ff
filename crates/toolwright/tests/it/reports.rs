//! What hand-written tools tell the client while they work.

use rmcp::model::{CallToolRequestParams, LoggingLevel, RequestMetaObject, SetLevelRequestParams};
use serde_json::json;
use toolwright::{Arguments, Context, HandWritten, Output, Server, ToolError, Toolset};

use crate::fixture::{API, nowhere, object};
use crate::mcp::{Client, ERAS, Era, Told, connect, refused, serving};

async fn work(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    let client = context.conversation();
    client.progress(1.0, Some(2.0), Some("half way")).await;
    client.log(LoggingLevel::Debug, None, json!("details")).await;
    client.log(LoggingLevel::Warning, Some("work"), json!({ "left": 1 })).await;
    client.log(LoggingLevel::Error, None, json!("broken")).await;
    client.progress(2.0, None, None).await;
    Ok(Output::text("done"))
}

fn tool() -> HandWritten {
    HandWritten::new("work", "Works.", work)
}

/// What the client is told during a call. A client of the stateless era says in it which log messages it wants.
async fn told(client: &mut Client, level: Option<LoggingLevel>) -> Vec<Told> {
    let mut request = CallToolRequestParams::new("work");
    if let Some(level) = level {
        let mut meta = RequestMetaObject::new();
        meta.set_log_level(level);
        request.meta = Some(meta);
    }
    client.service.call_tool(request).await.unwrap();
    client.heard()
}

/// The levels of the log messages that a call sends.
async fn levels(client: &mut Client, level: Option<LoggingLevel>) -> Vec<String> {
    let heard = told(client, level).await.into_iter();
    heard.filter_map(|told| if let Told::Log(level, _) = told { Some(level) } else { None }).collect()
}

#[tokio::test]
async fn progress_reaches_the_client_in_both_eras() {
    for era in ERAS {
        let mut client = connect(serving(tool()), era).await;
        let expected =
            [Told::Progress(1.0, Some(2.0), Some("half way".to_owned())), Told::Progress(2.0, None, None)];
        assert_eq!(told(&mut client, None).await, expected, "{era:?}");
    }
}

#[tokio::test]
async fn a_server_without_logging_sends_no_log_message_and_takes_no_level() {
    let mut client = connect(serving(tool()), Era::Handshake).await;
    assert_eq!(levels(&mut client, None).await, [""; 0]);
    let refusal = refused(client.service.set_level(SetLevelRequestParams::new(LoggingLevel::Debug)).await);
    assert_eq!(refusal, (-32601, "this server has no method `logging/setLevel`".to_owned()));
    let mut client = connect(serving(tool()), Era::Stateless).await;
    assert_eq!(levels(&mut client, Some(LoggingLevel::Debug)).await, [""; 0]);
}

#[tokio::test]
async fn a_client_of_the_handshake_era_chooses_its_level_once() {
    let mut client = connect(serving(tool()).with_logging(), Era::Handshake).await;
    assert_eq!(levels(&mut client, None).await, ["warning", "error"]);
    client.service.set_level(SetLevelRequestParams::new(LoggingLevel::Error)).await.unwrap();
    assert_eq!(levels(&mut client, None).await, ["error"]);
    client.service.set_level(SetLevelRequestParams::new(LoggingLevel::Debug)).await.unwrap();
    assert_eq!(levels(&mut client, None).await, ["debug", "warning", "error"]);
}

#[tokio::test]
async fn one_clients_level_is_not_anothers() {
    let server = serving(tool()).with_logging();
    let first = connect(server.clone(), Era::Handshake).await;
    first.service.set_level(SetLevelRequestParams::new(LoggingLevel::Emergency)).await.unwrap();
    let mut second = connect(server.clone(), Era::Handshake).await;
    assert_eq!(levels(&mut second, None).await, ["warning", "error"]);
}

#[tokio::test]
async fn a_client_of_the_stateless_era_chooses_its_level_in_each_request() {
    let mut client = connect(serving(tool()).with_logging(), Era::Stateless).await;
    assert_eq!(levels(&mut client, None).await, [""; 0]);
    assert_eq!(levels(&mut client, Some(LoggingLevel::Error)).await, ["error"]);
    assert_eq!(levels(&mut client, None).await, [""; 0]);
}

#[tokio::test]
async fn a_log_message_says_who_and_what() {
    let mut client = connect(serving(tool()).with_logging(), Era::Handshake).await;
    assert!(told(&mut client, None).await.contains(&Told::Log("warning".to_owned(), json!({ "left": 1 }))));
}

#[tokio::test]
async fn a_client_that_takes_a_single_answer_is_sent_nothing_before_it() {
    for era in ERAS {
        let toolset = Toolset::builder(&API).tool(tool()).build().unwrap();
        let server = Server::new(toolset, nowhere().with_notifications(false)).with_logging();
        let mut client = connect(server, era).await;
        assert_eq!(told(&mut client, Some(LoggingLevel::Debug)).await, [], "{era:?}");
    }
}

#[tokio::test]
async fn nobody_hears_a_tool_that_is_called_in_process() {
    let toolset = Toolset::builder(&API).tool(tool()).build().unwrap();
    let output = toolset.call("work", object(json!({})), &nowhere()).await.unwrap();
    assert_eq!(output.content[0].as_text().unwrap().text, "done");
}
