//! The request body of an operation.

use serde_json::Value;
use toolwright_catalog::{Body, Location};

use super::argument::Draft;
use super::file;
use crate::diagnostic::Sink;
use crate::document::{Document, OperationNode};
use crate::media_type::{Form, essence, form_of, is_json, is_range};
use crate::node::Node;
use crate::schema::required_sets::RequiredSets;
use crate::schema::union::{Alternatives, Members, members};
use crate::schema::{Converter, Definitions, Schema, is_object, types};

/// A request body in the making.
#[derive(Debug)]
pub(super) struct LoweredBody {
    pub(super) body: Body,
    pub(super) pointer: String,
    /// Its members; none where the body can only be given as a whole.
    pub(super) members: Vec<Draft>,
    pub(super) alternatives: Option<Alternatives>,
    pub(super) required_sets: Option<RequiredSets>,
    /// The schema of the whole.
    schema: Schema,
    /// Why the typed client cannot send it, where it cannot.
    pub(super) generic: Option<String>,
}

impl LoweredBody {
    /// The body as one argument.
    pub(super) fn whole(&self) -> Draft {
        let mut draft = Draft::new("body", Location::Body, self.schema.clone(), &self.pointer);
        draft.argument.wire = String::new();
        draft.argument.required = self.body.required;
        draft
    }
}

/// One media type that a body can be sent as.
struct Choice<'d> {
    media_type: &'d str,
    form: Form,
    node: Node<'d>,
}

/// Lowers the request body, if there is one.
pub(super) fn body<'d>(
    document: &Document<'d>,
    operation: &OperationNode<'d>,
    converter: &mut Converter<'_, 'd>,
) -> Option<Converted<'d>> {
    let sink = &mut *converter.sink;
    let node = document.resolve_object(operation.node.get("requestBody")?, "the request body", sink)?;
    if matches!(operation.method.as_str(), "GET" | "HEAD" | "TRACE") {
        let remedy = "turn its members into query parameters, or correct the method";
        sink.error(&node.pointer, format!("a {} request has no body", operation.method), remedy);
        return None;
    }
    let choices = choices(&node, sink)?;
    let count = choices.len();
    let choice = best(choices, document)?;
    if count > 1 {
        let text =
            format!("The body is sent as `{}`; the other media types are not offered.", choice.media_type);
        sink.note(&node.pointer, text);
    }
    let mut schema = match choice.node.get("schema") {
        Some(schema) => converter.convert_root(&schema),
        None => Schema::new(),
    };
    if let (Some(description), false) = (node.trimmed("description"), schema.contains_key("description")) {
        schema.insert("description".to_owned(), Value::from(description));
    }
    Some(Converted { node, choice, count, schema })
}

/// A body whose schema is converted, but not yet taken apart: that needs all definitions to be complete.
pub(super) struct Converted<'d> {
    node: Node<'d>,
    choice: Choice<'d>,
    count: usize,
    schema: Schema,
}

impl Converted<'_> {
    /// Takes the body apart into its members.
    pub(super) fn lower(self, definitions: &Definitions, sink: &mut Sink) -> Option<LoweredBody> {
        let Self { node, choice, count, mut schema } = self;
        let pointer = choice.node.pointer.clone();
        let media_type = if is_range(choice.media_type) { "application/json" } else { choice.media_type };
        let mut body =
            Body { media_type: media_type.to_owned(), required: node.is_true("required"), files: Vec::new() };
        let mut taken = Members::default();
        match choice.form {
            Form::Json => taken = members(&schema, definitions).unwrap_or_default(),
            Form::UrlEncoded | Form::Multipart => {
                if is_empty_object(&schema) {
                    sink.note(&pointer, "The body has no parts, so none is sent.");
                    return None;
                }
                let Some(members) = members(&schema, definitions) else {
                    let remedy = "describe it as an object with `properties`, one for each part";
                    sink.error(
                        &pointer,
                        format!("the body of {} is no object with properties", body.media_type),
                        remedy,
                    );
                    return None;
                };
                taken = members;
                if choice.form == Form::Multipart {
                    body.files = replace_files(&mut taken, &mut schema);
                }
            }
            Form::Text => {
                schema.entry("type").or_insert_with(|| Value::from("string"));
                if !types(&schema).contains(&"string") {
                    let message = format!("the body of {media_type} is no text by its schema");
                    sink.error(
                        &pointer,
                        message,
                        "make the schema's type `string`, or correct the media type",
                    );
                }
            }
            Form::Binary => {
                schema = file::schema(schema.get("description").and_then(Value::as_str));
                body.files.push(String::new());
            }
        }
        for loss in &taken.losses {
            sink.note(&pointer, loss);
        }
        if !body.required && !taken.required.is_empty() {
            let text = "The body is optional, so none of its members is required of a call. If every call needs it, say \
                        `required: true` in the request body.";
            sink.note(&node.pointer, text);
        }
        let generic = generic_reason(&body, &choice, count, &taken);
        let members = drafts(&taken, body.required, &pointer);
        let Members { alternatives, required_sets, .. } = taken;
        Some(LoweredBody { body, pointer, members, alternatives, required_sets, schema, generic })
    }
}

/// Whether a schema describes an object without properties, as generators write for a form that has nothing in it.
fn is_empty_object(schema: &Schema) -> bool {
    let no_properties = |value: &Value| value.as_object().is_some_and(Schema::is_empty);
    is_object(schema)
        && schema.iter().all(|(key, value)| match key.as_str() {
            "properties" => no_properties(value),
            "additionalProperties" => *value == Value::Bool(false),
            key => matches!(key, "type" | "description"),
        })
}

/// The media types that can be sent; an error where there are some, but none that can.
fn choices<'d>(node: &Node<'d>, sink: &mut Sink) -> Option<Vec<Choice<'d>>> {
    let mut choices = Vec::new();
    let mut others = Vec::new();
    for (media_type, node) in node.get("content").iter().flat_map(Node::entries) {
        match form_of(media_type) {
            Some(form) => choices.push(Choice { media_type, form, node }),
            None => others.push(media_type),
        }
    }
    if !choices.is_empty() {
        return Some(choices);
    }
    if others.is_empty() {
        sink.error(
            &node.pointer,
            "the request body lists no media type",
            "add one to `content`, or drop the body",
        );
    } else {
        let message = format!("the media type {} is not supported", others.join(", "));
        let remedy = "add one that is (JSON, form, multipart/form-data, text, application/octet-stream), or switch the tool \
                      off with `x-mcp.enabled: false` and a reason";
        sink.error(&node.pointer, message, remedy);
    }
    None
}

/// JSON, unless another form can carry files that JSON cannot; then what says most about the body.
fn best<'d>(choices: Vec<Choice<'d>>, document: &Document<'d>) -> Option<Choice<'d>> {
    let rank = |choice: &Choice<'d>| match choice.form {
        Form::Multipart if has_files(choice, document) => 0,
        Form::Json if is_json(choice.media_type) => 1,
        Form::Json => 2,
        Form::UrlEncoded => 3,
        Form::Multipart => 4,
        Form::Binary => 5,
        Form::Text => 6,
    };
    choices.into_iter().min_by_key(rank)
}

fn has_files(choice: &Choice<'_>, document: &Document<'_>) -> bool {
    // Mistakes are reported when the schema is converted for good.
    let mut sink = Sink::new("");
    let mut converter = Converter::new(document, &mut sink);
    let Some(schema) = choice.node.get("schema").map(|schema| converter.convert_root(&schema)) else {
        return false;
    };
    let definitions = converter.into_definitions();
    members(&schema, &definitions)
        .is_some_and(|mut members| !file::replace_in(&mut members.properties).is_empty())
}

fn replace_files(members: &mut Members, schema: &mut Schema) -> Vec<String> {
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        file::replace_in(properties);
    }
    for (_, alternative) in members.alternatives.iter_mut().flat_map(|alternatives| &mut alternatives.schemas)
    {
        if let Some(Value::Object(properties)) = alternative.get_mut("properties") {
            file::replace_in(properties);
        }
    }
    file::replace_in(&mut members.properties)
}

fn drafts(members: &Members, body_required: bool, pointer: &str) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (name, property) in &members.properties {
        let Some(schema) = property.as_object() else { continue };
        let mut draft = Draft::new(name, Location::Property, schema.clone(), pointer);
        draft.argument.required = body_required && members.required.contains(name);
        drafts.push(draft);
    }
    drafts
}

/// Why the typed client cannot send the body, as a sentence; nothing where it can.
fn generic_reason(body: &Body, choice: &Choice<'_>, count: usize, members: &Members) -> Option<String> {
    let media_type = essence(&body.media_type);
    let reason = match choice.form {
        Form::Multipart => "The body is multipart.".to_owned(),
        _ if !body.required => "The body may be left out.".to_owned(),
        Form::Json if media_type == "application/json" => return None,
        _ if count > 1 => format!("The body is `{media_type}`, one of several media types."),
        Form::UrlEncoded if has_structure(members) => {
            "The form has a member that is an array or an object.".to_owned()
        }
        Form::UrlEncoded => return None,
        _ if matches!(media_type.as_str(), "application/octet-stream" | "text/plain") => return None,
        _ => format!("The body is `{media_type}`."),
    };
    Some(reason)
}

fn has_structure(members: &Members) -> bool {
    members.properties.values().filter_map(Value::as_object).any(|property| {
        is_object(property) || types(property).contains(&"array") || types(property).is_empty()
    })
}
