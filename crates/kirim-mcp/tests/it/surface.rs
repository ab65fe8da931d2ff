//! What clients are shown.

use toolwright::Granted;
use toolwright::server::published_tools;

#[test]
fn the_list_of_tools_is_as_it_was_reviewed() {
    let tools = published_tools(&kirim_mcp::toolset().unwrap(), &Granted::all());
    insta::assert_json_snapshot!(tools);
}

#[test]
fn the_list_of_tools_stays_small() {
    let tools = published_tools(&kirim_mcp::toolset().unwrap(), &Granted::all());
    let bytes = serde_json::to_string(&tools).unwrap().len();
    assert!(bytes < 18_000, "{bytes} bytes");
}

#[test]
fn every_tool_of_the_catalog_is_in_the_build() {
    let catalog: serde_json::Value =
        serde_json::from_str(include_str!("../../src/generated/catalog.json")).unwrap();
    let toolset = kirim_mcp::builder().policy(kirim_mcp::Policy::everything()).build().unwrap();
    assert_eq!(toolset.tools().count(), catalog["tools"].as_array().unwrap().len() + 1);
}

#[test]
fn every_id_has_the_pattern_that_the_document_knows() {
    let toolset = kirim_mcp::builder().policy(kirim_mcp::Policy::everything()).build().unwrap();
    let mut ids = 0;
    for tool in toolset.tools() {
        for (name, schema) in tool.input_schema["properties"].as_object().unwrap() {
            // Of the ids of teams nothing is known.
            if name.ends_with("_id") && name != "team_id" {
                assert!(schema["pattern"].is_string(), "{} of {}: {schema}", name, tool.name);
                ids += 1;
            }
        }
    }
    assert!(ids > 40, "{ids}");
}
