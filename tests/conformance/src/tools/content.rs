//! Results of every sort of content.

use serde_json::json;
use toolwright::model::{ContentBlock, ResourceContents};
use toolwright::{Arguments, Context, ErrorKind, HandWritten, Output, ToolError, Toolset};

use crate::media::{PNG, WAV};

pub(super) fn all() -> Vec<HandWritten> {
    vec![
        HandWritten::new("test_simple_text", "Returns a text.", simple_text),
        HandWritten::new("test_image_content", "Returns an image.", image),
        HandWritten::new("test_audio_content", "Returns a sound.", audio),
        HandWritten::new("test_embedded_resource", "Returns an embedded resource.", embedded_resource),
        HandWritten::new("test_multiple_content_types", "Returns a text, an image and a resource.", mixed),
        HandWritten::new("test_error_handling", "Always fails.", failure),
    ]
}

async fn simple_text(_: Arguments, _: Context, _: Toolset) -> Result<Output, ToolError> {
    Ok(Output::text("This is a simple text response for testing."))
}

async fn image(_: Arguments, _: Context, _: Toolset) -> Result<Output, ToolError> {
    Ok(Output::default().with_content(ContentBlock::image(PNG, "image/png")))
}

async fn audio(_: Arguments, _: Context, _: Toolset) -> Result<Output, ToolError> {
    Ok(Output::default().with_content(ContentBlock::audio(WAV, "audio/wav")))
}

async fn embedded_resource(_: Arguments, _: Context, _: Toolset) -> Result<Output, ToolError> {
    let text = "This is an embedded resource content.";
    Ok(Output::default().with_content(ContentBlock::embedded_text("test://embedded-resource", text)))
}

async fn mixed(_: Arguments, _: Context, _: Toolset) -> Result<Output, ToolError> {
    let json = json!({ "test": "data", "value": 123 }).to_string();
    let resource =
        ResourceContents::text(json, "test://mixed-content-resource").with_mime_type("application/json");
    Ok(Output::text("Multiple content types test:")
        .with_content(ContentBlock::image(PNG, "image/png"))
        .with_content(ContentBlock::resource(resource)))
}

async fn failure(_: Arguments, _: Context, _: Toolset) -> Result<Output, ToolError> {
    let message = "This tool intentionally returns an error for testing";
    Err(ToolError::new(ErrorKind::UpstreamError, message))
}
