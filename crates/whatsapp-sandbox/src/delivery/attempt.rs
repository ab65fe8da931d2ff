//! One attempt to deliver.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};

use super::queue::Delivery;
use super::retry::Outcome;
use super::signature;
use crate::access::webhook::Webhook;
use crate::clock::Timestamp;
use crate::egress::Egress;

/// Sends a delivery once and says how it ended.
pub(super) async fn make(
    egress: Egress,
    webhook: Webhook,
    delivery: Delivery,
    now: Timestamp,
    timeout: Duration,
) -> Outcome {
    if webhook.down {
        return Outcome::Unreachable("the sandbox plays the target as unreachable".to_owned());
    }
    let headers = headers(&webhook, &delivery, now);
    let url = &webhook.registration.url;
    match egress.post(url, headers, Bytes::from(delivery.body), timeout).await {
        Ok(answered) => Outcome::Answered { status: answered.status, retry_after: answered.retry_after },
        Err(error) if error.is_refusal() => Outcome::Refused(error.to_string()),
        Err(error) => Outcome::Unreachable(error.to_string()),
    }
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
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers
}
