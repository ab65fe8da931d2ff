//! No value of a path argument leads a call to another route.

use serde_json::{Map, Value, json};
use toolwright::catalog::Location;
use toolwright::{CallError, ErrorKind, Tool};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::world::{context_at, toolset};

/// Values that leave the route if they are put into a path as they are, or folded by a URL parser.
const HOSTILE: [&str; 12] =
    ["", ".", "..", "../x", "..\\x", "a/b", "a\\b", "/", "\\", "\u{0}", "a\u{1f}", "..\\..\\..\\admin"];

/// Arguments of the right shape: the example or an invented value for each required one.
fn plausible(tool: &Tool) -> Map<String, Value> {
    let properties = tool.input_schema["properties"].as_object().unwrap();
    let required = tool.input_schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    required
        .iter()
        .map(|name| {
            let name = name.as_str().unwrap();
            (name.to_owned(), invented(&properties[name]))
        })
        .collect()
}

fn invented(schema: &Value) -> Value {
    if let Some(first) = schema.get("enum").and_then(|values| values.get(0)) {
        return first.clone();
    }
    match schema["type"].as_str() {
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([invented(&schema["items"])]),
        Some("object") => json!({}),
        _ => json!("12025550100@s.whatsapp.net"),
    }
}

#[tokio::test]
async fn hostile_path_values_are_refused_before_anything_is_sent() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(json!({}))).mount(&server).await;
    let toolset = toolset();
    let context = context_at(&server.uri(), "key");
    let mut checked = 0;
    for tool in toolset.tools() {
        for argument in tool.arguments.iter().filter(|it| it.location == Location::Path) {
            if tool.input_schema["properties"][&argument.name]["type"] != "string" {
                continue;
            }
            let long = "a".repeat(10_000);
            for value in HOSTILE.iter().copied().chain([long.as_str()]) {
                let mut arguments = plausible(tool);
                arguments.insert(argument.name.clone(), json!(value));
                let error = toolset.call(&tool.name, arguments, &context).await;
                let Err(CallError::Tool(error)) = error else {
                    panic!("{} accepted {}={value:?}: {error:?}", tool.name, argument.name)
                };
                assert_eq!(error.kind, ErrorKind::InvalidArguments, "{} {value:?}", tool.name);
                let pointer = format!("/{}", argument.name);
                assert!(
                    error.problems.iter().any(|it| it.pointer == pointer),
                    "{} {value:?}: {error:?}",
                    tool.name
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 70 * HOSTILE.len(), "only {checked} values were tried");
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}

#[tokio::test]
async fn odd_but_harmless_path_values_arrive_as_they_were_written() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(json!({}))).mount(&server).await;
    let toolset = toolset();
    let context = context_at(&server.uri(), "key");
    for value in ["%2e%2e", "x?y=1", "x#y", "ä ö", "a%2fb", "..."] {
        let arguments =
            Map::from_iter([("session".to_owned(), json!("main")), ("mediaId".to_owned(), json!(value))]);
        toolset.call("media_info", arguments, &context).await.unwrap();
    }
    let paths: Vec<String> = server
        .received_requests()
        .await
        .unwrap()
        .iter()
        .map(|request| request.url.path().to_owned())
        .collect();
    let expected = ["%252e%252e", "x%3Fy=1", "x%23y", "%C3%A4%20%C3%B6", "a%252fb", "..."]
        .map(|encoded| format!("/api/sessions/main/media/{encoded}"));
    assert_eq!(paths, expected);
}
