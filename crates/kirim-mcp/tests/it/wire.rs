//! What the tools send to the API, and what they make of its answers: the pairs that its documentation shows.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, Response, Uri};
use serde_json::{Value, json};
use toolwright::Context;
use toolwright::client::{Credential, Upstream};

/// An API that gives the answers that it is told, in their order, and keeps what it was asked.
pub(crate) struct Api {
    pub(crate) url: String,
    state: Arc<Recorded>,
}

struct Recorded {
    answers: Mutex<VecDeque<(u16, Value)>>,
    requests: Mutex<Vec<Request>>,
}

/// One request, as it came.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Api {
    pub(crate) async fn answering(answers: Vec<(u16, Value)>) -> Self {
        let state = Arc::new(Recorded { answers: Mutex::new(answers.into()), requests: Mutex::default() });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let routes = Router::new().fallback(answer).with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, state }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.state.requests.lock().unwrap().clone()
    }
}

async fn answer(
    State(state): State<Arc<Recorded>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    state.requests.lock().unwrap().push(Request { method, target: uri.to_string(), headers, body });
    let (status, body) = state.answers.lock().unwrap().pop_front().expect("a request too many");
    Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

/// A call, what the API is sent, and what it answers.
struct Pair {
    tool: &'static str,
    arguments: Value,
    target: &'static str,
    body: Value,
    answer: Value,
}

fn sent() -> Value {
    json!({ "data": { "id": "msg_01HXYZABCDEFGHJKMNPQRSTVWX", "object": "message", "status": "pending" }, "request_id": "req_01HXZ0ABCDEFGHJKMNPQRSTVWX" })
}

fn page(item: Value) -> Value {
    let request_id = "req_01HXZ0ABCDEFGHJKMNPQRSTVWX";
    let mut page = json!({ "has_more": false, "next_cursor": null, "request_id": request_id });
    page["data"] = Value::Array(vec![item]);
    page
}

/// A message of one kind, and its body on the wire.
fn message(kind: &'static str, content: Value) -> Pair {
    let to = "+6281234567890";
    let mut arguments = json!({ "phone_number_id": "106540352242922", "to": to, "type": kind });
    let mut body = json!({ "messaging_product": "whatsapp", "to": to, "type": kind });
    arguments[kind] = content.clone();
    body[kind] = content;
    Pair { tool: "send_message", arguments, target: "/v1/106540352242922/messages", body, answer: sent() }
}

fn read(tool: &'static str, arguments: Value, target: &'static str, item: Value) -> Pair {
    Pair { tool, arguments, target, body: Value::Null, answer: page(item) }
}

fn pairs() -> Vec<Pair> {
    let number = "106540352242922";
    vec![
        message("text", json!({ "body": "Halo, pesanan Anda sudah dikirim.", "preview_url": true })),
        message("image", json!({ "link": "https://example.com/a.jpg", "caption": "Foto" })),
        message("video", json!({ "id": "1037543291543636" })),
        message("audio", json!({ "link": "https://example.com/a.ogg" })),
        message("document", json!({ "link": "https://example.com/a.pdf", "filename": "faktur.pdf" })),
        message(
            "template",
            json!({
                "name": "order_update", "language": "id",
                "components": [{ "type": "body", "parameters": [{ "type": "text", "text": "A-17" }] }]
            }),
        ),
        message(
            "interactive",
            json!({
                "type": "cta_url", "body": { "text": "Lacak pesanan" },
                "action": {
                    "name": "cta_url", "parameters": { "display_text": "Lacak", "url": "https://example.com/t" }
                }
            }),
        ),
        message(
            "interactive",
            json!({
                "type": "list", "body": { "text": "Pilih" },
                "action": { "button": "Buka", "sections": [{ "rows": [{ "id": "a", "title": "A" }] }] }
            }),
        ),
        read(
            "list_phone_numbers",
            json!({ "status": "all" }),
            "/v1/accounts?status=all",
            json!({
                "object": "account", "phone_number_id": number, "phone_number": "+6281100000000",
                "name": "Toko", "status": "connected"
            }),
        ),
        read(
            "list_conversations",
            json!({ "phone_number_id": number, "status": "open", "limit": 10 }),
            "/v1/106540352242922/conversations?limit=10&status=open",
            json!({ "id": "cnv_01HXYZABCDEFGHJKMNPQRSTVWX", "object": "conversation", "status": "open" }),
        ),
        read(
            "search_contacts",
            json!({ "phone_number_id": number, "phone": "+6281234567890" }),
            "/v1/106540352242922/contacts?phone=%2B6281234567890",
            json!({ "id": "ctc_01HXYZABCDEFGHJKMNPQRSTVWX", "object": "contact", "name": "Budi" }),
        ),
        read(
            "list_templates",
            json!({ "phone_number_id": number, "status": "approved", "language": "id" }),
            "/v1/106540352242922/templates?language=id&status=approved",
            json!({ "id": "tmpl_01HXYZABCDEFGHJKMNPQRSTVWX", "name": "order_update", "language": "id" }),
        ),
    ]
}

#[tokio::test]
async fn each_call_is_sent_as_documented_and_its_answer_handed_over_whole() {
    const KEY: &str = "kdv_live_sandboxAcme0000000000000";
    let toolset = kirim_mcp::toolset().unwrap();
    for pair in pairs() {
        let api = Api::answering(vec![(200, pair.answer.clone())]).await;
        let upstream = Upstream::builder(&api.url).build().unwrap();
        let caller = Context::new(upstream).with_credential(Credential::bearer(KEY).unwrap());
        let arguments = pair.arguments.as_object().unwrap().clone();
        let output = toolset.call(pair.tool, arguments, &caller).await.unwrap();
        assert_eq!(*output.raw.unwrap(), pair.answer);
        assert_eq!(*output.structured.unwrap(), pair.answer, "{}", pair.tool);
        let request = &api.requests()[0];
        assert_eq!(request.target, pair.target, "{}", pair.tool);
        assert_eq!(request.body, pair.body, "{}", pair.tool);
        assert_eq!(request.headers["authorization"], format!("Bearer {KEY}"));
        let is_send = pair.tool == "send_message";
        assert_eq!(request.method, if is_send { Method::POST } else { Method::GET });
        assert_eq!(request.headers.contains_key("idempotency-key"), is_send);
    }
}

#[tokio::test]
async fn a_list_of_too_many_rows_in_all_is_not_sent() {
    let rows =
        |count: usize| (0..count).map(|it| json!({ "id": it.to_string(), "title": "A" })).collect::<Vec<_>>();
    let list = |first, second| {
        let sections = json!([{ "title": "1", "rows": rows(first) }, { "title": "2", "rows": rows(second) }]);
        let action = json!({ "button": "Buka", "sections": sections });
        let content = json!({ "type": "list", "body": { "text": "Pilih" }, "action": action });
        message("interactive", content).arguments.as_object().unwrap().clone()
    };
    let api = Api::answering(vec![(200, sent())]).await;
    let caller = Context::new(Upstream::builder(&api.url).build().unwrap());
    let toolset = kirim_mcp::toolset().unwrap();
    let refused = toolset.call("send_message", list(10, 1), &caller).await.unwrap_err();
    let kirim_mcp::CallError::Tool(refused) = refused else { panic!("{refused}") };
    assert_eq!(refused.problems[0].pointer, "/interactive/action/sections", "{refused}");
    toolset.call("send_message", list(9, 1), &caller).await.unwrap();
    assert_eq!(api.requests().len(), 1);
}

#[tokio::test]
async fn the_key_of_a_send_is_the_one_that_was_given() {
    let api = Api::answering(vec![(200, sent())]).await;
    let caller = Context::new(Upstream::builder(&api.url).build().unwrap());
    let mut arguments = message("text", json!({ "body": "Hi" })).arguments;
    arguments["idempotency_key"] = json!("order-17");
    let arguments = arguments.as_object().unwrap().clone();
    kirim_mcp::toolset().unwrap().call("send_message", arguments, &caller).await.unwrap();
    let request = &api.requests()[0];
    assert_eq!(request.headers["idempotency-key"], "order-17");
    assert!(request.body.get("idempotency_key").is_none());
}

#[tokio::test]
async fn the_errors_of_the_catalogue_keep_code_and_request_id() {
    let cases = [
        (400, "invalid_request_error", "invalid_phone_number", "invalid_arguments"),
        (401, "authentication_error", "expired_api_key", "unauthenticated"),
        (403, "permission_error", "phone_number_forbidden", "insufficient_scope"),
        (404, "not_found", "resource_not_found", "not_found"),
        (409, "conflict", "idempotency_in_progress", "conflict"),
        (422, "invalid_request_error", "account_not_connected", "invalid_arguments"),
        (429, "rate_limit_error", "rate_limit_exceeded", "rate_limited"),
        (500, "api_error", "internal_error", "upstream_error"),
    ];
    let toolset = kirim_mcp::toolset().unwrap();
    for (status, group, code, kind) in cases {
        let error = json!({
            "error": { "type": group, "code": code, "message": "As it says.", "param": "to", "request_id": "req_1" }
        });
        let api = Api::answering(vec![(status, error)]).await;
        let caller = Context::new(Upstream::builder(&api.url).build().unwrap());
        let arguments = message("text", json!({ "body": "Hi" })).arguments.as_object().unwrap().clone();
        let failed = toolset.call("send_message", arguments, &caller).await.unwrap_err();
        let kirim_mcp::CallError::Tool(failed) = failed else { panic!("{failed}") };
        assert_eq!((failed.kind.as_str(), failed.status), (kind, Some(status)), "{failed}");
        assert_eq!(failed.code.as_deref(), Some(code));
        assert!(failed.message.contains("As it says") && failed.request_id.is_some(), "{failed}");
    }
}
