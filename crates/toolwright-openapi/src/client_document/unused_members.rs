//! Members that have no effect on a client, or that no reader of the document understands.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::draft::Draft;

type Members = [(&'static str, fn(&Value) -> bool)];

const ROOT: &Members = &[
    ("openapi", Value::is_string),
    ("info", Value::is_object),
    ("paths", Value::is_object),
    ("components", Value::is_object),
];
const INFO: &Members =
    &[("title", Value::is_string), ("version", Value::is_string), ("description", Value::is_string)];
const COMPONENTS: &Members = &[
    ("schemas", Value::is_object),
    ("parameters", Value::is_object),
    ("requestBodies", Value::is_object),
    ("responses", Value::is_object),
];
const PATH_ITEM: &Members = &[
    ("parameters", Value::is_array),
    ("get", Value::is_object),
    ("put", Value::is_object),
    ("post", Value::is_object),
    ("delete", Value::is_object),
    ("options", Value::is_object),
    ("head", Value::is_object),
    ("patch", Value::is_object),
    ("trace", Value::is_object),
];
const OPERATION: &Members = &[
    ("operationId", Value::is_string),
    ("summary", Value::is_string),
    ("description", Value::is_string),
    ("parameters", Value::is_array),
    ("requestBody", Value::is_object),
    ("responses", Value::is_object),
];
const PARAMETER: &Members = &[
    ("$ref", Value::is_string),
    ("name", Value::is_string),
    ("in", Value::is_string),
    ("description", Value::is_string),
    ("required", Value::is_boolean),
    ("schema", Value::is_object),
    ("content", Value::is_object),
    ("style", Value::is_string),
    ("explode", Value::is_boolean),
    ("x-idempotency", Value::is_boolean),
];
const REQUEST_BODY: &Members = &[
    ("$ref", Value::is_string),
    ("description", Value::is_string),
    ("required", Value::is_boolean),
    ("content", Value::is_object),
];
const RESPONSE: &Members =
    &[("$ref", Value::is_string), ("description", Value::is_string), ("content", Value::is_object)];
const MEDIA_TYPE: &Members = &[("schema", Value::is_object), ("encoding", Value::is_object)];
const SCHEMA: &Members = &[
    ("$ref", Value::is_string),
    ("type", Value::is_string),
    ("format", Value::is_string),
    ("title", Value::is_string),
    ("description", Value::is_string),
    ("nullable", Value::is_boolean),
    ("readOnly", Value::is_boolean),
    ("writeOnly", Value::is_boolean),
    ("default", always),
    ("enum", Value::is_array),
    ("properties", Value::is_object),
    ("required", is_list_of_texts),
    ("additionalProperties", is_schema_or_flag),
    ("items", Value::is_object),
    ("allOf", is_list_of_objects),
    ("anyOf", is_list_of_objects),
    ("oneOf", is_list_of_objects),
    ("not", always),
    ("if", always),
    ("then", always),
    ("else", always),
    ("propertyNames", always),
    ("dependentRequired", always),
    ("dependentSchemas", always),
    ("contains", always),
    ("minimum", Value::is_number),
    ("maximum", Value::is_number),
    ("exclusiveMinimum", Value::is_boolean),
    ("exclusiveMaximum", Value::is_boolean),
    ("multipleOf", Value::is_number),
    ("minLength", Value::is_u64),
    ("maxLength", Value::is_u64),
    ("pattern", Value::is_string),
    ("minItems", Value::is_u64),
    ("maxItems", Value::is_u64),
    ("uniqueItems", Value::is_boolean),
    ("minProperties", Value::is_u64),
    ("maxProperties", Value::is_u64),
];

pub(super) fn apply(draft: &mut Draft) {
    let mut removed = Removed::default();
    document(&mut draft.document, &mut removed);
    draft.each_schema(|schema, _, _| removed.keep(schema, SCHEMA));
    for (member, count) in removed.0 {
        draft.report("", format!("`{member}`, {count} ×"));
    }
    version(draft);
}

/// What was removed how often, by member name.
#[derive(Default)]
struct Removed(BTreeMap<String, usize>);

impl Removed {
    fn keep(&mut self, object: &mut Map<String, Value>, members: &Members) {
        object.retain(|key, value| {
            let keep = members.iter().any(|(member, fits)| member == key && fits(value));
            if !keep {
                *self.0.entry(key.clone()).or_default() += 1;
            }
            keep
        });
    }

    /// Keeps the members of every object that is a member of `holder`.
    fn keep_each(&mut self, holder: Option<&mut Value>, members: &Members) {
        for object in objects(holder) {
            self.keep(object, members);
        }
    }
}

fn document(document: &mut Value, removed: &mut Removed) {
    let Value::Object(root) = document else { return };
    removed.keep(root, ROOT);
    if let Some(Value::Object(info)) = root.get_mut("info") {
        removed.keep(info, INFO);
    }
    if let Some(Value::Object(components)) = root.get_mut("components") {
        removed.keep(components, COMPONENTS);
        removed.keep_each(components.get_mut("parameters"), PARAMETER);
        removed.keep_each(components.get_mut("requestBodies"), REQUEST_BODY);
        removed.keep_each(components.get_mut("responses"), RESPONSE);
        for section in ["parameters", "requestBodies", "responses"] {
            objects(components.get_mut(section))
                .for_each(|holder| removed.keep_each(holder.get_mut("content"), MEDIA_TYPE));
        }
    }
    if let Some(Value::Object(paths)) = root.get_mut("paths") {
        paths.retain(|path, _| path.starts_with('/'));
    }
    for item in objects(root.get_mut("paths")) {
        removed.keep(item, PATH_ITEM);
        parameters(item, removed);
        for (_, operation) in item.iter_mut() {
            if let Value::Object(operation) = operation {
                one_operation(operation, removed);
            }
        }
    }
}

fn one_operation(operation: &mut Map<String, Value>, removed: &mut Removed) {
    removed.keep(operation, OPERATION);
    parameters(operation, removed);
    if let Some(Value::Object(body)) = operation.get_mut("requestBody") {
        removed.keep(body, REQUEST_BODY);
        removed.keep_each(body.get_mut("content"), MEDIA_TYPE);
    }
    if let Some(Value::Object(responses)) = operation.get_mut("responses") {
        responses.retain(|status, response| !status.starts_with("x-") && response.is_object());
    }
    removed.keep_each(operation.get_mut("responses"), RESPONSE);
    for response in objects(operation.get_mut("responses")) {
        removed.keep_each(response.get_mut("content"), MEDIA_TYPE);
    }
}

fn parameters(holder: &mut Map<String, Value>, removed: &mut Removed) {
    if let Some(Value::Array(parameters)) = holder.get_mut("parameters") {
        parameters.retain(Value::is_object);
        for parameter in parameters.iter_mut().filter_map(Value::as_object_mut) {
            removed.keep(parameter, PARAMETER);
            removed.keep_each(parameter.get_mut("content"), MEDIA_TYPE);
        }
    }
}

/// The version becomes a header value in the generated code, which must be visible ASCII.
fn version(draft: &mut Draft) {
    let info = &mut draft.document["info"];
    if !info.is_object() {
        *info = json!({});
    }
    if !info["title"].is_string() {
        info["title"] = json!("API");
    }
    let version = info["version"].as_str().unwrap_or_default().to_owned();
    let visible: String = version.chars().filter(char::is_ascii_graphic).collect();
    let visible = if visible.is_empty() { "0".to_owned() } else { visible };
    info["version"] = json!(visible);
    if visible != version {
        draft.report("/info/version", format!("`{}` became `{visible}`", version.escape_debug()));
    }
}

fn objects(holder: Option<&mut Value>) -> impl Iterator<Item = &mut Map<String, Value>> {
    let members = holder.and_then(Value::as_object_mut).into_iter();
    members.flat_map(|members| members.values_mut().filter_map(Value::as_object_mut))
}

fn always(_: &Value) -> bool {
    true
}

fn is_list_of_texts(value: &Value) -> bool {
    value.as_array().is_some_and(|list| list.iter().all(Value::is_string))
}

fn is_list_of_objects(value: &Value) -> bool {
    value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_object))
}

fn is_schema_or_flag(value: &Value) -> bool {
    value.is_object() || value.is_boolean()
}
