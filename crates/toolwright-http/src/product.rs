//! Where a server stands in for the MCP endpoint that a product has of its own: how that speaks to whoever has no key, and
//! what it tells of limits.
//!
//! It is for callers who bring a key of the API ([`Access::forward`](crate::access::Access::forward)). Set in
//! [`HttpConfig::product`](crate::HttpConfig::product), it adds this to the endpoint:
//!
//! - A key that is missing or has not the product's form is refused with 401 in the product's own words.
//! - Whether the API knows a key is asked of it at the key's first request, and again after a minute. A key that the API
//!   refuses is refused here, with 401 and the API's own answer. Where the API cannot be asked, or answers anything else, the
//!   request goes on: every call is the API's to judge all the same.
//! - Each response to a known key tells the limits of the API. Where the request made no call of its own, they are what the
//!   API last told this key, of the bucket for reading or for writing.

use serde_json::Value;

/// What a product's own endpoint does beyond MCP.
#[derive(Debug, Clone, Copy)]
pub struct Product {
    /// The path below the base URL that is asked, with GET, whether the API knows a key.
    pub key_check: &'static str,
    /// Whether a text has the form of a key. What has not is refused without asking.
    pub is_key: fn(&str) -> bool,
    /// The body of the refusal, given also the name of the request.
    pub refusal: fn(KeyProblem, &str) -> Value,
    /// A name for a request that came without one.
    pub request_id: fn() -> String,
}

/// What is wrong with the key of a request, as far as it can be told without asking the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyProblem {
    /// There is none.
    Missing,
    /// It has not the form of a key, or cannot be read.
    Malformed,
}
