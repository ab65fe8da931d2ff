//! The W3C trace context that a client sends in `_meta` goes on to the API.

use http::{HeaderName, HeaderValue};
use rmcp::model::RequestMetaObject;

use crate::Context;

/// Longer values are not passed on. The recommendation asks for at least 512 characters of `tracestate`, and limits
/// `baggage` to 8,192.
const MAX_LEN: usize = 8_192;

/// The caller, whose requests to the API continue the trace of this request, if it is part of one.
pub(super) fn continued(mut context: Context, meta: &RequestMetaObject) -> Context {
    let members = [
        ("traceparent", meta.get_traceparent()),
        ("tracestate", meta.get_tracestate()),
        ("baggage", meta.get_baggage()),
    ];
    for (name, value) in members {
        let value =
            value.filter(|value| value.len() <= MAX_LEN).and_then(|it| HeaderValue::from_str(it).ok());
        if let Some(value) = value {
            context = context.with_header(HeaderName::from_static(name), value);
        }
    }
    context
}
