//! A small client, and a sandbox whose world moves fast.

use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use whatsapp_sandbox::{FULL_KEY, MAIN_SESSION, Sandbox, SandboxBuilder};

/// How long a test waits for what the simulated world does by itself.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const ANA: &str = "5511988880001@s.whatsapp.net";
pub(crate) const BRUNO: &str = "5521977770002@s.whatsapp.net";
pub(crate) const CARLA: &str = "351912345003@s.whatsapp.net";
pub(crate) const DIEGO: &str = "553188880004@s.whatsapp.net";
pub(crate) const ECHO: &str = "12025550199@s.whatsapp.net";
pub(crate) const SUPPORT: &str = "5511999990001@s.whatsapp.net";
pub(crate) const SALES: &str = "5511999990002@s.whatsapp.net";

/// A sandbox and a client with a key.
pub(crate) struct Api {
    pub(crate) sandbox: Sandbox,
    http: reqwest::Client,
    key: &'static str,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    /// Null if the body is no JSON.
    pub(crate) body: Value,
}

/// A sandbox in which everything takes a few milliseconds, and phones wait for the control route.
pub(crate) fn fast() -> SandboxBuilder {
    let moment = Duration::from_millis(5);
    Sandbox::builder()
        .auto_pair(None)
        .receipt_delay(moment)
        .echo_delay(moment)
        .connect_delay(moment)
        .sync_delay(Duration::ZERO)
}

/// A seeded sandbox and its full key.
pub(crate) async fn start() -> Api {
    Api::new(fast()).await
}

impl Api {
    pub(crate) async fn new(builder: SandboxBuilder) -> Self {
        Self { sandbox: builder.start().await.unwrap(), http: http(), key: FULL_KEY }
    }

    /// Goes on with another key.
    pub(crate) fn with_key(mut self, key: &'static str) -> Self {
        self.key = key;
        self
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[]).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body), &[]).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body), &[]).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, &[]).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&'static str, &str)],
    ) -> Answer {
        let mut request = self.request(method, path);
        if !self.key.is_empty() {
            request = request.bearer_auth(self.key);
        }
        for (name, value) in headers {
            request = request.header(*name, HeaderValue::from_str(value).unwrap());
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        answer(request).await
    }

    /// A request without a key.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.sandbox.url()))
    }

    /// Sends a text from a session; the message's id.
    pub(crate) async fn say(&self, session: &str, chat: &str, text: &str) -> String {
        let body = json!({ "session": session, "chatId": chat, "type": "text", "text": text });
        let answer = self.post("/api/messages/send", body).await.ok();
        answer["data"]["id"].as_str().unwrap().to_owned()
    }

    /// The chat as the session's account sees it, oldest first; empty while there is none.
    pub(crate) async fn transcript(&self, session: &str, chat: &str) -> Vec<Value> {
        let linked = self.get(&format!("/_sandbox/sessions/{session}")).await.ok();
        let Some(account) = linked["data"]["account"]["jid"].as_str() else { return Vec::new() };
        let path = format!("/_sandbox/accounts/{account}/chats/{chat}/messages?limit=100");
        self.get(&path).await.body["data"].as_array().cloned().unwrap_or_default()
    }

    /// A message of a chat, once it is there and `enough`.
    pub(crate) async fn message(
        &self,
        session: &str,
        chat: &str,
        what: &str,
        enough: impl Fn(&Value) -> bool,
    ) -> Value {
        eventually(what, || async {
            self.transcript(session, chat).await.into_iter().find(|message| enough(message))
        })
        .await
    }

    /// The session, once it has this status.
    pub(crate) async fn session_in(&self, session: &str, status: &str) -> Value {
        eventually(&format!("{session} to be {status}"), || async {
            let answer = self.get(&format!("/api/sessions/{session}")).await.ok();
            (answer["data"]["status"] == status).then(|| answer["data"].clone())
        })
        .await
    }

    /// A new session, linked to the phone with this number.
    pub(crate) async fn link(&self, session: &str, phone: &str) {
        self.post("/api/sessions", json!({ "name": session, "start": true })).await.is(201);
        let path = format!("/_sandbox/sessions/{session}/scan");
        self.post(&path, json!({ "phoneNumber": phone })).await.ok();
    }

    /// The main session, and a session `sales` linked to the other business account.
    pub(crate) async fn pair() -> Self {
        let api = start().await;
        api.link("sales", "+5511999990002").await;
        api
    }
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        self.is(200)
    }

    /// The body, if the status is this one.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }

    /// The sentence of an error with this status.
    #[track_caller]
    pub(crate) fn error(self, status: u16) -> String {
        let body = self.is(status);
        assert_eq!(body["simulated"], true, "{body}");
        body["error"].as_str().unwrap_or_else(|| panic!("no error in {body}")).to_owned()
    }
}

/// Sends a request and reads the answer.
pub(crate) async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = response.bytes().await.unwrap().to_vec();
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    Answer { status, headers, bytes, body }
}

/// Asks again and again until there is an answer.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, ask: impl Fn() -> F) -> T {
    let begin = Instant::now();
    loop {
        if let Some(value) = ask().await {
            return value;
        }
        assert!(begin.elapsed() < PATIENCE, "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The path of an operation on the main session.
pub(crate) fn main_path(rest: &str) -> String {
    format!("/api/sessions/{MAIN_SESSION}/{rest}")
}

pub(crate) fn http() -> reqwest::Client {
    // Every test asks for the provider; only the first to come installs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}
