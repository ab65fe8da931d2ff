//! Tools that tell the client something while they work.
#![expect(deprecated, reason = "the suite tests log messages, which the newest protocol discourages")]

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;
use toolwright::model::LoggingLevel;
use toolwright::{Arguments, Context, HandWritten, Output, ToolError, Toolset};

const PAUSE: Duration = Duration::from_millis(50);

pub(super) fn all() -> Vec<HandWritten> {
    vec![
        HandWritten::new("test_tool_with_logging", "Sends three log messages.", logging),
        HandWritten::new("test_logging_tool", "Sends one log message.", one_message),
        HandWritten::new("test_tool_with_progress", "Reports its progress.", progress),
        HandWritten::new("test_reconnection", "Takes a while.", slow),
    ]
}

async fn logging(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    let client = context.conversation();
    client.log(LoggingLevel::Info, None, json!("Tool execution started")).await;
    sleep(PAUSE).await;
    client.log(LoggingLevel::Info, None, json!("Tool processing data")).await;
    sleep(PAUSE).await;
    client.log(LoggingLevel::Info, None, json!("Tool execution completed")).await;
    Ok(Output::text("Three log messages were sent."))
}

async fn one_message(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    context
        .conversation()
        .log(LoggingLevel::Info, Some("fixture"), json!({ "tool": "test_logging_tool" }))
        .await;
    Ok(Output::text("A log message was sent to whoever wants it."))
}

async fn progress(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    let client = context.conversation();
    client.progress(0.0, Some(100.0), Some("Begun")).await;
    sleep(PAUSE).await;
    client.progress(50.0, Some(100.0), None).await;
    sleep(PAUSE).await;
    client.progress(100.0, Some(100.0), Some("Done")).await;
    Ok(Output::text("All work is done."))
}

async fn slow(_: Arguments, _: Context, _: Toolset) -> Result<Output, ToolError> {
    sleep(PAUSE).await;
    Ok(Output::text("The result came on the stream on which it was asked for."))
}
