//! What a client sees: the names, and how much of a model's context they take.

use std::fmt::Write as _;

use rmcp::model::Tool;
use serde_json::Value;
use toolwright::server::{SCOPES_KEY, published_tools};
use toolwright::{Granted, Policy};

use crate::world::toolset;

fn published(output_schemas: bool) -> Vec<Tool> {
    let toolset = titan_mcp::builder().output_schemas(output_schemas).build().unwrap();
    published_tools(&toolset, &Granted::all())
}

fn signature(tool: &Tool) -> String {
    let required = tool.input_schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let arguments: Vec<String> = tool
        .input_schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, _)| {
            let optional = if required.iter().any(|it| it == name) { "" } else { "?" };
            format!("{name}{optional}")
        })
        .collect();
    format!("{}({})", tool.name, arguments.join(", "))
}

#[test]
fn the_tools_of_titan() {
    let mut lines = String::new();
    for tool in published(true) {
        let annotations = tool.annotations.as_ref().unwrap();
        let effect = match (annotations.read_only_hint, annotations.destructive_hint) {
            (Some(true), _) => "read",
            (_, Some(true)) => "destructive",
            _ => "write",
        };
        let scopes = &tool.meta.as_ref().unwrap()[SCOPES_KEY];
        let hint = |on: Option<bool>, word: &'static str| if on == Some(true) { word } else { "" };
        let hints = [
            hint(annotations.idempotent_hint, " idempotent"),
            hint(annotations.open_world_hint, " open-world"),
        ]
        .concat();
        writeln!(lines, "{} {effect}{hints} {scopes}", signature(&tool)).unwrap();
    }
    insta::assert_snapshot!(lines);
}

#[test]
fn every_tool_says_all_that_a_client_wants_to_know() {
    for tool in published(true) {
        let annotations = tool.annotations.as_ref().unwrap();
        let hints = [
            annotations.read_only_hint,
            annotations.destructive_hint,
            annotations.idempotent_hint,
            annotations.open_world_hint,
        ];
        assert!(hints.iter().all(Option::is_some), "{}: a hint is missing", tool.name);
        assert!(tool.title.is_some_and(|title| !title.is_empty()), "{}: no title", tool.name);
        assert!(tool.description.is_some_and(|text| text.len() > 10), "{}: no description", tool.name);
        assert_eq!(tool.input_schema["type"], "object", "{}", tool.name);
        for keyword in ["oneOf", "anyOf", "allOf", "not", "enum"] {
            assert!(!tool.input_schema.contains_key(keyword), "{}: `{keyword}` at the root", tool.name);
        }
    }
}

#[test]
fn the_list_of_tools_fits_its_budget() {
    let size = |tools: &[Tool]| serde_json::to_string(tools).unwrap().len();
    let with = size(&published(true));
    let without = size(&published(false));
    assert!(with <= 70_000, "with output schemas: {with} bytes");
    assert!(without <= 48_000, "without output schemas: {without} bytes");
}

#[test]
fn a_read_only_policy_leaves_only_reads() {
    let policy = Policy { read_only: true, ..Policy::default() };
    let toolset = titan_mcp::builder().policy(policy).build().unwrap();
    let names: Vec<&str> = toolset.tools().map(|tool| tool.name.as_str()).collect();
    assert!(names.contains(&"sessions_list") && names.contains(&"contacts_check"), "{names:?}");
    assert!(!names.contains(&"messages_send") && !names.contains(&"sessions_delete"), "{names:?}");
}

/// Every tool against each of these sets of scopes.
#[test]
fn scopes_decide_what_is_listed() {
    let toolset = toolset();
    let mut lines = String::new();
    for granted in
        ["*", "", "messages:write sessions:read", "groups:*", "sessions:read contacts:read groups:read"]
    {
        let parsed: Granted = granted.parse().unwrap();
        let names: Vec<&str> = toolset.list(&parsed).iter().map(|tool| tool.name.as_str()).collect();
        let shown = if granted == "*" { format!("all {}", names.len()) } else { names.join(" ") };
        writeln!(lines, "[{granted}] {shown}").unwrap();
    }
    insta::assert_snapshot!(lines);
}
