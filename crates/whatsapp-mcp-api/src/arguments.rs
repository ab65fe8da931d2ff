//! Arguments as the server reads them that this program stands in for: it looks at no schema, ignores what it does not
//! know, and says what is wrong in words of its own.

use serde_json::{Map, Number, Value, json};

use crate::rules::{MESSAGE, PHONE_NUMBER, is_phone_number};

#[cfg(test)]
mod tests;

/// The arguments that the tool takes, or what is wrong with them.
pub(crate) fn read(tool: &str, arguments: &Map<String, Value>) -> Result<Map<String, Value>, String> {
    let mut read = Map::new();
    match tool {
        "whatsapp_pairing_code" => {
            read.insert("phone_number".into(), phone(arguments)?);
        }
        "whatsapp_send_message" => {
            read.insert("phone_number".into(), phone(arguments)?);
            read.insert("message".into(), message(arguments)?);
        }
        "whatsapp_list_chats" => read.extend(limit(arguments)?),
        "whatsapp_read_messages" => {
            read.insert("phone_number".into(), phone(arguments)?);
            read.extend(limit(arguments)?);
        }
        _ => {}
    }
    Ok(read)
}

fn phone(arguments: &Map<String, Value>) -> Result<Value, String> {
    let text = match arguments.get("phone_number") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => written(number),
        _ => String::new(),
    };
    if is_phone_number(&text) { Ok(text.into()) } else { Err(PHONE_NUMBER.to_owned()) }
}

/// A number as JavaScript writes it: one without a fraction has no decimal point, however it came.
fn written(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => float.to_string(),
        _ => number.to_string(),
    }
}

fn message(arguments: &Map<String, Value>) -> Result<Value, String> {
    match arguments.get("message") {
        Some(Value::String(text)) if !text.is_empty() => Ok(json!(text)),
        _ => Err(MESSAGE.to_owned()),
    }
}

/// What JavaScript takes for false is as good as nothing.
fn limit(arguments: &Map<String, Value>) -> Result<Option<(String, Value)>, String> {
    let wrong = || "limit must be an integer between 1 and 100".to_owned();
    match arguments.get("limit") {
        None | Some(Value::Null | Value::Bool(false)) => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::Number(number)) => {
            let number = number.as_f64().ok_or_else(wrong)?;
            if number == 0.0 {
                return Ok(None);
            }
            let whole = (1_u32..=100).find(|it| f64::from(*it).total_cmp(&number).is_eq());
            whole.map(|whole| Some(("limit".to_owned(), json!(whole)))).ok_or_else(wrong)
        }
        Some(_) => Err(wrong()),
    }
}
