//! The tools of the default build.

use serde_json::Value;

#[test]
fn every_tool_of_the_catalog_is_in_the_default_build() {
    let catalog: Value = serde_json::from_str(include_str!("../src/generated/catalog.json")).expect("JSON");
    let listed = catalog["tools"].as_array().expect("tools").iter();
    let listed: Vec<&str> = listed.filter_map(|tool| tool["name"].as_str()).collect();
    let toolset = titan_mcp::toolset().expect("a toolset");
    let built: Vec<&str> = toolset.tools().map(|tool| tool.name.as_str()).collect();
    assert_eq!(built, listed);
}
