//! Hand-written resources and prompts stand beside those of the API.

use rmcp::model::{
    ArgumentInfo, CompleteRequestParams, GetPromptRequestParams, PromptMessage, ReadResourceRequestParams,
    Reference, ResourceContents, Role,
};
use serde_json::json;
use toolwright::{
    CompletionRequest, Context, ErrorKind, HandWritten, HandWrittenPrompt, HandWrittenResource, Output,
    PromptRequest, ResourceRequest, Server, ToolError, Toolset, ToolsetBuilder,
};

use crate::fixture::{API, nowhere, object};
use crate::mcp::{Client, Era, connect, refused, serving};

async fn note(request: ResourceRequest, _: Context, _: Toolset) -> Result<Vec<ResourceContents>, ToolError> {
    match request.variables["id"].as_str() {
        "0" => Err(ToolError::new(ErrorKind::NotFound, "there is no note 0")),
        id => Ok(vec![ResourceContents::text(format!("note {id}"), &request.uri)]),
    }
}

async fn greet(request: PromptRequest, _: Context, _: Toolset) -> Result<Vec<PromptMessage>, ToolError> {
    let name = request.arguments.get("name").map_or("nobody", String::as_str);
    Ok(vec![PromptMessage::new_text(Role::User, format!("Greet {name}."))])
}

async fn names(request: CompletionRequest, _: Context, _: Toolset) -> Result<Vec<String>, ToolError> {
    assert_eq!(request.typed, "AN");
    Ok(["bea", "ana", "Anton", "ana"].map(str::to_owned).to_vec())
}

fn builder() -> ToolsetBuilder {
    let notes = HandWrittenResource::new("notes://{id}", "note", note)
        .title("A note")
        .description("One note.")
        .mime_type("text/plain")
        .scopes(["notes:read"])
        .complete("id", names);
    let fixed = HandWrittenResource::new("notes://all", "notes", |request: ResourceRequest, _, _| async {
        Ok(vec![ResourceContents::text("all notes", request.uri)])
    });
    let prompt = HandWrittenPrompt::new("greet", "Greets.", greet)
        .title("Greet")
        .argument("name", "Whom.", true)
        .scopes(["notes:read"])
        .complete("name", names);
    Toolset::builder(&API).resource(notes).resource(fixed).prompt(prompt)
}

async fn client(granted: &str) -> Client {
    let context = nowhere().with_granted(granted.parse().unwrap());
    connect(Server::new(builder().build().unwrap(), context), Era::Stateless).await
}

async fn read(client: &Client, uri: &str) -> String {
    let read = client.service.read_resource(ReadResourceRequestParams::new(uri)).await.unwrap();
    serde_json::to_value(&read.contents[0]).unwrap()["text"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn they_are_listed_and_read() {
    let client = client("*").await;
    let templates = client.service.list_all_resource_templates().await.unwrap();
    let ours = templates.iter().find(|template| template.uri_template == "notes://{id}").unwrap();
    insta::assert_snapshot!(serde_json::to_string(ours).unwrap(), @r#"{"uriTemplate":"notes://{id}","name":"note","title":"A note","description":"One note.","mimeType":"text/plain"}"#);
    let resources = client.service.list_all_resources().await.unwrap();
    assert!(resources.iter().any(|resource| resource.uri == "notes://all"));
    assert_eq!(read(&client, "notes://7").await, "note 7");
    // A fixed URI comes before a template that fits it too.
    assert_eq!(read(&client, "notes://all").await, "all notes");
    let (code, message) =
        refused(client.service.read_resource(ReadResourceRequestParams::new("notes://0")).await);
    assert_eq!((code, message.as_str()), (-32602, "notes://0: there is no note 0"));
}

#[tokio::test]
async fn prompts_are_listed_and_their_arguments_checked() {
    let client = client("*").await;
    let prompts = client.service.list_all_prompts().await.unwrap();
    let ours = prompts.iter().find(|prompt| prompt.name == "greet").unwrap();
    insta::assert_snapshot!(serde_json::to_string(ours).unwrap(), @r#"{"name":"greet","title":"Greet","description":"Greets.","arguments":[{"name":"name","description":"Whom.","required":true}]}"#);
    let get = |arguments| {
        let request = GetPromptRequestParams::new("greet").with_arguments(object(arguments));
        client.service.get_prompt(request)
    };
    let got = get(json!({ "name": "Ana" })).await.unwrap();
    assert_eq!(got.messages[0].content.as_text().unwrap().text, "Greet Ana.");
    let (code, message) = refused(get(json!({ "nam": "Ana" })).await);
    assert_eq!(code, -32602);
    assert_eq!(message, "the prompt has no argument `nam`; `name` is required: Whom.");
}

#[tokio::test]
async fn values_are_completed_from_what_was_typed() {
    let client = client("*").await;
    let values = client.service.complete_prompt_simple("greet", "name", "AN").await.unwrap();
    assert_eq!(values, ["Anton", "ana"]);
    let values = client.service.complete_resource_simple("notes://{id}", "id", "AN").await.unwrap();
    assert_eq!(values, ["Anton", "ana"]);
    let none = client.service.complete_resource_simple("notes://{id}", "other", "AN").await.unwrap();
    assert_eq!(none, [""; 0]);
}

#[tokio::test]
async fn without_their_scopes_they_do_not_exist() {
    let client = client("groups:read").await;
    let templates = client.service.list_all_resource_templates().await.unwrap();
    assert!(templates.iter().all(|template| template.uri_template != "notes://{id}"));
    assert!(client.service.list_all_prompts().await.unwrap().iter().all(|prompt| prompt.name != "greet"));
    let unknown = refused(client.service.read_resource(ReadResourceRequestParams::new("other://7")).await);
    let hidden = refused(client.service.read_resource(ReadResourceRequestParams::new("notes://7")).await);
    assert_eq!(hidden, unknown);
    let unknown = refused(client.service.get_prompt(GetPromptRequestParams::new("other")).await);
    let hidden = refused(client.service.get_prompt(GetPromptRequestParams::new("greet")).await);
    assert_eq!(hidden, unknown);
    for reference in [Reference::for_prompt("greet"), Reference::for_resource("notes://{id}")] {
        let request = CompleteRequestParams::new(reference, ArgumentInfo::new("name", ""));
        assert_eq!(refused(client.service.complete(request).await).0, -32602);
    }
}

#[test]
fn mistakes_show_when_the_toolset_is_built() {
    let resource = |uri: &str| {
        builder().resource(HandWrittenResource::new(uri, "again", note)).build().unwrap_err().to_string()
    };
    insta::assert_snapshot!(resource("notes://all"), @"there are two resources `notes://all`; give one another URI");
    insta::assert_snapshot!(resource("notes"), @"resource `notes` is wrong: its URI has no scheme");
    for uri in ["a://{", "a://}", "a://{}", "a://{{a}}", "a://{a}}{"] {
        assert!(resource(uri).ends_with("the braces of its URI do not enclose names of variables"), "{uri}");
    }
    let prompt = builder().prompt(HandWrittenPrompt::new("greet", "Again.", greet)).build().unwrap_err();
    insta::assert_snapshot!(prompt, @"there are two prompts named `greet`; rename one");
}

#[tokio::test]
async fn the_schema_of_a_hand_written_tool_is_listed_as_it_was_written() {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": { "region": { "type": "string", "x-mcp-header": "Region" } },
        "anyOf": [{ "required": ["region"] }, {}],
        "additionalProperties": false,
    });
    let tool = HandWritten::new("ask", "Asks.", |_, _, _| async { Ok(Output::text("done")) });
    let client = connect(serving(tool.input_schema(schema.clone())), Era::Stateless).await;
    let tools = client.service.list_all_tools().await.unwrap();
    let ours = tools.iter().find(|tool| tool.name == "ask").unwrap();
    assert_eq!(serde_json::to_value(&ours.input_schema).unwrap(), schema);
}
