//! The REST API of whatsapp-mcp-api.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use whatsapp_sandbox::{SandboxBuilder, WHATSAPP_WEB_SESSION};

use crate::api::{self, Answer, Api, eventually, fast};

mod linking;
mod messages;
mod states;
mod wire;

/// The API of whatsapp-mcp-api in a sandbox, beside the others.
struct Web {
    api: Api,
}

impl Web {
    /// With the seeded account.
    async fn start() -> Self {
        Self::with(fast()).await
    }

    async fn with(builder: SandboxBuilder) -> Self {
        Self { api: Api::new(builder).await }
    }

    /// Nobody is linked.
    async fn alone() -> Self {
        Self::with(fast().seed(false)).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.api.request(method, &format!("/whatsapp-web{path}"))
    }

    async fn get(&self, path: &str) -> Answer {
        api::answer(self.request(Method::GET, path)).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        api::answer(self.request(Method::POST, path).json(&body)).await
    }

    async fn status(&self) -> Value {
        self.get("/api/status").await.ok()
    }

    /// The status, once the state is this one.
    async fn status_in(&self, state: &str) -> Value {
        eventually(&format!("the device to be {state}"), || async {
            let status = self.status().await;
            (status["state"] == state).then_some(status)
        })
        .await
    }

    async fn control(&self, what: &str, body: Value) -> Value {
        self.api.post(&format!("/_sandbox/sessions/{WHATSAPP_WEB_SESSION}/{what}"), body).await.ok()
    }
}

/// The sentence of a failure, which is a JSON-RPC error whatever was wrong.
#[track_caller]
fn failure(answer: Answer) -> String {
    let body = answer.is(500);
    let message = body["error"]["message"].as_str().unwrap().to_owned();
    assert_eq!(
        body,
        json!({ "jsonrpc": "2.0", "id": null, "error": { "code": -32_000, "message": message } })
    );
    message
}

/// A device that waits to be linked, for which no phone comes by itself.
async fn waiting() -> Web {
    let web = Web::with(fast().seed(false).sync_delay(Duration::from_millis(5))).await;
    assert_eq!(web.post("/api/auth/start", json!({})).await.ok()["state"], "qr");
    web
}
