//! What a toolset is made of, and what it refuses to be made of.

use serde_json::{Map, Value, json};
use toolwright::api::{Api, Entry, Invoke};
use toolwright::{
    Arguments, CallError, Context, ErrorKind, HandWritten, Output, Problem, ToolError, Toolset,
};

use crate::fixture::{API, nowhere, object, toolset};

async fn nothing(_: Arguments, _: Context, _: Toolset) -> Result<Output, ToolError> {
    Ok(Output::text("nothing"))
}

#[test]
fn tools_are_sorted_by_name_hand_written_ones_among_them() {
    let toolset =
        Toolset::builder(&API).tool(HandWritten::new("labels_clear", "Clears.", nothing)).build().unwrap();
    let names: Vec<&str> = toolset.tools().map(|tool| tool.name.as_str()).collect();
    assert!(names.is_sorted());
    assert!(names.contains(&"labels_clear"));
}

#[tokio::test]
async fn rules_beside_the_schema_are_checked_before_anything_is_sent() {
    let rules = |tool: &str, arguments: &Map<String, Value>| match arguments.get("session") {
        Some(session) if tool == "groups_get" && session == "closed" => {
            vec![Problem::new("/session", "this session is closed: give another")]
        }
        _ => Vec::new(),
    };
    let toolset = Toolset::builder(&API).argument_rules(rules).build().unwrap();
    let call = async |session: &str| {
        let arguments = object(json!({ "session": session, "groupId": "g" }));
        match toolset.call("groups_get", arguments, &nowhere()).await {
            Err(CallError::Tool(error)) => error,
            other => panic!("nobody answers there: {other:?}"),
        }
    };
    let refused = call("closed").await;
    assert_eq!(
        (refused.kind, refused.problems[0].pointer.as_str()),
        (ErrorKind::InvalidArguments, "/session")
    );
    assert!(refused.message.contains("this session is closed"), "{refused}");
    assert_eq!(call("open").await.kind, ErrorKind::UpstreamUnavailable);
}

#[test]
fn a_toolset_tells_the_api_apart_from_the_tools() {
    let toolset = toolset();
    assert_eq!(toolset.api().api.title, "Chat API");
    assert!(toolset.api().tools.is_empty());
    assert_eq!(toolset.tool("groups_get").unwrap().operation.as_ref().unwrap().id, "groupsGet");
    assert!(toolset.tool("groups_gone").is_none());
}

#[test]
fn output_schemas_are_published_by_choice() {
    let without = Toolset::builder(&API).output_schemas(false).build().unwrap();
    assert!(without.tools().all(|tool| tool.output_schema.is_none()));
    assert!(toolset().tool("groups_get").unwrap().output_schema.is_some());
}

#[test]
fn two_tools_of_one_name_are_an_error() {
    let error =
        Toolset::builder(&API).tool(HandWritten::new("pair_qr", "Again.", nothing)).build().unwrap_err();
    assert_eq!(error.to_string(), "there are two tools named `pair_qr`; rename one");
}

#[test]
fn a_wrong_hand_written_tool_is_an_error() {
    let error = |tool: HandWritten| Toolset::builder(&API).tool(tool).build().unwrap_err().to_string();
    insta::assert_snapshot!(error(HandWritten::new("Bad-Name", "", nothing)), @"tool `Bad-Name` is wrong: a tool's name has the form ^[a-z][a-z0-9_]{0,63}$");
    insta::assert_snapshot!(error(HandWritten::new("a", "", nothing).input_schema(json!({}))), @r#"tool `a` is wrong: its input schema does not have `"type": "object"` at its root"#);
    let schema = json!({ "type": "object", "properties": { "a": { "type": "strin" } } });
    insta::assert_snapshot!(error(HandWritten::new("a", "", nothing).input_schema(schema)), @r#"tool `a` is wrong: its input schema is wrong at /properties/a/type: "strin" is not valid under any of the schemas listed in the 'anyOf' keyword"#);
    insta::assert_snapshot!(error(HandWritten::new("a", "", nothing).output_schema(json!(true))), @r#"tool `a` is wrong: its output schema does not have `"type": "object"` at its root"#);
}

#[test]
fn a_catalog_that_cannot_be_read_is_an_error() {
    static NO_JSON: Api = Api { catalog: "{", tools: &[] };
    static OTHER_FORMAT: Api = Api {
        catalog: r#"{"format": 9, "spec_hash": "", "api": {"name": "", "title": "", "version": ""}, "scopes": {},
                     "domains": [], "tools": [], "untooled": [], "resources": [], "prompts": []}"#,
        tools: &[],
    };
    static NO_TOOL: Api = Api {
        catalog: include_str!("fixture/catalog.json"),
        tools: &[Entry { name: "a", definition: "{}", invoke: Invoke::Generic }],
    };
    let error = |api: &'static Api| Toolset::builder(api).build().unwrap_err().to_string();
    insta::assert_snapshot!(error(&NO_JSON), @"the catalog in this build cannot be read: EOF while parsing an object at line 1 column 1; generate it again and rebuild");
    insta::assert_snapshot!(error(&OTHER_FORMAT), @"the catalog in this build cannot be read: it has format 9, and this version reads format 1; generate it again and rebuild");
    insta::assert_snapshot!(error(&NO_TOOL), @"tool `a` is wrong: missing field `name` at line 1 column 2");
}

#[test]
fn nothing_that_is_printed_shows_a_secret() {
    let context = crate::fixture::context("https://api.example.com");
    let shown = format!("{context:?} {:?}", toolset());
    assert!(!shown.contains(crate::fixture::KEY), "{shown}");
}
