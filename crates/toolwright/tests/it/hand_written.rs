//! Tools that compose others obey the same rules.

use serde_json::{Value, json};
use toolwright::catalog::Effect;
use toolwright::{Arguments, CallError, Context, ErrorKind, HandWritten, Output, Policy, ToolError, Toolset};

use crate::fixture::{API, answering_json, context, nowhere, object};

async fn group_size(
    mut arguments: Arguments,
    context: Context,
    toolset: Toolset,
) -> Result<Output, ToolError> {
    let group: String = arguments.take("group")?;
    let group =
        toolset.call("groups_get", object(json!({ "session": "default", "groupId": group })), &context);
    let output = match group.await {
        Ok(output) => output,
        Err(CallError::Tool(error)) => return Err(error),
        Err(error) => return Err(ToolError::new(ErrorKind::Internal, error.to_string())),
    };
    Ok(Output::json(json!({ "size": output.raw.unwrap()["size"], "extra": 1 })))
}

fn toolset(policy: Policy) -> Toolset {
    let tool = HandWritten::new("group_size", "Counts.", group_size)
        .title("Group size")
        .domain("groups")
        .scopes(["groups:read"])
        .effect(Effect::Read, true)
        .input_schema(json!({
            "type": "object",
            "properties": { "group": { "type": "string", "minLength": 3 }, "deep": { "type": "boolean" } },
            "required": ["group"],
            "additionalProperties": false,
        }))
        .output_schema(json!({
            "type": "object", "properties": { "size": { "type": "integer" } }, "additionalProperties": false,
        }));
    Toolset::builder(&API).tool(tool).policy(policy).build().unwrap()
}

async fn call(context: &Context, arguments: Value) -> Result<Output, CallError> {
    toolset(Policy::default()).call("group_size", object(arguments), context).await
}

#[tokio::test]
async fn it_calls_other_tools_and_its_structured_result_conforms() {
    let server = answering_json(json!({ "id": "1", "size": 12 })).await;
    let output = call(&context(&server.uri()), json!({ "group": "1@g.us", "deep": "true" })).await.unwrap();
    assert_eq!(output.structured, Some(json!({ "size": 12 }).into()));
}

#[tokio::test]
async fn its_arguments_are_checked() {
    let error = call(&nowhere(), json!({ "group": "1" })).await.unwrap_err();
    insta::assert_snapshot!(error, @"
    `group_size` was not called, because its arguments do not fit:
    - /group: expected at least 3 characters; got 1 character
    ");
}

#[tokio::test]
async fn it_needs_its_scopes_and_those_of_what_it_calls() {
    let context = nowhere().with_granted("messages:write".parse().unwrap());
    let CallError::Tool(error) = call(&context, json!({ "group": "1@g.us" })).await.unwrap_err() else {
        panic!("it is known");
    };
    assert_eq!(error.kind, ErrorKind::InsufficientScope);
    assert_eq!(error.required_scopes, ["groups:read"]);
}

#[test]
fn a_policy_chooses_it_by_domain_and_effect() {
    let policy = Policy { domains: vec!["groups".to_owned()], read_only: true, ..Policy::default() };
    let names: Vec<String> = toolset(policy).tools().map(|tool| tool.name.clone()).collect();
    assert_eq!(names, ["group_size", "groups_get", "groups_list"]);
}
