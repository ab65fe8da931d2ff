//! Arguments into a request of the generic executor.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;
use toolwright_catalog::{Location, Style};
use toolwright_client::{
    FileContent, GenericOperation, GenericRequest, Part, PartContent, QueryPart, QueryStyle, RequestBody,
};

use super::{Arguments, Mismatch};
use crate::media_type::{essence, is_json};

/// What a request body is, by its media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyKind {
    Json,
    Form,
    Multipart,
    Text,
    Other,
}

impl BodyKind {
    pub(super) fn of(media_type: &str) -> Self {
        match essence(media_type).as_str() {
            json if is_json(json) => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            "multipart/form-data" => Self::Multipart,
            text if text.starts_with("text/") => Self::Text,
            _ => Self::Other,
        }
    }
}

impl Arguments {
    /// The request that these arguments make.
    ///
    /// # Errors
    /// The tool has no operation, or the body cannot be made of the arguments.
    pub(crate) fn into_request(mut self) -> Result<GenericRequest, Mismatch> {
        let tool = Arc::clone(&self.tool);
        let Some(operation) = &tool.operation else {
            return Err(Mismatch { pointer: String::new(), message: "the tool has no operation".to_owned() });
        };
        let mut request = GenericRequest::new(GenericOperation {
            id: operation.id.clone(),
            method: operation.method.clone(),
            template: operation.path.clone(),
            idempotency_header: operation.idempotency_header.clone(),
        });
        request.body = self.request_body()?;
        if let (Some(RequestBody::Json(_)), Some(body)) = (&request.body, tool.body())
            && body.media_type != "application/json"
        {
            // The executor says `application/json` of JSON unless it is told otherwise.
            request.headers.push(("Content-Type".to_owned(), body.media_type.clone()));
        }
        for argument in &tool.arguments {
            let value = match self.values.swap_remove(&argument.name) {
                None | Some(Value::Null) => continue,
                Some(value) => value,
            };
            let name = argument.wire.clone();
            let style = query_style(argument.style);
            match argument.location {
                Location::Path => request.path.push((name, text(&value).into_owned())),
                Location::Query => request.query.push(QueryPart { name, value, style }),
                Location::Header => request.headers.push((name, text(&value).into_owned())),
                Location::Cookie => request.cookies.push((name, text(&value).into_owned())),
                // The body has taken them.
                Location::Property | Location::Body => {}
            }
        }
        Ok(request)
    }

    fn request_body(&mut self) -> Result<Option<RequestBody>, Mismatch> {
        let tool = Arc::clone(&self.tool);
        let Some(body) = tool.body() else { return Ok(None) };
        let kind = BodyKind::of(&body.media_type);
        if let Some(name) = self.whole_body() {
            return self.whole_request_body(&name, kind, &body.media_type);
        }
        if !body.required && !self.has_properties() {
            return Ok(None);
        }
        let files = std::mem::take(&mut self.files);
        let wire_names = tool.arguments.iter().map(|argument| (&argument.name, &argument.wire));
        let properties = self.properties();
        Ok(Some(match kind {
            BodyKind::Multipart => {
                let mut parts: Vec<Part> =
                    properties.into_iter().flat_map(|(name, value)| parts(&name, value)).collect();
                for (name, wire) in wire_names {
                    let contents = files.get(name).into_iter().flatten().cloned();
                    parts.extend(
                        contents.map(|file| Part { name: wire.clone(), content: PartContent::File(file) }),
                    );
                }
                RequestBody::Multipart(parts)
            }
            BodyKind::Form => RequestBody::Form(properties),
            _ => RequestBody::Json(Value::Object(properties)),
        }))
    }

    fn whole_request_body(
        &mut self,
        name: &str,
        kind: BodyKind,
        media_type: &str,
    ) -> Result<Option<RequestBody>, Mismatch> {
        if let Some(file) = self.take_file(name) {
            return Ok(Some(RequestBody::Binary(typed(file, media_type))));
        }
        let Some(value) = self.take_optional::<Value>(name)? else { return Ok(None) };
        Ok(Some(match (kind, value) {
            (BodyKind::Form, Value::Object(members)) => RequestBody::Form(members),
            (BodyKind::Multipart, Value::Object(members)) => RequestBody::Multipart(
                members.into_iter().flat_map(|(name, value)| parts(&name, value)).collect(),
            ),
            (BodyKind::Text, value) => {
                RequestBody::Text { media_type: media_type.to_owned(), text: text(&value).into_owned() }
            }
            (_, value) => RequestBody::Json(value),
        }))
    }
}

/// A value as the text of a path segment, header, cookie or form field: lists and objects separated by commas
/// (OpenAPI's style `simple`).
pub(super) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => "".into(),
        Value::String(text) => text.into(),
        Value::Bool(_) | Value::Number(_) => value.to_string().into(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(",").into(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| format!("{name},{}", text(value)))
            .collect::<Vec<_>>()
            .join(",")
            .into(),
    }
}

/// A file with the media type that the API asks for, where the caller did not say what it is.
fn typed(file: FileContent, media_type: &str) -> FileContent {
    let exact = !media_type.contains('*');
    let mime_type = file.mime_type.or_else(|| exact.then(|| media_type.to_owned()));
    FileContent { mime_type, ..file }
}

/// The parts of one form field: one for each item of a list.
fn parts(name: &str, value: Value) -> Vec<Part> {
    let part = |content| Part { name: name.to_owned(), content };
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.into_iter().flat_map(|item| parts(name, item)).collect(),
        Value::Object(_) => vec![part(PartContent::Json(value))],
        _ => vec![part(PartContent::Text(text(&value).into_owned()))],
    }
}

fn query_style(style: Option<Style>) -> QueryStyle {
    match style {
        None | Some(Style::Repeated) => QueryStyle::Repeated,
        Some(Style::Comma) => QueryStyle::Comma,
        Some(Style::Space) => QueryStyle::Space,
        Some(Style::Pipe) => QueryStyle::Pipe,
        Some(Style::Deep) => QueryStyle::Deep,
    }
}
