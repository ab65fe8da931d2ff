//! How Titan's webhooks are told: the envelope of an event, and the headers of a delivery.

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value};

use crate::access::webhook::{Api, Webhook};
use crate::clock::Timestamp;
use crate::delivery::queue::Delivery;
use crate::delivery::{Dialect, Notice, signature};

/// Titan's way of telling.
pub(crate) const DIALECT: Dialect = Dialect {
    api: Api::Titan,
    tell: super::tell,
    notice_id: |change| format!("evt_{}", change.entropy().token()),
    delivery_id: |_| None,
    wrap,
    headers,
};

fn wrap(notice: &Notice, id: &str) -> Map<String, Value> {
    let mut body = Map::from_iter([
        ("id".to_owned(), id.into()),
        ("event".to_owned(), notice.name.into()),
        ("session".to_owned(), notice.session.as_str().into()),
        ("timestamp".to_owned(), notice.at.to_string().into()),
    ]);
    body.extend(notice.body.clone());
    body
}

/// The webhook's own headers, then ours.
fn headers(webhook: &Webhook, delivery: &Delivery, now: Timestamp) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for header in &webhook.registration.headers {
        // Both were checked when the webhook was registered.
        if let (Ok(name), Ok(value)) =
            (HeaderName::try_from(header.name.as_str()), HeaderValue::try_from(header.value.as_str()))
        {
            headers.append(name, value);
        }
    }
    let mut set = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    };
    set("x-sandbox", "simulated".to_owned());
    set("x-webhook-event", delivery.event.clone());
    set("x-webhook-event-id", delivery.event_id.clone());
    set("x-webhook-delivery-id", format!("dlv_{}", delivery.id));
    set("x-webhook-attempt", (delivery.attempts + 1).to_string());
    if let Some(key) = &webhook.registration.hmac_key {
        set("x-webhook-signature", signature::of_body(key, &delivery.body));
        set("x-webhook-signature-v2", signature::with_time(key, now, &delivery.body));
    }
    headers
}
