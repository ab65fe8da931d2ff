//! Tools that ask a client of the handshake era. Nothing in them is of an era.
#![expect(deprecated, reason = "the suite tests sampling, which the newest protocol discourages")]

use serde_json::{Value, json};
use toolwright::conversation::Elicited;
use toolwright::model::{CreateMessageRequestParams, CreateMessageResult, SamplingMessage};
use toolwright::{Arguments, Context, HandWritten, Output, ToolError, Toolset};

pub(super) fn all() -> Vec<HandWritten> {
    vec![
        HandWritten::new("test_sampling", "Passes a prompt to the client's model.", sampling)
            .input_schema(one_text("prompt")),
        HandWritten::new("test_elicitation", "Asks the user for a name and an address.", elicitation)
            .input_schema(one_text("message")),
        HandWritten::new("test_elicitation_sep1034_defaults", "Asks with defaults filled in.", defaults),
        HandWritten::new("test_elicitation_sep1330_enums", "Asks for choices of every sort.", choices),
    ]
}

fn one_text(name: &str) -> Value {
    json!({
        "type": "object",
        "properties": { name: { "type": "string" } },
        "required": [name],
        "additionalProperties": false,
    })
}

async fn sampling(mut arguments: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    let prompt: String = arguments.take("prompt")?;
    let request = CreateMessageRequestParams::new(vec![SamplingMessage::user_text(prompt)], 100);
    let answer = context.conversation().sample("answer", request).await?;
    Ok(Output::text(format!("LLM response: {}", text_of(&answer))))
}

async fn elicitation(mut arguments: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    let message: String = arguments.take("message")?;
    let form = json!({
        "type": "object",
        "properties": {
            "username": { "type": "string", "description": "User's response" },
            "email": { "type": "string", "description": "User's email address" },
        },
        "required": ["username", "email"],
    });
    let answer = context.conversation().elicit("user", &message, &form).await?;
    Ok(Output::text(format!("User response: {}", outcome(answer))))
}

async fn defaults(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    let form = json!({
        "type": "object",
        "properties": {
            "name": { "type": "string", "default": "John Doe" },
            "age": { "type": "integer", "default": 30 },
            "score": { "type": "number", "default": 95.5 },
            "status": { "type": "string", "enum": ["active", "inactive", "pending"], "default": "active" },
            "verified": { "type": "boolean", "default": true },
        },
    });
    let answer = context.conversation().elicit("profile", "Please check your profile.", &form).await?;
    Ok(Output::text(format!("Elicitation completed: {}", outcome(answer))))
}

async fn choices(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    let options = ["option1", "option2", "option3"];
    let titled = |title: &str| {
        let named = [("value1", "First"), ("value2", "Second"), ("value3", "Third")];
        named.map(|(value, ordinal)| json!({ "const": value, "title": format!("{ordinal} {title}") }))
    };
    let form = json!({
        "type": "object",
        "properties": {
            "untitledSingle": { "type": "string", "enum": options },
            "titledSingle": { "type": "string", "oneOf": titled("Option") },
            "legacyEnum": {
                "type": "string",
                "enum": ["opt1", "opt2", "opt3"],
                "enumNames": ["Option One", "Option Two", "Option Three"],
            },
            "untitledMulti": { "type": "array", "items": { "type": "string", "enum": options } },
            "titledMulti": { "type": "array", "items": { "anyOf": titled("Choice") } },
        },
    });
    let answer = context.conversation().elicit("choices", "Please choose.", &form).await?;
    Ok(Output::text(format!("Elicitation completed: {}", outcome(answer))))
}

fn outcome(answer: Elicited) -> String {
    let (action, content) = match answer {
        Elicited::Accepted(fields) => ("accept", Value::Object(fields)),
        Elicited::Declined => ("decline", Value::Null),
        Elicited::Cancelled => ("cancel", Value::Null),
    };
    format!("action={action}, content={content}")
}

/// The first text of what a model said.
pub(super) fn text_of(answer: &CreateMessageResult) -> &str {
    answer.message.content.first().and_then(|block| block.as_text()).map_or("", |text| text.text.as_str())
}
