//! Standing in for the endpoint of a product: its words, its keys and its limits; and the time that a tool has of its own.

use std::sync::LazyLock;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use toolwright::api::{Api, Entry, Invoke};
use toolwright::client::Upstream;
use toolwright::{Granted, Toolset};
use toolwright_http::access::Access;
use toolwright_http::product::{KeyProblem, Product};
use toolwright_http::{HttpConfig, router};
use tower::ServiceExt as _;
use wiremock::matchers::{header, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

static PETS: Api = Api {
    catalog: r#"{
        "format": 1, "spec_hash": "fixture", "api": { "name": "pets", "title": "Pets", "version": "1" },
        "scopes": {}, "domains": [{ "name": "pets", "title": "Pets" }],
        "tools": [], "untooled": [], "resources": [], "prompts": []
    }"#,
    tools: &[Entry {
        name: "pets_list",
        definition: r#"{
            "name": "pets_list", "title": "List", "description": "Lists.", "domain": "pets",
            "operation": { "id": "list", "method": "GET", "path": "/pets" },
            "scopes": [], "effect": "read", "idempotent": true, "open_world": false, "timeout_s": 1,
            "arguments": [], "input_schema": { "type": "object" },
            "response": { "media_types": ["application/json"] }, "call": { "generic": { "reason": "A fixture." } }
        }"#,
        invoke: Invoke::Generic,
    }],
};

const PRODUCT: Product = Product {
    key_check: "/whoami",
    is_key: |text| text.starts_with("pets_"),
    refusal: |problem, request_id| json!({ "oops": format!("{problem:?}"), "request": request_id }),
    request_id: || "request-of-pets".to_owned(),
};

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

fn endpoint(api: &MockServer, product: Option<Product>) -> Router {
    endpoint_of(&PETS, api, product)
}

fn endpoint_of(pets: &'static Api, api: &MockServer, product: Option<Product>) -> Router {
    let upstream = Upstream::builder(&api.uri()).max_retries(0).build().unwrap();
    let mut config = HttpConfig::new(upstream, Access::forward(Granted::all()));
    config.product = product;
    let toolset = Toolset::builder(pets).build().unwrap();
    router(toolset, config, CancellationToken::new()).unwrap()
}

async fn post(endpoint: &Router, key: Option<&str>, method: &str) -> Answer {
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": { "name": "pets_list" } });
    let mut request =
        Request::post("/mcp").header("host", "localhost").header("content-type", "application/json");
    if let Some(key) = key {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    let request = request.header("accept", "application/json").body(Body::from(message.to_string())).unwrap();
    let response = endpoint.clone().oneshot(request).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.into_body().collect().await.unwrap().to_bytes();
    Answer { status, headers, body: serde_json::from_slice(&body).unwrap() }
}

fn limited(status: u16, remaining: u32) -> ResponseTemplate {
    let answer = ResponseTemplate::new(status).set_body_json(json!({ "status": status }));
    answer
        .insert_header("x-ratelimit-limit", "10")
        .insert_header("x-ratelimit-remaining", remaining.to_string())
}

async fn asked(api: &MockServer, path: &str) -> usize {
    api.received_requests().await.unwrap().iter().filter(|request| request.url.path() == path).count()
}

#[tokio::test]
async fn a_server_that_stands_in_for_nothing_asks_nobody_and_speaks_json_rpc() {
    let api = MockServer::start().await;
    let endpoint = endpoint(&api, None);
    let refused = post(&endpoint, None, "tools/list").await;
    assert_eq!((refused.status, &refused.body["error"]["data"]["kind"]), (401, &json!("unauthenticated")));
    assert_eq!(post(&endpoint, Some("any"), "tools/list").await.status, 200);
    assert!(api.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_no_key_is_refused_in_the_words_of_the_product() {
    let api = MockServer::start().await;
    let endpoint = endpoint(&api, Some(PRODUCT));
    let problems = [
        (None, KeyProblem::Missing),
        (Some("cats_1"), KeyProblem::Malformed),
        (Some("pets_\t1"), KeyProblem::Malformed),
    ];
    for (key, problem) in problems {
        let refused = post(&endpoint, key, "tools/list").await;
        assert_eq!(refused.status, 401, "{key:?}");
        let body = json!({ "oops": format!("{problem:?}"), "request": "request-of-pets" });
        assert_eq!(refused.body, body);
        assert_eq!(refused.header("x-request-id"), Some("request-of-pets"));
        assert!(refused.header("www-authenticate").is_some());
    }
    assert!(api.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_key_is_asked_about_once_and_told_its_limits_each_time() {
    let api = MockServer::start().await;
    Mock::given(path("/whoami"))
        .and(header("authorization", "Bearer pets_1"))
        .respond_with(limited(200, 9))
        .mount(&api)
        .await;
    Mock::given(path("/pets")).respond_with(limited(200, 8)).mount(&api).await;
    let endpoint = endpoint(&api, Some(PRODUCT));
    let mut remaining = Vec::new();
    for method in ["tools/list", "ping", "tools/call", "tools/list", "no/such/method"] {
        let answer = post(&endpoint, Some("pets_1"), method).await;
        remaining.push(answer.header("x-ratelimit-remaining").unwrap().to_owned());
    }
    assert_eq!(remaining, ["9", "9", "8", "8", "8"]);
    assert_eq!(asked(&api, "/whoami").await, 1);
}

#[tokio::test]
async fn a_key_that_the_api_refuses_is_refused_with_its_answer() {
    let api = MockServer::start().await;
    Mock::given(path("/whoami")).respond_with(limited(401, 3)).mount(&api).await;
    let endpoint = endpoint(&api, Some(PRODUCT));
    for _ in 0..2 {
        let refused = post(&endpoint, Some("pets_1"), "tools/list").await;
        assert_eq!((refused.status, &refused.body), (401, &json!({ "status": 401 })));
        assert_eq!(refused.header("x-ratelimit-remaining"), Some("3"));
    }
    assert_eq!(asked(&api, "/whoami").await, 2, "nothing is remembered of a key that is refused");
}

#[tokio::test]
async fn a_key_that_the_api_does_not_refuse_is_not_asked_about_with_each_request() {
    for status in [403, 404, 429] {
        let api = MockServer::start().await;
        Mock::given(path("/whoami")).respond_with(limited(status, 0)).mount(&api).await;
        let endpoint = endpoint(&api, Some(PRODUCT));
        for _ in 0..3 {
            let listed = post(&endpoint, Some("pets_1"), "tools/list").await;
            assert_eq!((listed.status, listed.header("x-ratelimit-remaining")), (200, Some("0")), "{status}");
        }
        assert_eq!(asked(&api, "/whoami").await, 1, "{status}");
    }
}

#[tokio::test]
async fn a_key_goes_on_in_the_header_that_the_api_wants() {
    static CATALOG: LazyLock<String> = LazyLock::new(|| {
        PETS.catalog.replace(r#""version": "1""#, r#""version": "1", "key_header": "X-Pets-Key""#)
    });
    static IN_HEADER: LazyLock<Api> = LazyLock::new(|| Api { catalog: &CATALOG, tools: PETS.tools });
    let api = MockServer::start().await;
    Mock::given(header("x-pets-key", "pets_1")).respond_with(limited(200, 9)).mount(&api).await;
    let endpoint = endpoint_of(&IN_HEADER, &api, Some(PRODUCT));
    let called = post(&endpoint, Some("pets_1"), "tools/call").await;
    assert_eq!(called.body["result"]["isError"], false, "{}", called.body);
    let requests = api.received_requests().await.unwrap();
    assert_eq!(requests.len(), 2, "about the key, and for the call");
    assert!(requests.iter().all(|request| !request.headers.contains_key("authorization")));
}

#[tokio::test]
async fn requests_that_come_together_ask_about_their_key_once() {
    let api = MockServer::start().await;
    let slow = |status| limited(status, 9).set_delay(Duration::from_millis(200));
    Mock::given(header("authorization", "Bearer pets_1")).respond_with(slow(200)).mount(&api).await;
    Mock::given(header("authorization", "Bearer pets_2")).respond_with(slow(401)).mount(&api).await;
    let endpoint = endpoint(&api, Some(PRODUCT));
    for (key, status) in [("pets_1", 200), ("pets_2", 401)] {
        let together = (0..40).map(|_| post(&endpoint, Some(key), "tools/list"));
        let answers = futures_util::future::join_all(together).await;
        assert!(answers.iter().all(|answer| answer.status == status));
    }
    assert_eq!(asked(&api, "/whoami").await, 2, "one for each key");
}

#[tokio::test]
async fn a_key_that_is_refused_in_a_call_is_asked_about_again() {
    let api = MockServer::start().await;
    Mock::given(path("/whoami")).respond_with(limited(200, 9)).up_to_n_times(1).mount(&api).await;
    Mock::given(path("/whoami")).respond_with(limited(401, 9)).mount(&api).await;
    Mock::given(path("/pets")).respond_with(limited(401, 8)).mount(&api).await;
    let endpoint = endpoint(&api, Some(PRODUCT));
    assert_eq!(post(&endpoint, Some("pets_1"), "tools/list").await.status, 200);
    let called = post(&endpoint, Some("pets_1"), "tools/call").await;
    assert_eq!(called.body["result"]["structuredContent"]["kind"], "unauthenticated");
    assert_eq!(post(&endpoint, Some("pets_1"), "tools/list").await.status, 401);
}

#[tokio::test]
async fn where_the_api_cannot_be_asked_the_request_goes_on() {
    let api = MockServer::start().await;
    Mock::given(path("/whoami")).respond_with(ResponseTemplate::new(503)).mount(&api).await;
    let endpoint = endpoint(&api, Some(PRODUCT));
    let answer = post(&endpoint, Some("pets_1"), "tools/list").await;
    assert_eq!((answer.status, answer.header("x-ratelimit-limit")), (200, None));
}

#[tokio::test]
async fn a_tool_with_a_time_of_its_own_takes_no_longer_over_http() {
    let api = MockServer::start().await;
    let late = ResponseTemplate::new(200).set_delay(Duration::from_mins(1));
    Mock::given(path("/pets")).respond_with(late).mount(&api).await;
    let answer = post(&endpoint(&api, None), Some("any"), "tools/call").await;
    let error = &answer.body["result"]["structuredContent"];
    assert_eq!(error["kind"], "timeout", "{}", answer.body);
    // The general limit of 30 s would have ended it too, but not with these words.
    assert!(!error["message"].as_str().unwrap().contains("30s"), "{error}");
}
