//! A small client of Kirim's API.

use std::time::{Duration, SystemTime};

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use whatsapp_sandbox::{KIRIM_KEY, OTHER_KIRIM_KEY, Sandbox, SandboxBuilder};

use crate::api::{Answer, answer, eventually, fast, http};

/// The number of the demo organisation, and its phone number.
pub(super) const NUMBER: &str = "106540352242922";
pub(super) const SUPPORT: &str = "+5511999990001";
/// The number of the other organisation.
pub(super) const OTHER_NUMBER: &str = "106540352242923";
pub(super) const SALES: &str = "+5511999990002";
pub(super) const ANA: &str = "+5511988880001";
pub(super) const BRUNO: &str = "+5521977770002";
pub(super) const ECHO: &str = "+12025550199";

/// A sandbox, and a client with the key of one organisation.
pub(super) struct Kirim {
    pub(super) sandbox: Sandbox,
    http: reqwest::Client,
}

/// One organisation's view.
#[derive(Clone, Copy)]
pub(super) struct As<'k> {
    kirim: &'k Kirim,
    key: &'k str,
}

/// Where the clock of a test stands: 1,800,000,000 seconds after 1970.
pub(super) fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_hours(500_000)
}

pub(super) async fn start() -> Kirim {
    Kirim::new(fast()).await
}

impl Kirim {
    pub(super) async fn new(builder: SandboxBuilder) -> Self {
        Self { sandbox: builder.start().await.unwrap(), http: http() }
    }

    /// As the demo organisation.
    pub(super) fn acme(&self) -> As<'_> {
        As { kirim: self, key: KIRIM_KEY }
    }

    /// As the other organisation.
    pub(super) fn toko(&self) -> As<'_> {
        As { kirim: self, key: OTHER_KIRIM_KEY }
    }

    pub(super) fn with_key<'k>(&'k self, key: &'k str) -> As<'k> {
        As { kirim: self, key }
    }

    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.sandbox.kirim_url()))
    }

    /// A path below the demo number.
    pub(super) fn at(rest: &str) -> String {
        format!("/v1/{NUMBER}/{rest}")
    }

    pub(super) async fn pass(&self, seconds: u64) {
        self.sandbox.advance(Duration::from_secs(seconds)).await.unwrap();
    }
}

impl As<'_> {
    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.kirim.request(method, path).bearer_auth(self.key)
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path)).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        answer(self.request(Method::POST, path).json(&body)).await
    }

    pub(super) async fn patch(&self, path: &str, body: Value) -> Answer {
        answer(self.request(Method::PATCH, path).json(&body)).await
    }

    pub(super) async fn delete(&self, path: &str) -> Answer {
        answer(self.request(Method::DELETE, path)).await
    }

    /// Sends from the demo number, and gives the id.
    pub(super) async fn send(&self, body: Value) -> String {
        let sent = self.post(&Kirim::at("messages"), body).await.ok();
        assert_eq!(sent["data"]["status"], "pending", "{sent}");
        sent["data"]["id"].as_str().unwrap().to_owned()
    }

    /// A message, once it has this status.
    pub(super) async fn reaches(&self, id: &str, status: &str) -> Value {
        let path = Kirim::at(&format!("messages/{id}"));
        eventually(&format!("{id} to be {status}"), || async {
            let message = self.get(&path).await.ok()["data"].clone();
            (message["status"] == status).then_some(message)
        })
        .await
    }

    /// The conversation of the demo number with this person, once there is one that is as one looks for.
    pub(super) async fn conversation(&self, phone: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        eventually(&format!("the conversation with {phone}"), || async {
            let list = self.get(&Kirim::at("conversations?limit=100")).await.ok();
            let mut found = list["data"].as_array().unwrap().clone().into_iter();
            found.find(|it| it["contact"]["phone_number"] == *phone && is_it(it))
        })
        .await
    }
}

/// The body of a text.
pub(super) fn text(to: &str, text: &str) -> Value {
    json!({ "messaging_product": "whatsapp", "to": to, "type": "text", "text": { "body": text } })
}

/// The body of a template that needs two texts.
pub(super) fn template(to: &str) -> Value {
    let parameters = json!([{ "type": "text", "text": "Ana" }, { "type": "text", "text": "A-17" }]);
    json!({
        "messaging_product": "whatsapp", "to": to, "type": "template",
        "template": {
            "name": "order_shipped", "language": { "code": "en_US" },
            "components": [{ "type": "body", "parameters": parameters }],
        },
    })
}

/// The error of an answer with this status and this code.
#[track_caller]
pub(super) fn error(answer: Answer, status: u16, code: &str) -> Value {
    let body = answer.is(status);
    assert_eq!(body["error"]["code"], code, "{body}");
    assert_eq!(body["simulated"], true, "{body}");
    body["error"].clone()
}
