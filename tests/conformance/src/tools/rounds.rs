//! Tools that ask a client of the stateless era, some of them in several rounds. Nothing in them is of an era.
#![expect(deprecated, reason = "the suite tests sampling and roots, which the newest protocol discourages")]

use serde_json::{Value, json};
use toolwright::conversation::Elicited;
use toolwright::model::{CreateMessageRequestParams, SamplingMessage};
use toolwright::{Arguments, Context, Conversation, ErrorKind, HandWritten, Output, ToolError, Toolset};

use super::sessions::text_of;

pub(super) fn all() -> Vec<HandWritten> {
    vec![
        HandWritten::new("test_missing_capability", "Needs the client's model.", sampling),
        HandWritten::new("test_streaming_elicitation", "Asks for a name.", elicitation),
        HandWritten::new("test_input_required_result_elicitation", "Asks for a name.", elicitation),
        HandWritten::new("test_input_required_result_sampling", "Asks the client's model.", sampling),
        HandWritten::new("test_input_required_result_list_roots", "Asks for the folders.", list_roots),
        HandWritten::new("test_input_required_result_request_state", "Keeps a note.", request_state),
        HandWritten::new("test_input_required_result_tampered_state", "Keeps a note.", request_state),
        HandWritten::new("test_input_required_result_multiple_inputs", "Asks three at once.", at_once),
        HandWritten::new("test_input_required_result_multi_round", "Asks one after another.", one_by_one),
        HandWritten::new("test_input_required_result_capabilities", "Asks what it can.", what_is_possible),
    ]
}

/// Asks for one text, the only field of a form.
async fn text_field(
    client: &Conversation,
    key: &str,
    field: &str,
    message: &str,
) -> Result<String, ToolError> {
    let form =
        json!({ "type": "object", "properties": { field: { "type": "string" } }, "required": [field] });
    match client.elicit(key, message, &form).await? {
        Elicited::Accepted(fields) => {
            Ok(fields.get(field).and_then(Value::as_str).unwrap_or_default().to_owned())
        }
        Elicited::Declined | Elicited::Cancelled => {
            Err(ToolError::new(ErrorKind::Declined, format!("nobody said what `{field}` is")))
        }
    }
}

async fn modelled(client: &Conversation, key: &str, prompt: &str, tokens: u32) -> Result<String, ToolError> {
    let request = CreateMessageRequestParams::new(vec![SamplingMessage::user_text(prompt)], tokens);
    Ok(text_of(&client.sample(key, request).await?).to_owned())
}

async fn elicitation(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    let name = text_field(context.conversation(), "user_name", "name", "What is your name?").await?;
    Ok(Output::text(format!("Hello, {name}!")))
}

async fn sampling(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    let question = "What is the capital of France?";
    Ok(Output::text(modelled(context.conversation(), "capital_question", question, 100).await?))
}

async fn list_roots(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    let roots = context.conversation().list_roots("client_roots").await?;
    let uris: Vec<&str> = roots.iter().map(|root| root.uri.as_str()).collect();
    Ok(Output::text(format!("The client works in: {}", uris.join(", "))))
}

async fn request_state(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    let client = context.conversation();
    client.remember("note", &"kept")?;
    let form = json!({ "type": "object", "properties": { "ok": { "type": "boolean" } }, "required": ["ok"] });
    client.elicit("confirm", "Please confirm", &form).await?;
    let note: Option<String> = client.recall("note");
    Ok(Output::text(if note.as_deref() == Some("kept") { "state-ok" } else { "The note is lost." }))
}

async fn at_once(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    let client = context.conversation();
    let (name, greeting, roots) = tokio::join!(
        text_field(client, "user_name", "name", "What is your name?"),
        modelled(client, "greeting", "Generate a greeting", 50),
        client.list_roots("client_roots"),
    );
    Ok(Output::text(format!("{} {} works in {} folders.", greeting?, name?, roots?.len())))
}

async fn one_by_one(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    let client = context.conversation();
    let name = text_field(client, "step1", "name", "Step 1: What is your name?").await?;
    let color = text_field(client, "step2", "color", "Step 2: What is your favorite color?").await?;
    Ok(Output::text(format!("{name} likes {color}.")))
}

async fn what_is_possible(_: Arguments, context: Context, _: Toolset) -> Result<Output, ToolError> {
    let client = context.conversation();
    if client.can_elicit() {
        return Ok(Output::text(text_field(client, "user_name", "name", "What is your name?").await?));
    }
    if client.can_sample() {
        return Ok(Output::text(modelled(client, "greeting", "Generate a greeting", 50).await?));
    }
    Ok(Output::text("There is nothing that the client could be asked."))
}
