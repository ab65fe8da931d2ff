//! An API that makes calls wait until it is ready, and says so when it is asked how it is.

use std::time::Duration;

use rmcp::model::CallToolRequestParams;
use serde_json::{Map, Value, json};
use toolwright::toolset::Readiness;
use toolwright::{Arguments, CallError, Context, ErrorKind, HandWritten, Output, Server, ToolError, Toolset};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::fixture::object;
use crate::mcp::{Client, ERAS, Told, connect};
use crate::surface::everything;

const OBSTACLE: &str = "The shop is closed: come back at nine.";

fn toolset() -> Toolset {
    let obstacle = |status: &Value| (status["open"] == false).then(|| OBSTACLE.to_owned());
    everything().readiness(Readiness { tool: "see_orders", obstacle }).build().unwrap()
}

/// An API that never says how many are in stock, but whether it is open.
async fn api(status: ResponseTemplate) -> (MockServer, Context) {
    let api = MockServer::start().await;
    let late = ResponseTemplate::new(204).set_delay(Duration::from_mins(1));
    Mock::given(path("/stock")).respond_with(late).mount(&api).await;
    Mock::given(path("/orders")).respond_with(status).mount(&api).await;
    let context = crate::fixture::context(&api.uri());
    (api, context)
}

async fn timed_out(context: &Context) -> String {
    let failed = toolset().call("count_stock", object(json!({})), context).await;
    let Err(CallError::Tool(error)) = failed else { panic!("{failed:?}") };
    assert_eq!(error.kind, ErrorKind::Timeout);
    error.message.clone()
}

#[tokio::test]
async fn a_time_out_begins_with_what_keeps_the_api_from_answering() {
    let (_api, context) = api(ResponseTemplate::new(200).set_body_json(json!({ "open": false }))).await;
    let message = timed_out(&context).await;
    assert_eq!(message, format!("{OBSTACLE} No complete answer came within 1s. It is safe to try again"));
}

#[tokio::test]
async fn a_time_out_of_a_part_is_explained_once() {
    let (_api, context) = api(ResponseTemplate::new(200).set_body_json(json!({ "open": false }))).await;
    let obstacle = |status: &Value| (status["open"] == false).then(|| OBSTACLE.to_owned());
    let toolset = everything()
        .readiness(Readiness { tool: "see_orders", obstacle })
        .tool(HandWritten::new("take_stock", "Counts.", take_stock))
        .build()
        .unwrap();
    let failed = toolset.call("take_stock", Map::new(), &context).await;
    let Err(CallError::Tool(error)) = failed else { panic!("{failed:?}") };
    assert_eq!(error.message.matches(OBSTACLE).count(), 1, "{}", error.message);
}

async fn take_stock(_: Arguments, context: Context, toolset: Toolset) -> Result<Output, ToolError> {
    match toolset.call_part("count_stock", Map::new(), &context).await {
        Ok(output) => Ok(output),
        Err(CallError::Tool(error)) => Err(error),
        Err(unknown) => panic!("{unknown}"),
    }
}

#[tokio::test]
async fn without_an_obstacle_a_time_out_is_as_always() {
    for status in [
        ResponseTemplate::new(200).set_body_json(json!({ "open": true })),
        ResponseTemplate::new(500),
        ResponseTemplate::new(200).set_delay(Duration::from_mins(1)),
    ] {
        let (_api, context) = api(status).await;
        let message = timed_out(&context).await;
        assert!(message.starts_with("no complete answer came"), "{message}");
    }
}

#[tokio::test]
async fn progress_tells_the_obstacle_too() {
    for era in ERAS {
        let (_api, context) = api(ResponseTemplate::new(200).set_body_json(json!({ "open": false }))).await;
        let server = Server::new(toolset(), context).with_heartbeat(Duration::from_millis(100));
        let mut client: Client = connect(server, era).await;
        client.service.call_tool(CallToolRequestParams::new("count_stock")).await.unwrap();
        let told = client.heard();
        let tells =
            |told: &Told| matches!(told, Told::Progress(_, _, Some(message)) if message.ends_with(OBSTACLE));
        assert!(told.iter().any(tells), "{told:?}");
    }
}
