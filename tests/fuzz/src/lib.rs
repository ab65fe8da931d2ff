//! What both targets stand on: the Titan tools, in front of an API that answers at once without a network.

use std::sync::{Arc, OnceLock};

use futures_util::future::BoxFuture;
use tokio::runtime::{Builder, Runtime};
use toolwright::Toolset;
use toolwright::client::{Credential, Failure, Transport, Upstream};

/// Answers every request with an empty object.
#[derive(Debug)]
struct Answers;

impl Transport for Answers {
    fn send(&self, _: reqwest::Request) -> BoxFuture<'_, Result<reqwest::Response, Failure>> {
        let mut response = http::Response::new("{}");
        response.headers_mut().insert("content-type", http::HeaderValue::from_static("application/json"));
        Box::pin(async { Ok(response.into()) })
    }
}

pub fn upstream() -> Upstream {
    Upstream::builder("https://api.invalid").transport(Arc::new(Answers)).build().expect("a base URL")
}

pub fn credential() -> Credential {
    Credential::bearer(SECRET).expect("a key")
}

const SECRET: &str = "a-key-that-must-not-appear";

/// Whether an output has the key, which it can only have from the server: the fuzzer learns from comparisons, and may have
/// put the key into its input by itself.
pub fn tells_the_key(input: &[u8], output: &str) -> bool {
    let decoded = serde_json::from_slice::<serde_json::Value>(input).map(|value| value.to_string());
    let is_brought =
        String::from_utf8_lossy(input).contains(SECRET) || decoded.is_ok_and(|text| text.contains(SECRET));
    output.contains(SECRET) && !is_brought
}

pub fn toolset() -> &'static Toolset {
    static TOOLSET: OnceLock<Toolset> = OnceLock::new();
    TOOLSET.get_or_init(|| titan_mcp::toolset().expect("the tools are well-formed"))
}

pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Builder::new_current_thread().enable_all().build().expect("a runtime"))
}
