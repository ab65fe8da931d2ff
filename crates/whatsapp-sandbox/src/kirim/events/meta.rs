//! The JSON of Meta's webhooks, which Kirim forwards unchanged.

use serde_json::{Map, Value, json};

use crate::clock::Timestamp;
use crate::kirim::number::Number;
use crate::kirim::record::message::{Record, provider_id};
use crate::network::event::Recorded;
use crate::network::{Refusal, View};

/// A received message.
pub(super) fn message(record: &Record) -> Value {
    let field = |name: &str| record.fields.get(name).cloned().unwrap_or_default();
    let kind = record.kind.as_str();
    let content = match kind {
        "text" => json!({ "body": field("content") }),
        "location" => field("location"),
        "contacts" => contacts(&field("contacts")),
        "image" | "video" | "audio" | "document" => json!({
            "id": field("media_id"), "mime_type": field("mime_type"), "caption": field("caption"),
            "filename": field("filename"),
        }),
        _ => json!({}),
    };
    let mut message = json!({
        "from": record.phone,
        "id": provider_id(&record.wire_id),
        "timestamp": record.created_at.unix_seconds().to_string(),
        "type": kind,
    });
    message[kind] = present(content);
    message
}

fn contacts(cards: &Value) -> Value {
    let cards = cards.as_array().into_iter().flatten().map(|card| {
        json!({
            "name": { "formatted_name": card["name"] },
            "phones": [{ "phone": card["phone"], "wa_id": card["wa_id"] }],
        })
    });
    Value::Array(cards.collect())
}

/// What is null is left out.
fn present(value: Value) -> Value {
    match value {
        Value::Object(fields) => Value::Object(fields.into_iter().filter(|(_, it)| !it.is_null()).collect()),
        other => other,
    }
}

/// A reaction to the message with this id on the wire.
pub(super) fn reaction(from: &str, recorded: &Recorded, target: &str, emoji: Option<&str>) -> Value {
    json!({
        "from": from,
        "id": provider_id(&format!("reaction-{}", recorded.id)),
        "timestamp": recorded.at.unix_seconds().to_string(),
        "type": "reaction",
        "reaction": { "message_id": provider_id(target), "emoji": emoji.unwrap_or_default() },
    })
}

/// The body that brings a received message.
pub(super) fn of_message(
    view: &View<'_>,
    number: &Number,
    from: &str,
    name: &str,
    message: &Value,
) -> Result<Map<String, Value>, Refusal> {
    let contact = json!({ "profile": { "name": name }, "wa_id": from });
    envelope(view, number, json!({ "contacts": [contact], "messages": [message] }))
}

/// The body that brings the status of a sent message.
pub(super) fn of_status(
    view: &View<'_>,
    number: &Number,
    record: &Record,
    status: &str,
    at: Timestamp,
) -> Result<Map<String, Value>, Refusal> {
    let mut change = json!({
        "id": provider_id(&record.wire_id),
        "status": status,
        "timestamp": at.unix_seconds().to_string(),
        "recipient_id": record.phone,
    });
    if let Some(error) = record.error.as_ref().filter(|_| status == "failed") {
        let told = json!({
            "code": error["provider_code"], "title": error["code"], "message": error["message"],
        });
        change["errors"] = json!([told]);
    }
    envelope(view, number, json!({ "statuses": [change] }))
}

fn envelope(view: &View<'_>, number: &Number, news: Value) -> Result<Map<String, Value>, Refusal> {
    let mut value = json!({
        "messaging_product": "whatsapp",
        "metadata": {
            "display_phone_number": number.account(view)?.phone,
            "phone_number_id": number.id,
        },
    });
    if let (Some(value), Value::Object(news)) = (value.as_object_mut(), news) {
        value.extend(news);
    }
    let entry = json!({ "id": number.id, "changes": [{ "field": "messages", "value": value }] });
    Ok(Map::from_iter([
        ("object".to_owned(), "whatsapp_business_account".into()),
        ("entry".to_owned(), json!([entry])),
    ]))
}
