//! `get_conversation`: a conversation with its last messages, which the API gives in two answers.

use serde_json::{Map, Value, json};
use toolwright::catalog::Effect;
use toolwright::model::ContentBlock;
use toolwright::{Arguments, CallError, Context, ErrorKind, HandWritten, Output, ToolError, Toolset};

/// How many messages come where nothing is said.
const MESSAGES: u64 = 20;

/// The tool. Its name, and that it returns the last messages, are the product's; its arguments and the shape of its result
/// are inferred.
pub(crate) fn tool() -> HandWritten {
    HandWritten::new(
        "get_conversation",
        "Returns a conversation with its last messages, newest first, and what became of those that were sent: `status`, \
         and `error` where one failed.",
        get,
    )
    .title("Get conversation")
    .domain("essentials")
    .after("list_conversations")
    .effect(Effect::Read, true)
    .input_schema(json!({
        "type": "object",
        "properties": {
            "phone_number_id": {
                "type": "string", "pattern": r"^\d{6,20}$",
                "description": "Meta's id of your number; not the number itself."
            },
            "conversation_id": {
                "type": "string", "pattern": "^cnv_[0-9A-HJKMNP-TV-Z]{26}$",
                "description": "Conversation id."
            },
            "message_limit": {
                "type": "integer", "minimum": 1, "maximum": 100, "default": MESSAGES,
                "description": "How many messages."
            }
        },
        "required": ["phone_number_id", "conversation_id"],
        "additionalProperties": false
    }))
    .output_schema(json!({
        "type": "object",
        "properties": {
            "data": {
                "type": "object",
                "properties": {
                    "conversation": { "type": "object" },
                    "messages": { "type": "array", "items": { "type": "object" } }
                }
            },
            "has_more": { "type": "boolean" },
            "request_id": { "type": "string" },
            "messages_request_id": { "type": "string" }
        }
    }))
}

async fn get(mut arguments: Arguments, context: Context, toolset: Toolset) -> Result<Output, ToolError> {
    let number: String = arguments.take("phone_number_id")?;
    let conversation: String = arguments.take("conversation_id")?;
    let limit = arguments.take_optional("message_limit")?.unwrap_or(MESSAGES);
    let of_conversation = |mut more: Map<String, Value>| {
        more.insert("phone_number_id".to_owned(), number.clone().into());
        more.insert("conversation_id".to_owned(), conversation.clone().into());
        more
    };
    // One after the other: where there is no such conversation, its messages need not be asked for.
    let record = part("get_conversation_record", of_conversation(Map::new()), &context, &toolset).await?;
    let limit = Map::from_iter([("limit".to_owned(), limit.into())]);
    let messages = part("list_messages", of_conversation(limit), &context, &toolset).await?;
    Ok(together(&record, &messages, toolset.response_budget()))
}

/// The JSON of one of the two answers.
async fn part(
    tool: &str,
    arguments: Map<String, Value>,
    context: &Context,
    toolset: &Toolset,
) -> Result<Value, ToolError> {
    match toolset.call_part(tool, arguments, context).await {
        Ok(Output { raw: Some(answer), .. }) => Ok((*answer).clone()),
        Ok(_) => {
            Err(ToolError::new(ErrorKind::UpstreamError, format!("`{tool}` got an answer that is no JSON")))
        }
        Err(CallError::Tool(error)) => Err(error),
        Err(unknown) => Err(ToolError::new(ErrorKind::Internal, unknown.to_string())),
    }
}

/// One result of two answers, with as many of the newest messages as the budget holds.
fn together(record: &Value, messages: &Value, budget: usize) -> Output {
    let all: Vec<&Value> = messages["data"].as_array().into_iter().flatten().collect();
    let result = |count: usize| {
        let more = messages["has_more"].as_bool().unwrap_or(false) || count < all.len();
        json!({
            "data": { "conversation": record["data"], "messages": all.get(..count).unwrap_or_default() },
            "has_more": more,
            "request_id": record["request_id"],
            "messages_request_id": messages["request_id"],
        })
    };
    let mut size = result(0).to_string().len();
    let fits = |message: &&&Value| {
        size += message.to_string().len() + 1;
        size <= budget
    };
    let count = all.iter().take_while(fits).count();
    let output = Output::json(result(count));
    if count == all.len() {
        return output;
    }
    let left_out = all.len() - count;
    output.with_content(ContentBlock::text(format!(
        "Note: {left_out} older messages were left out, as they are more text than this server hands over at once."
    )))
}
