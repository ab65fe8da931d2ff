//! What a document says about its tools together, and about the limits of one: order, toolsets, time-outs, keys.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use toolwright::api::{Api, Entry, Invoke};
use toolwright::client::Upstream;
use toolwright::{
    Arguments, Context, ErrorKind, HandWritten, Output, Pattern, Policy, ToolError, Toolset, ToolsetBuilder,
};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::fixture::object;

static SHOP: Api = Api {
    catalog: r#"{
        "format": 1, "spec_hash": "fixture", "api": { "name": "shop", "title": "Shop", "version": "1" },
        "scopes": {},
        "domains": [
            { "name": "buying", "title": "Buying" }, { "name": "stock", "title": "Stock" }, { "name": "misc", "title": "Misc" }
        ],
        "toolsets": [
            { "name": "small", "domains": ["buying"], "default": true },
            { "name": "most", "domains": ["buying", "stock"] }
        ],
        "order": ["see_orders", "buy"],
        "tools": [], "untooled": [], "resources": [], "prompts": []
    }"#,
    tools: &[
        Entry {
            name: "buy",
            definition: r#"{
                "name": "buy", "title": "Buy", "description": "Buys.", "domain": "buying",
                "operation": {
                    "id": "buy", "method": "POST", "path": "/orders", "idempotency_header": "Idempotency-Key"
                },
                "scopes": [], "effect": "write", "idempotent": false, "open_world": true,
                "arguments": [{ "name": "once", "in": "header", "wire": "Idempotency-Key" }],
                "input_schema": {
                    "type": "object",
                    "properties": { "once": { "type": "string", "minLength": 1, "maxLength": 20 } },
                    "additionalProperties": false
                },
                "response": { "media_types": ["application/json"] }, "call": { "generic": { "reason": "A fixture." } }
            }"#,
            invoke: Invoke::Generic,
        },
        Entry {
            name: "count_stock",
            definition: r#"{
                "name": "count_stock", "title": "Count", "description": "Counts.", "domain": "stock",
                "operation": { "id": "count", "method": "GET", "path": "/stock" },
                "scopes": [], "effect": "read", "idempotent": true, "open_world": false, "timeout_s": 1,
                "arguments": [], "input_schema": { "type": "object" },
                "response": { "media_types": [] }, "call": { "generic": { "reason": "A fixture." } }
            }"#,
            invoke: Invoke::Generic,
        },
        Entry {
            name: "see_orders",
            definition: r#"{
                "name": "see_orders", "title": "See", "description": "Sees.", "domain": "buying",
                "operation": { "id": "see", "method": "GET", "path": "/orders" },
                "scopes": [], "effect": "read", "idempotent": true, "open_world": false,
                "arguments": [], "input_schema": { "type": "object" },
                "response": { "media_types": [] }, "call": { "generic": { "reason": "A fixture." } }
            }"#,
            invoke: Invoke::Generic,
        },
    ],
};

pub(crate) fn everything() -> ToolsetBuilder {
    Toolset::builder(&SHOP).policy(Policy::everything())
}

fn names(toolset: &Toolset) -> Vec<&str> {
    toolset.tools().map(|tool| tool.name.as_str()).collect()
}

async fn nothing(_: Arguments, _: Context, _: Toolset) -> Result<Output, ToolError> {
    Ok(Output::text("nothing"))
}

/// The names that are offered under a policy.
fn offered(policy: Policy) -> String {
    names(&Toolset::builder(&SHOP).policy(policy).build().unwrap()).join(" ")
}

#[test]
fn tools_are_listed_in_the_order_that_the_document_asks_for() {
    assert_eq!(names(&everything().build().unwrap()), ["see_orders", "buy", "count_stock"]);
}

#[test]
fn a_hand_written_tool_may_follow_another_one() {
    let tool = |name: &str, after: &str| HandWritten::new(name, "Does nothing.", nothing).after(after);
    let toolset = everything()
        .tool(tool("a_second", "see_orders"))
        .tool(tool("a_last", "count_stock"))
        .tool(tool("a_stray", "gone"))
        .build()
        .unwrap();
    assert_eq!(names(&toolset), ["see_orders", "a_second", "buy", "a_stray", "count_stock", "a_last"]);
}

#[test]
fn the_toolset_decides_where_nothing_else_chooses() {
    let text = |text: &str| text.to_owned();
    let table = [
        ("default", Policy::default()),
        ("most", Policy { toolset: Some(text("most")), ..Policy::default() }),
        ("full", Policy::everything()),
        ("read-only", Policy { read_only: true, ..Policy::default() }),
        ("domain stock", Policy { domains: vec![text("stock")], ..Policy::default() }),
        ("include count_*", Policy { include: vec![Pattern::from("count_*")], ..Policy::default() }),
        (
            "most, include *s*, exclude see_*",
            Policy {
                toolset: Some(text("most")),
                include: vec![Pattern::from("*s*")],
                exclude: vec![Pattern::from("see_*")],
                ..Policy::default()
            },
        ),
    ];
    let table: Vec<String> =
        table.into_iter().map(|(name, policy)| format!("{name}: {}", offered(policy))).collect();
    insta::assert_snapshot!(table.join("\n"), @"
    default: see_orders buy
    most: see_orders buy count_stock
    full: see_orders buy count_stock
    read-only: see_orders
    domain stock: count_stock
    include count_*: count_stock
    most, include *s*, exclude see_*: count_stock
    ");
}

#[test]
fn a_hand_written_tool_without_a_domain_is_in_every_toolset() {
    let toolset = Toolset::builder(&SHOP)
        .tool(HandWritten::new("help", "Helps.", nothing))
        .tool(HandWritten::new("restock", "Restocks.", nothing).domain("stock"))
        .build()
        .unwrap();
    assert_eq!(names(&toolset), ["see_orders", "buy", "help"]);
}

#[tokio::test]
async fn a_tool_outside_the_toolset_says_so() {
    let toolset = Toolset::builder(&SHOP).build().unwrap();
    let error = toolset.call("count_stock", object(json!({})), &crate::fixture::nowhere()).await.unwrap_err();
    insta::assert_snapshot!(error, @"`count_stock` was not called: it does not belong to the toolset `small`, which is what this server offers. Only the person who runs this server can change that; use another tool or tell the user");
}

#[tokio::test]
async fn a_hand_written_tool_may_be_made_of_parts_that_are_not_offered() {
    async fn whole(_: Arguments, context: Context, toolset: Toolset) -> Result<Output, ToolError> {
        let part = toolset.call_part("count_stock", object(json!({})), &context).await;
        part.map_err(|error| ToolError::new(ErrorKind::Internal, error.to_string()))
    }
    let server = crate::fixture::answering_json(json!({ "count": 3 })).await;
    let toolset = Toolset::builder(&SHOP).tool(HandWritten::new("whole", "All.", whole)).build().unwrap();
    let context = crate::fixture::context(&server.uri());
    assert!(toolset.call("count_stock", object(json!({})), &context).await.is_err());
    let output = toolset.call("whole", object(json!({})), &context).await.unwrap();
    assert_eq!(*output.raw.unwrap(), json!({ "count": 3 }));
}

#[test]
fn an_unknown_toolset_is_an_error_that_lists_the_known_ones() {
    let policy = Policy { toolset: Some("all".to_owned()), ..Policy::default() };
    let error = Toolset::builder(&SHOP).policy(policy).build().unwrap_err();
    insta::assert_snapshot!(error, @"
    the policy does not fit the tools:
    - there is no toolset `all`; there are `small`, `most`, `full`
    ");
}

/// A server that answers late, and one caller of it with a general limit.
async fn slow(general: Duration) -> (MockServer, Context) {
    let server = MockServer::start().await;
    let late = ResponseTemplate::new(204).set_delay(Duration::from_mins(1));
    Mock::given(any()).respond_with(late).mount(&server).await;
    let upstream = Upstream::builder(&server.uri()).timeout(general).max_retries(0).build().unwrap();
    (server, Context::new(upstream))
}

async fn timed_out(tool: &str, context: &Context) -> String {
    let toolset = everything().build().unwrap();
    let error = toolset.call(tool, object(json!({})), context).await.unwrap_err();
    let toolwright::CallError::Tool(error) = error else { panic!("{error}") };
    assert_eq!(error.kind, ErrorKind::Timeout, "{error}");
    error.message.clone()
}

#[tokio::test]
async fn an_operation_with_a_time_of_its_own_takes_no_longer() {
    let (_server, context) = slow(Duration::from_secs(50)).await;
    // The general limit would not have ended it within the patience of this test.
    let message = timed_out("count_stock", &context).await;
    assert!(message.starts_with("no complete answer came within 1s."), "{message}");
}

#[tokio::test]
async fn a_deadline_of_the_caller_is_never_passed() {
    let (_server, context) = slow(Duration::from_secs(50)).await;
    let soon = Instant::now() + Duration::from_millis(100);
    let message = timed_out("count_stock", &context.with_deadline(soon)).await;
    assert!(!message.contains("within 1s"), "{message}");
}

/// The keys that reached the API.
async fn sent_keys(arguments: &[Value]) -> Vec<String> {
    let server = crate::fixture::answering_json(json!({ "ok": true })).await;
    let context = crate::fixture::context(&server.uri());
    let toolset = everything().build().unwrap();
    for arguments in arguments {
        toolset.call("buy", object(arguments.clone()), &context).await.unwrap();
    }
    let requests = server.received_requests().await.unwrap();
    requests.iter().map(|it| it.headers["idempotency-key"].to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_key_that_the_model_gives_is_sent_and_otherwise_one_is_made() {
    let keys = sent_keys(&[json!({ "once": "mine" }), json!({}), json!({ "once": null }), json!({})]).await;
    assert_eq!(keys[0], "mine");
    assert_ne!(keys[1], keys[3]);
    assert!(keys[1..].iter().all(|key| key.len() == 36), "{keys:?}");
}

#[tokio::test]
async fn a_failure_tells_with_which_key_the_call_can_be_repeated() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(500)).mount(&server).await;
    let context = crate::fixture::context(&server.uri());
    let toolset = everything().build().unwrap();
    let given = toolset.call("buy", object(json!({ "once": "mine" })), &context).await.unwrap_err();
    insta::assert_snapshot!(given, @r#"the API answered 500 Internal Server Error. It is not known whether it was done; repeating the call is safe with the same arguments and `once`: "mine""#);
    let made = toolset.call("buy", object(json!({})), &context).await.unwrap_err().to_string();
    let sent = server.received_requests().await.unwrap();
    let sent = sent[1].headers["idempotency-key"].to_str().unwrap();
    assert!(made.contains(sent), "{made}");
}

#[tokio::test]
async fn a_key_that_no_header_can_carry_is_refused_before_anything_is_sent() {
    let server = MockServer::start().await;
    let context = crate::fixture::context(&server.uri());
    let toolset = everything().build().unwrap();
    let error = toolset.call("buy", object(json!({ "once": "a\nb" })), &context).await.unwrap_err();
    insta::assert_snapshot!(error, @"`buy` was not called: the request cannot be made: the idempotency key has a character that no header can carry: give printable ASCII on one line");
    assert!(server.received_requests().await.unwrap().is_empty());
}
