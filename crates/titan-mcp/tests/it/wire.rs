//! What the tools send to the API, and what they make of its answers. The pairs are those that its documentation shows, with
//! values of our own; what is inferred is not among them.

use std::pin::Pin;
use std::sync::{Arc, Mutex};

use reqwest::{Request, Response};
use serde_json::{Value, json};
use titan_mcp::{CallError, Context, Credential, ToolError, Upstream};
use toolwright::client::{Failure, Transport};

const KEY: &str = "titan_obviously_made_up";

/// An API that gives one answer to everything, and keeps what it was asked.
#[derive(Debug)]
struct Api {
    status: u16,
    headers: &'static [(&'static str, &'static str)],
    answer: Value,
    asked: Mutex<Vec<Request>>,
}

impl Api {
    fn answering(status: u16, answer: &Value) -> Self {
        Self { status, headers: &[], answer: answer.clone(), asked: Mutex::default() }
    }

    /// What a tool makes of the answer to its request.
    async fn call(self: &Arc<Self>, tool: &str, arguments: &Value) -> Result<titan_mcp::Output, CallError> {
        let upstream =
            Upstream::builder("https://titan.example.com").max_retries(0).transport(self.clone()).build();
        let caller = Context::new(upstream.expect("an address"))
            .with_credential(Credential::bearer(KEY).expect("a credential"));
        let arguments = arguments.as_object().expect("an object").clone();
        titan_mcp::toolset().expect("a toolset").call(tool, arguments, &caller).await
    }
}

impl Transport for Api {
    fn send(&self, request: Request) -> Pin<Box<dyn Future<Output = Result<Response, Failure>> + Send + '_>> {
        self.asked.lock().expect("nobody panicked").push(request);
        let mut response =
            http::Response::builder().status(self.status).header("content-type", "application/json");
        for (name, value) in self.headers {
            response = response.header(*name, *value);
        }
        let response = response.body(self.answer.to_string()).expect("a response");
        Box::pin(std::future::ready(Ok(response.into())))
    }
}

#[tokio::test]
async fn each_call_is_sent_as_documented_and_its_answer_handed_over_whole() {
    let pairs: Vec<Value> =
        serde_json::from_str(include_str!("fixtures/documented.json")).expect("the fixtures are JSON");
    for pair in &pairs {
        let tool = pair["tool"].as_str().expect("a tool");
        let api = Arc::new(Api::answering(200, &pair["answer"]));
        let output = api.call(tool, &pair["arguments"]).await.expect("the answer is a success");
        assert_eq!(*output.raw.expect("JSON"), pair["answer"], "{tool}");
        let asked = api.asked.lock().expect("nobody panicked");
        let [request] = &asked[..] else { panic!("{tool}: {asked:?}") };
        let body = request.body().and_then(|body| body.as_bytes());
        let body: Value =
            body.map_or(Value::Null, |body| serde_json::from_slice(body).expect("the body is JSON"));
        let sent =
            json!({ "method": request.method().as_str(), "target": request.url().path(), "body": body });
        // The documentation writes `@` as `%40`, which means the same in a path.
        let documented = pair["request"].to_string().replace("%40", "@");
        assert_eq!(sent, serde_json::from_str::<Value>(&documented).expect("JSON"), "{tool}");
        assert_eq!(request.url().query(), None, "{tool}");
        assert_eq!(request.headers()["authorization"], format!("Bearer {KEY}"));
    }
}

/// What becomes of an answer with this status, and a sentence as its error.
async fn failure(status: u16, headers: &'static [(&'static str, &'static str)]) -> ToolError {
    let answer = json!({ "error": "as it says", "docs": "https://docs.example.com/page" });
    let api = Arc::new(Api { headers, ..Api::answering(status, &answer) });
    let message =
        json!({ "session": "sales", "chatId": "5511988888888@s.whatsapp.net", "type": "text", "text": "Hi" });
    match api.call("messages_send", &message).await {
        Err(CallError::Tool(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_documented_errors_keep_their_words() {
    let kinds = [
        (400, "invalid_arguments"),
        (401, "unauthenticated"),
        (403, "insufficient_scope"),
        (404, "not_found"),
        (409, "conflict"),
        (429, "rate_limited"),
        (500, "upstream_error"),
        (502, "upstream_unavailable"),
        (503, "upstream_unavailable"),
    ];
    for (status, kind) in kinds {
        let error = failure(status, &[]).await;
        assert_eq!((error.kind.as_str(), error.status), (kind, Some(status)), "{error}");
        assert!(error.message.contains("as it says"), "{error}");
        assert_eq!(error.docs.as_deref(), Some("https://docs.example.com/page"));
    }
    let limited = failure(429, &[("retry-after", "12")]).await;
    assert_eq!(limited.retry_after_s, Some(12));
}
