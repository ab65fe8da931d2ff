//! The prompts that the scenarios get.

use serde_json::{Value, json};
use toolwright::conversation::Elicited;
use toolwright::model::{ContentBlock, PromptMessage, Role};
use toolwright::{Context, HandWrittenPrompt, PromptRequest, ToolError, Toolset};

use crate::media::PNG;

type Messages = Result<Vec<PromptMessage>, ToolError>;

pub(crate) fn all() -> Vec<HandWrittenPrompt> {
    vec![
        HandWrittenPrompt::new("test_simple_prompt", "A text.", simple),
        HandWrittenPrompt::new("test_prompt_with_arguments", "A text with two arguments.", with_arguments)
            .argument("arg1", "First test argument", true)
            .argument("arg2", "Second test argument", true)
            .complete("arg1", async |_, _, _| {
                Ok(["paris", "park", "test-value"].map(str::to_owned).to_vec())
            }),
        HandWrittenPrompt::new(
            "test_prompt_with_embedded_resource",
            "A text about a resource.",
            with_resource,
        )
        .argument("resourceUri", "URI of the resource to embed", true),
        HandWrittenPrompt::new("test_prompt_with_image", "A text about an image.", with_image),
        HandWrittenPrompt::new(
            "test_input_required_result_prompt",
            "Asks for a context first.",
            with_question,
        ),
    ]
}

fn text(text: impl Into<String>) -> PromptMessage {
    PromptMessage::new_text(Role::User, text)
}

async fn simple(_: PromptRequest, _: Context, _: Toolset) -> Messages {
    Ok(vec![text("This is a simple prompt for testing.")])
}

async fn with_arguments(request: PromptRequest, _: Context, _: Toolset) -> Messages {
    let argument = |name: &str| request.arguments.get(name).map_or("", String::as_str);
    Ok(vec![text(format!("Prompt with arguments: arg1='{}', arg2='{}'", argument("arg1"), argument("arg2")))])
}

async fn with_resource(request: PromptRequest, _: Context, _: Toolset) -> Messages {
    let uri = request.arguments.get("resourceUri").cloned().unwrap_or_default();
    let resource = ContentBlock::embedded_text(uri, "Embedded resource content for testing.");
    Ok(vec![PromptMessage::new(Role::User, resource), text("Please process the embedded resource above.")])
}

async fn with_image(_: PromptRequest, _: Context, _: Toolset) -> Messages {
    let image = ContentBlock::image(PNG, "image/png");
    Ok(vec![PromptMessage::new(Role::User, image), text("Please analyze the image above.")])
}

async fn with_question(_: PromptRequest, context: Context, _: Toolset) -> Messages {
    let form = json!({
        "type": "object",
        "properties": { "context": { "type": "string" } },
        "required": ["context"],
    });
    let message = "What context should the prompt use?";
    let about = match context.conversation().elicit("user_context", message, &form).await? {
        Elicited::Accepted(fields) => {
            fields.get("context").and_then(Value::as_str).unwrap_or_default().to_owned()
        }
        Elicited::Declined | Elicited::Cancelled => "anything".to_owned(),
    };
    Ok(vec![text(format!("Write about {about}."))])
}
