//! The tools of the default build, what they send and what they refuse before anything is sent, and the page about the
//! settings.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod wire;

use std::path::Path;

use serde_json::{Value, json};
use titan_mcp::{CallError, Context, Upstream};

/// The page about the settings, with the generated table between these lines.
const PAGE: &str = "../../docs/settings.md";
const COMMAND: &str = "UPDATE_SETTINGS=1 cargo test -p titan-mcp --test it settings";
const END: &str = "<!-- The table ends here. -->";

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

#[test]
fn the_page_about_the_settings_has_the_table_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = std::fs::read_to_string(&path).expect("the page can be read");
    let start = format!("<!-- The table is made by `{COMMAND}`; do not edit it. -->");
    let (before, rest) = page.split_once(&start).expect("the page says where the table begins");
    let (_, after) = rest.split_once(END).expect("the page says where the table ends");
    let table = toolwright_cli::settings_table(&titan_mcp::app());
    let current = format!("{before}{start}\n\n{}\n\n{END}{after}", table.trim());
    if std::env::var_os("UPDATE_SETTINGS").is_some() {
        std::fs::write(&path, &current).expect("the page can be written");
        return;
    }
    assert!(page == current, "the table in docs/settings.md is not that of the program; run `{COMMAND}`");
}
