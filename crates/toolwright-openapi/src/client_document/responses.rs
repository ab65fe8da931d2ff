//! One success type and one error type for each operation.

use serde_json::{Map, Value, json};

use super::draft::{Draft, Place};
use super::object_view::same;
use crate::media_type::essence;
use crate::node::child;

/// What a response carries, as the typed client sees it.
#[derive(Debug, Clone, PartialEq)]
enum Payload {
    Nothing,
    Json(Value),
    Bytes,
}

/// A response of an operation.
struct Response {
    status: String,
    description: String,
    payload: Payload,
    /// The media types that the payload leaves out.
    dropped: Vec<String>,
}

pub(super) fn apply(draft: &mut Draft) {
    name_shared_schemas(draft);
    for place in draft.operations() {
        let responses = read(draft, &place);
        if responses.iter().any(|response| response.status == "101") {
            draft.leave_out(&place, "The operation changes to another protocol.");
            continue;
        }
        if streams_events(draft, &place) {
            draft
                .leave_out(&place, "It answers with a stream of events, and the client reads answers whole.");
            continue;
        }
        let pointer = format!("{}/responses", place.pointer);
        for response in &responses {
            for media_type in &response.dropped {
                draft.report(&child(&pointer, &response.status), format!("dropped `{media_type}`"));
            }
        }
        let responses = split_default(draft, &pointer, responses);
        let (successes, others): (Vec<_>, Vec<_>) =
            responses.into_iter().partition(|response| response.status.starts_with('2'));
        let (errors, others): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|response| response.status.starts_with(['4', '5']));
        for response in others {
            draft.report(
                &child(&pointer, &response.status),
                "left to the caller, as neither success nor error",
            );
        }
        let mut kept = one_success(draft, &pointer, successes);
        kept.extend(one_error(draft, &pointer, errors));
        write(draft, &place, kept);
    }
    if let Some(components) = draft.object_mut("/components") {
        components.remove("responses");
    }
}

/// Schemas of shared responses become components, so that all operations have the same type.
fn name_shared_schemas(draft: &mut Draft) {
    let shared = draft
        .document
        .pointer("/components/responses")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    for (name, response) in shared {
        for (media_type, media) in response.get("content").and_then(Value::as_object).into_iter().flatten() {
            let Some(schema) = media.get("schema").filter(|schema| schema.get("properties").is_some()) else {
                continue;
            };
            let suffix = if name.ends_with("Response") || name.ends_with("Error") { "" } else { "-response" };
            let pointer = child(&format!("{}/content", child("/components/responses", &name)), media_type);
            let reference =
                draft.add_schema(&format!("{name}{suffix}"), schema.clone(), &format!("{pointer}/schema"));
            if let Some(media) = draft.object_mut(&pointer) {
                media.insert("schema".to_owned(), reference);
            }
        }
    }
}

/// Whether a success can be nothing but a stream of server-sent events, which may never end.
fn streams_events(draft: &Draft, place: &Place) -> bool {
    let pointer = format!("{}/responses", place.pointer);
    let listed = draft.document.pointer(&pointer).and_then(Value::as_object);
    listed.into_iter().flatten().filter(|(status, _)| status.starts_with('2')).any(|(status, _)| {
        let content =
            draft.resolve(&child(&pointer, status)).and_then(|(_, response)| response.get("content"));
        let mut types = content
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, _)| essence(name))
            .peekable();
        types.peek().is_some() && types.all(|name| name == "text/event-stream")
    })
}

fn read(draft: &Draft, place: &Place) -> Vec<Response> {
    let pointer = format!("{}/responses", place.pointer);
    let listed = draft.document.pointer(&pointer).and_then(Value::as_object);
    let statuses = listed.into_iter().flatten().map(|(status, _)| status.clone());
    statuses
        .filter_map(|status| {
            let (_, response) = draft.resolve(&child(&pointer, &status))?;
            let status = status.to_ascii_uppercase();
            let empty = Map::new();
            let content = response.get("content").and_then(Value::as_object).unwrap_or(&empty);
            let has_none = place.method == "head" || ["204", "205", "304"].contains(&status.as_str());
            let (payload, dropped) = payload(&status, if has_none { &empty } else { content });
            let description =
                response.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
            let status = if status == "DEFAULT" { "default".to_owned() } else { status };
            Some(Response { status, description, payload, dropped })
        })
        .collect()
}

fn payload(status: &str, content: &Map<String, Value>) -> (Payload, Vec<String>) {
    if content.is_empty() {
        return (Payload::Nothing, Vec::new());
    }
    let is_error = status.starts_with(['4', '5']) || status == "DEFAULT";
    let rank = |name: &str| match essence(name).as_str() {
        "application/json" => Some(0),
        // An error is read whatever its exact media type; a success would be asked for under the wrong one.
        other if is_error && (other.ends_with("+json") || other == "text/json") => Some(1),
        "*/*" => Some(2),
        _ => None,
    };
    let Some((_, chosen)) = content.keys().filter_map(|name| Some((rank(name)?, name))).min() else {
        return (Payload::Bytes, Vec::new());
    };
    let schema =
        content.get(chosen).and_then(|media| media.get("schema")).cloned().unwrap_or_else(|| json!({}));
    (Payload::Json(schema), content.keys().filter(|name| *name != chosen).cloned().collect())
}

/// `default` stands for every error, and for success where no success is listed.
fn split_default(draft: &mut Draft, pointer: &str, mut responses: Vec<Response>) -> Vec<Response> {
    let Some(index) = responses.iter().position(|response| response.status == "default") else {
        return responses;
    };
    let default = responses.remove(index);
    let mut ranges = vec!["4XX", "5XX"];
    if !responses.iter().any(|response| response.status.starts_with(['2', '3'])) {
        ranges.insert(0, "2XX");
    }
    ranges.retain(|range| responses.iter().all(|response| response.status != *range));
    draft.report(&format!("{pointer}/default"), format!("became {}", ranges.join(", ")));
    responses.extend(ranges.into_iter().map(|range| Response {
        status: range.to_owned(),
        description: default.description.clone(),
        payload: default.payload.clone(),
        dropped: Vec::new(),
    }));
    responses
}

/// Keeps the successes of one type: the first one with JSON, else the first one with bytes, else none.
fn one_success(draft: &mut Draft, pointer: &str, successes: Vec<Response>) -> Vec<Response> {
    let rank = |response: &&Response| match response.payload {
        Payload::Json(_) => 0,
        Payload::Bytes => 1,
        Payload::Nothing => 2,
    };
    let Some(wanted) = successes.iter().min_by_key(rank).map(|response| response.payload.clone()) else {
        return successes;
    };
    let mut kept = Vec::new();
    for mut response in successes {
        if alike(&response.payload, &wanted) {
            response.payload = wanted.clone();
            kept.push(response);
        } else {
            draft.report(
                &child(pointer, &response.status),
                "left to the caller, since its type is another one",
            );
        }
    }
    kept
}

/// Keeps the errors of the only type with JSON; where there are several, all errors are bytes.
fn one_error(draft: &mut Draft, pointer: &str, errors: Vec<Response>) -> Vec<Response> {
    let mut types: Vec<Payload> = Vec::new();
    for error in &errors {
        if error.payload != Payload::Nothing && !types.iter().any(|known| alike(known, &error.payload)) {
            types.push(error.payload.clone());
        }
    }
    let wanted = match types.as_slice() {
        [] => Payload::Nothing,
        [only] => only.clone(),
        _ => {
            draft.report(pointer, "errors of several types are bytes");
            Payload::Bytes
        }
    };
    let mut kept = Vec::new();
    for mut error in errors {
        if error.payload == Payload::Nothing && wanted != Payload::Nothing {
            draft.report(&child(pointer, &error.status), "left to the caller, since it has no body");
            continue;
        }
        error.payload = wanted.clone();
        kept.push(error);
    }
    kept
}

fn alike(one: &Payload, other: &Payload) -> bool {
    match (one, other) {
        (Payload::Json(one), Payload::Json(other)) => same(one, other),
        _ => one == other,
    }
}

fn write(draft: &mut Draft, place: &Place, responses: Vec<Response>) {
    let mut written = Map::new();
    for response in responses {
        let content = match response.payload {
            Payload::Nothing => json!({}),
            Payload::Json(schema) => json!({ "application/json": { "schema": schema } }),
            Payload::Bytes => {
                json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } })
            }
        };
        written.insert(response.status, json!({ "description": response.description, "content": content }));
    }
    if let Some(operation) = draft.object_mut(&place.pointer) {
        operation.insert("responses".to_owned(), Value::Object(written));
    }
}
