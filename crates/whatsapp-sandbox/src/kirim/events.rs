//! What happens, in the words of Kirim's webhooks: Meta's JSON for messages and their status, and an envelope of Kirim's
//! own for what it has in its records.

use http::header::USER_AGENT;
use http::{HeaderMap, HeaderValue};
use serde_json::{Map, Value, json};

use super::number::{self, Number};
use super::record;
use super::record::message::{self, Record};
use crate::access::webhook::{Api, Owner, Webhook};
use crate::clock::Timestamp;
use crate::delivery::queue::Delivery;
use crate::delivery::{Dialect, Notice, signature};
use crate::network::event::{Event, Recorded};
use crate::network::{Change, Refusal, View};
use crate::store::Sql as _;

mod meta;

/// Kirim's way of telling.
pub(crate) const DIALECT: Dialect = Dialect {
    api: Api::Kirim,
    tell,
    notice_id: |change| format!("evt_{}", change.entropy().ulid(change.now)),
    delivery_id: |change| Some(format!("wbd_{}", change.entropy().ulid(change.now))),
    wrap,
    headers,
};

const RECEIVED: &str = "message.received";
const STATUS: &str = "message.status";
/// The events whose source is Kirim.
const OWN: [&str; 5] =
    ["message.created", "conversation.assigned", "conversation.closed", "contact.created", "contact.updated"];

/// One notice for each number that hears of the event.
fn tell(change: &Change<'_>, recorded: &Recorded) -> Result<Vec<Notice>, Refusal> {
    let view: &View<'_> = change;
    let mut notices = Vec::new();
    for observer in &recorded.observers {
        let Some(number) = number::of_account(view, *observer)? else { continue };
        if let Some((name, body)) = told(view, recorded, &number)? {
            notices.push(Notice {
                audience: Owner { api: Api::Kirim, tenant: number.organization },
                name,
                session: number.id,
                lane: None,
                at: recorded.at,
                body,
            });
        }
    }
    Ok(notices)
}

type Told = Option<(&'static str, Map<String, Value>)>;

fn told(view: &View<'_>, recorded: &Recorded, number: &Number) -> Result<Told, Refusal> {
    match &recorded.event {
        Event::MessageArrived { message, .. } if message.sender.account != number.account => {
            received(view, number, message::find(view, number, &message.id)?)
        }
        Event::Reaction { by, message_id, .. } if by.account != number.account => {
            let wire_id = record::reaction_id(message_id, by, recorded.at);
            received(view, number, message::find(view, number, &wire_id)?)
        }
        Event::Receipt { message_id, overall, .. } => {
            let Some(record) = message::find(view, number, message_id)? else { return Ok(None) };
            let status = record::status_word(*overall);
            Ok(Some((STATUS, meta::of_status(view, number, &record, status, recorded.at)?)))
        }
        Event::Record { companion, body, .. } if companion == record::NAME => {
            of_record(view, number, recorded, body)
        }
        _ => Ok(None),
    }
}

fn received(view: &View<'_>, number: &Number, record: Option<Record>) -> Result<Told, Refusal> {
    let Some(record) = record else { return Ok(None) };
    let sql = "SELECT push_name FROM account WHERE phone = ?1";
    let name: Option<String> = view.first(sql, (&record.phone,), |row| row.get(0))?;
    let message = meta::message(&record);
    let body = meta::of_message(view, number, &record.phone, &name.unwrap_or_default(), &message)?;
    Ok(Some((RECEIVED, body)))
}

fn of_record(view: &View<'_>, number: &Number, recorded: &Recorded, body: &Value) -> Result<Told, Refusal> {
    let name = body.get("type").and_then(Value::as_str).unwrap_or_default();
    let message = match body.get("message").and_then(Value::as_str) {
        // Its contact may have been deleted meanwhile.
        Some(id) => match message::get(view, number, id) {
            Ok(record) => Some(record),
            Err(Refusal::NoRecord(..)) => return Ok(None),
            Err(error) => return Err(error),
        },
        None => None,
    };
    if let (STATUS, Some(record)) = (name, &message) {
        return Ok(Some((STATUS, meta::of_status(view, number, record, "failed", recorded.at)?)));
    }
    let Some(name) = OWN.into_iter().find(|it| *it == name) else { return Ok(None) };
    let data = match message {
        Some(record) => json!({ "message": record.render(view, number, None)? }),
        None => body.get("data").cloned().unwrap_or_default(),
    };
    Ok(Some((name, Map::from_iter([("data".to_owned(), data)]))))
}

/// What comes from Meta is forwarded unchanged.
fn wrap(notice: &Notice, id: &str) -> Map<String, Value> {
    if !OWN.contains(&notice.name) {
        return notice.body.clone();
    }
    let mut body = Map::from_iter([
        ("id".to_owned(), id.into()),
        ("type".to_owned(), notice.name.into()),
        ("created_at".to_owned(), notice.at.to_string().into()),
        // As with every key that begins with `kdv_live_`, and there are no others.
        ("livemode".to_owned(), true.into()),
    ]);
    body.extend(notice.body.clone());
    body
}

/// The id by which a receiver knows a repeat: Meta's of the message, or that of the event.
pub(super) fn event_id(delivery: &Delivery) -> String {
    if OWN.contains(&delivery.event.as_str()) {
        return delivery.event_id.clone();
    }
    let body: Value = serde_json::from_slice(&delivery.body).unwrap_or_default();
    let news = &body["entry"][0]["changes"][0]["value"];
    let id = news["messages"][0]["id"].as_str().or_else(|| news["statuses"][0]["id"].as_str());
    id.unwrap_or(&delivery.event_id).to_owned()
}

fn headers(webhook: &Webhook, delivery: &Delivery, now: Timestamp) -> HeaderMap {
    let secrets = webhook.registration.secrets.iter().filter(|it| it.is_live(now));
    let secrets = secrets.filter_map(|it| it.text.as_deref());
    let source = if OWN.contains(&delivery.event.as_str()) { "kirim" } else { "meta" };
    let mut headers = HeaderMap::new();
    headers.insert(USER_AGENT, HeaderValue::from_static("Kirim-Webhook/1.0"));
    let mut set = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    set("x-sandbox", "simulated".to_owned());
    set("x-kirim-source", source.to_owned());
    set("x-kirim-event", delivery.event.clone());
    set("x-kirim-event-id", event_id(delivery));
    set("x-kirim-delivery-id", delivery.public_id.clone().unwrap_or_default());
    set("x-kirim-attempt", (delivery.attempts + 1).to_string());
    set("x-kirim-signature", signature::with_secrets(secrets, now, &delivery.body));
    headers
}
