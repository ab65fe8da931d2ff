//! The resources that the scenarios read.

use serde_json::json;
use toolwright::model::ResourceContents;
use toolwright::{Context, HandWrittenResource, ResourceRequest, ToolError, Toolset};

use crate::media::PNG;

type Contents = Result<Vec<ResourceContents>, ToolError>;

pub(crate) fn all() -> Vec<HandWrittenResource> {
    vec![
        HandWrittenResource::new("test://static-text", "static-text", static_text)
            .title("A text")
            .description("A text that never changes.")
            .mime_type("text/plain"),
        HandWrittenResource::new("test://static-binary", "static-binary", static_binary)
            .title("An image")
            .description("An image that never changes.")
            .mime_type("image/png"),
        HandWrittenResource::new("test://watched-resource", "watched-resource", watched)
            .title("A text to subscribe to")
            .mime_type("text/plain"),
        HandWrittenResource::new("test://template/{id}/data", "template-data", by_id)
            .title("Data by id")
            .description("The data of one id.")
            .mime_type("application/json")
            .complete("id", async |_, _, _| Ok(vec!["123".to_owned(), "456".to_owned()])),
    ]
}

async fn static_text(request: ResourceRequest, _: Context, _: Toolset) -> Contents {
    let text = "This is the content of the static text resource.";
    Ok(vec![ResourceContents::text(text, request.uri)])
}

async fn static_binary(request: ResourceRequest, _: Context, _: Toolset) -> Contents {
    Ok(vec![ResourceContents::blob(PNG, request.uri).with_mime_type("image/png")])
}

async fn watched(request: ResourceRequest, _: Context, _: Toolset) -> Contents {
    Ok(vec![ResourceContents::text("This resource can be watched.", request.uri)])
}

async fn by_id(request: ResourceRequest, _: Context, _: Toolset) -> Contents {
    let id = request.variables.get("id").cloned().unwrap_or_default();
    let data = json!({ "id": id, "templateTest": true, "data": format!("Data for ID: {id}") });
    Ok(vec![ResourceContents::text(data.to_string(), request.uri).with_mime_type("application/json")])
}
