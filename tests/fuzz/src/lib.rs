//! What both targets stand on: the Titan tools, in front of an API that answers at once without a network.

use std::sync::{Arc, OnceLock};

use futures_util::future::BoxFuture;
use tokio::runtime::{Builder, Runtime};
use toolwright::client::{Credential, Failure, Transport, Upstream};
use toolwright::Toolset;

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
    Credential::bearer("a-key-that-must-not-appear").expect("a key")
}

/// The text that no answer may contain.
pub const SECRET: &str = "a-key-that-must-not-appear";

pub fn toolset() -> &'static Toolset {
    static TOOLSET: OnceLock<Toolset> = OnceLock::new();
    TOOLSET.get_or_init(|| titan_mcp::toolset().expect("the tools are well-formed"))
}

pub fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Builder::new_current_thread().enable_all().build().expect("a runtime"))
}
