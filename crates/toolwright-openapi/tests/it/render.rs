//! Documents in, text for snapshots out.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value};
use toolwright_catalog::{Call, Catalog, Tool};
use toolwright_openapi::{Lowered, Source, lower};

/// The head of a document in version 3.0 that all fixtures without one of their own get.
const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\n";

/// A source with only a document. One that does not begin with its version is in 3.0.3.
pub(crate) fn source(document: &str) -> Source {
    let document = document.trim_start_matches('\n');
    let text =
        if document.starts_with("openapi:") { document.to_owned() } else { format!("{HEAD}{document}") };
    Source::from_yaml("shop", "openapi.yaml", &text).unwrap()
}

/// The same document in 3.1.
pub(crate) fn in_3_1(document: &str) -> String {
    format!("{}{document}", HEAD.replace("3.0.3", "3.1.0"))
}

/// What lowering makes of a document, or what is wrong with it.
pub(crate) fn check(document: &str) -> String {
    check_source(&source(document))
}

pub(crate) fn check_source(source: &Source) -> String {
    match lower(source) {
        Ok(lowered) => render(lowered),
        Err(diagnostics) => diagnostics.to_string(),
    }
}

/// The catalog, as if the typed client could call every operation that it can express.
pub(crate) fn catalog(lowered: Lowered) -> Catalog {
    let typed = Call::Typed {
        method: String::new(),
        parameters: Vec::new(),
        returns: toolwright_catalog::Returns::Unit,
    };
    let calls: BTreeMap<String, Call> = lowered
        .tools()
        .iter()
        .map(|tool| {
            let generic = lowered.generic().get(&tool.operation.id);
            let call =
                generic.map_or_else(|| typed.clone(), |reason| Call::Generic { reason: reason.clone() });
            (tool.operation.id.clone(), call)
        })
        .collect();
    lowered.into_catalog(calls).unwrap()
}

fn render(lowered: Lowered) -> String {
    let mut text = String::new();
    let notes: Vec<String> = lowered.notes().iter().map(ToString::to_string).collect();
    let catalog = catalog(lowered);
    for tool in &catalog.tools {
        assert_sound(tool);
        tool_lines(&mut text, tool);
    }
    if !catalog.order.is_empty() {
        let listed: Vec<&str> = catalog.listed().map(|tool| tool.name.as_str()).collect();
        writeln!(text, "listed {}", listed.join(" ")).unwrap();
    }
    for toolset in &catalog.toolsets {
        writeln!(text, "toolset {}", serde_json::to_string(toolset).unwrap()).unwrap();
    }
    for untooled in &catalog.untooled {
        writeln!(text, "untooled {}", serde_json::to_string(untooled).unwrap()).unwrap();
    }
    for resource in &catalog.resources {
        writeln!(text, "resource {}", serde_json::to_string(resource).unwrap()).unwrap();
    }
    for prompt in &catalog.prompts {
        writeln!(text, "prompt {}", serde_json::to_string(prompt).unwrap()).unwrap();
    }
    if !catalog.scopes.is_empty() {
        writeln!(text, "scopes {}", serde_json::to_string(&catalog.scopes).unwrap()).unwrap();
    }
    for note in notes {
        writeln!(text, "note {note}").unwrap();
    }
    // What is written can be read again.
    assert_eq!(Catalog::from_json(&catalog.to_json()), Ok(catalog));
    text
}

fn tool_lines(text: &mut String, tool: &Tool) {
    let Tool { name, domain, title, description, operation, .. } = tool;
    writeln!(text, "tool {name} in {domain}: {} {}", operation.method, operation.path).unwrap();
    writeln!(text, "  {title} | {description}").unwrap();
    let (idempotent, open) = (tool.idempotent, tool.open_world);
    writeln!(
        text,
        "  {}, idempotent {idempotent}, open world {open}, scopes {:?}",
        tool.effect.as_str(),
        tool.scopes
    )
    .unwrap();
    if tool.confirm {
        writeln!(text, "  runs only after the user has agreed").unwrap();
    }
    if let Some(seconds) = tool.timeout_s {
        writeln!(text, "  takes at most {seconds} s").unwrap();
    }
    let mut extra = |name: &str, value: Value| {
        if !value.is_null() {
            writeln!(text, "  {name} {value}").unwrap();
        }
    };
    extra("idempotency header", operation.idempotency_header.clone().into());
    extra("source", serde_json::to_value(operation.source).unwrap());
    extra("docs", operation.docs.clone().into());
    extra("body", serde_json::to_value(&tool.body).unwrap());
    extra("media", serde_json::to_value(&tool.media).unwrap());
    if let Call::Generic { reason } = &tool.call {
        extra("generic", reason.clone().into());
    }
    for argument in &tool.arguments {
        extra("argument", serde_json::to_value(argument).unwrap());
    }
    extra("input", Value::Object(tool.input_schema.clone()));
    extra("condition", tool.condition.clone().map(Value::Object).into());
    if let Some(variants) = &tool.variants {
        for (value, schema) in &variants.schemas {
            extra(&format!("when {} is {value}", variants.argument), schema.clone());
        }
    }
    extra("output", tool.output_schema.clone().map(Value::Object).into());
    extra("response", serde_json::to_value(&tool.response).unwrap());
}

/// What holds of every tool, whatever the document.
pub(crate) fn assert_sound(tool: &Tool) {
    assert_valid(&tool.input_schema);
    assert_eq!(tool.input_schema.get("type"), Some(&Value::from("object")));
    assert_eq!(tool.input_schema.get("additionalProperties"), Some(&Value::from(false)));
    for keyword in tool.input_schema.keys() {
        let known = ["type", "properties", "required", "additionalProperties", "$defs"];
        assert!(known.contains(&keyword.as_str()), "`{keyword}` stands at the root of {}", tool.name);
    }
    assert_arrays_have_items(&Value::Object(tool.input_schema.clone()));
    tool.condition.iter().for_each(assert_valid);
    let variants = tool.variants.iter().flat_map(|variants| variants.schemas.values());
    variants.filter_map(Value::as_object).for_each(assert_valid);
    tool.output_schema.iter().for_each(assert_valid);
    let visible: Vec<&String> =
        tool.arguments.iter().filter(|a| a.fixed.is_none()).map(|a| &a.name).collect();
    let properties: Vec<&String> = tool.input_schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(
        visible, properties,
        "arguments and properties of {} are the same, in the same order",
        tool.name
    );
}

fn assert_valid(schema: &Map<String, Value>) {
    let schema = Value::Object(schema.clone());
    jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|error| panic!("{error} in {schema}"));
    jsonschema::draft202012::new(&schema).unwrap_or_else(|error| panic!("{error} in {schema}"));
}

fn assert_arrays_have_items(value: &Value) {
    if let Value::Object(members) = value {
        let is_array = match members.get("type") {
            Some(Value::String(name)) => name == "array",
            Some(Value::Array(names)) => names.contains(&Value::from("array")),
            _ => false,
        };
        assert!(!is_array || members.contains_key("items"), "an array without items: {value}");
        members.values().for_each(assert_arrays_have_items);
    }
    value.as_array().into_iter().flatten().for_each(assert_arrays_have_items);
}
