//! The tools of the default build, what they send and what they refuse before anything is sent.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod wire;

use serde_json::{Value, json};
use titan_mcp::{CallError, Context, Upstream};

#[test]
fn every_tool_of_the_catalog_is_in_the_default_build() {
    let catalog: Value =
        serde_json::from_str(include_str!("../../src/generated/catalog.json")).expect("JSON");
    let listed = catalog["tools"].as_array().expect("tools").iter();
    let listed: Vec<&str> = listed.filter_map(|tool| tool["name"].as_str()).collect();
    let toolset = titan_mcp::toolset().expect("a toolset");
    let built: Vec<&str> = toolset.tools().map(|tool| tool.name.as_str()).collect();
    assert_eq!(built, listed);
}

#[tokio::test]
async fn a_picture_is_a_url_or_base64_and_never_both_or_neither() {
    let toolset = titan_mcp::toolset().expect("a toolset");
    let nowhere = Upstream::builder("http://127.0.0.1:9").max_retries(0).build().expect("an address");
    let caller = Context::new(nowhere);
    let tools = [
        ("groups_set_picture", json!({ "session": "s", "groupId": "120363025246125486@g.us" })),
        ("profile_set_picture", json!({ "session": "s" })),
    ];
    let pictures = [
        (json!({}), "got none"),
        (json!({ "url": "https://example.com/a.jpg", "base64": "aGVsbG8=" }), "got `url`, `base64`"),
    ];
    for (tool, place) in &tools {
        for (picture, came) in &pictures {
            let mut arguments = place.as_object().expect("an object").clone();
            arguments.extend(picture.as_object().expect("an object").clone());
            let Err(CallError::Tool(error)) = toolset.call(tool, arguments, &caller).await else {
                panic!("{tool} took {picture}");
            };
            let expected = format!("give exactly one of `url`, `base64`; {came}");
            let messages: Vec<&str> = error.problems.iter().map(|problem| problem.message.as_str()).collect();
            assert_eq!(messages, [expected], "{tool}");
        }
    }
}
