//! The request path over HTTP: any bytes, with headers that a client might send. Whatever comes, the server answers, says
//! JSON where it says so, blames itself for nothing and shows no secret.
#![no_main]

use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use libfuzzer_sys::fuzz_target;
use tokio_util::sync::CancellationToken;
use toolwright::Granted;
use toolwright_fuzz::{credential, runtime, tells_the_key, toolset, upstream};
use toolwright_http::access::Access;
use toolwright_http::{HttpConfig, router};
use tower::ServiceExt as _;

const METHODS: [&str; 6] =
    ["tools/call", "tools/list", "resources/read", "prompts/get", "server/discover", "x"];
const VERSIONS: [&str; 4] = ["2026-07-28", "2025-11-25", "2099-01-01", ""];

fn routes() -> &'static Router {
    static ROUTES: OnceLock<Router> = OnceLock::new();
    ROUTES.get_or_init(|| {
        let access = Access::fixed(credential(), Granted::all());
        let config = HttpConfig::new(upstream(), access);
        router(toolset().clone(), config, CancellationToken::new()).expect("a configuration")
    })
}

fuzz_target!(|data: &[u8]| {
    let [choice, input @ ..] = data else { return };
    let method = METHODS[usize::from(choice & 7) % METHODS.len()];
    let version = VERSIONS[usize::from(choice >> 3 & 3)];
    let mut request = Request::post("/mcp")
        .header("host", "localhost")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream");
    if !version.is_empty() {
        request = request.header("mcp-protocol-version", version).header("mcp-method", method);
    }
    if choice >> 5 & 1 == 1 {
        request = request.header("mcp-name", "messages_send");
    }
    let request = request.body(Body::from(input.to_vec())).expect("a request");
    let (status, json, body) = runtime().block_on(async {
        let response = routes().clone().oneshot(request).await.expect("the routes cannot fail");
        let status = response.status();
        let json = response.headers().get("content-type").is_some_and(|kind| kind == "application/json");
        let body = response.into_body().collect().await.expect("the body ends").to_bytes();
        (status, json, body)
    });
    assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{}", String::from_utf8_lossy(&body));
    assert!(!json || serde_json::from_slice::<serde_json::Value>(&body).is_ok(), "{status}");
    assert!(!tells_the_key(input, &String::from_utf8_lossy(&body)));
});
