//! One attempt to deliver.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};

use super::queue::Delivery;
use super::retry::Outcome;
use crate::access::webhook::Webhook;
use crate::egress::Egress;

/// Sends a delivery once and says how it ended.
pub(super) async fn make(
    egress: Egress,
    webhook: Webhook,
    delivery: Delivery,
    mut headers: HeaderMap,
    timeout: Duration,
) -> Outcome {
    if webhook.down {
        return Outcome::Unreachable("the sandbox plays the target as unreachable".to_owned());
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let url = &webhook.registration.url;
    match egress.post(url, headers, Bytes::from(delivery.body), timeout).await {
        Ok(answered) => Outcome::Answered { status: answered.status, retry_after: answered.retry_after },
        Err(error) if error.is_refusal() => Outcome::Refused(error.to_string()),
        Err(error) => Outcome::Unreachable(error.to_string()),
    }
}
