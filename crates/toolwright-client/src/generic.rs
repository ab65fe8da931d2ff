//! The executor for what generated clients cannot express: several media types, multipart bodies, cookies, and the
//! ways of writing arrays and objects into a query.

mod encode;
mod multipart;
mod query;
mod request;

use std::fmt;

use serde_json::{Map, Value};

use crate::{CallContext, FileContent, exec::perform, operation::Route, prepare::prepare};

/// Carries out one operation and leaves the outcome in the context, with the same guards, limits and retries as a call
/// of a generated client.
pub async fn execute(context: &CallContext, request: GenericRequest) {
    let operation = request.operation.clone();
    let route = Route::from(&operation);
    let ready = request::build(context.upstream(), request).and_then(|mut ready| {
        prepare(context, &mut ready, route)?;
        Ok(ready)
    });
    let outcome = match ready {
        Ok(ready) => perform(context, Box::new(ready), route).await,
        Err(failure) => Err(failure),
    };
    context.record(outcome);
}

/// What the executor needs to know of an operation; [`OperationSpec`](crate::OperationSpec) for those that are not in a
/// client's table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenericOperation {
    /// The operation's id, for the log.
    pub id: String,
    /// The method, in capitals.
    pub method: String,
    /// The path template below the base URL, such as `/sessions/{session}/files`.
    pub template: String,
    /// The header that makes repeating a call safe, where the API declares one.
    pub idempotency_header: Option<String>,
}

impl GenericOperation {
    /// An operation without an idempotency header.
    pub fn new(id: &str, method: &str, template: &str) -> Self {
        Self {
            id: id.to_owned(),
            method: method.to_owned(),
            template: template.to_owned(),
            idempotency_header: None,
        }
    }
}

impl<'a> From<&'a GenericOperation> for Route<'a> {
    fn from(operation: &'a GenericOperation) -> Self {
        Self {
            id: &operation.id,
            method: &operation.method,
            template: &operation.template,
            idempotency_header: operation.idempotency_header.as_deref(),
        }
    }
}

/// One call of an operation.
///
/// `Debug` shows which operation it is and the names of the parameters, not their values.
#[derive(Clone, PartialEq)]
pub struct GenericRequest {
    /// The operation.
    pub operation: GenericOperation,
    /// The value of each variable of the path template, not encoded. Each must pass
    /// [`check_path_value`](crate::check_path_value).
    pub path: Vec<(String, String)>,
    /// The query parameters, in order.
    pub query: Vec<QueryPart>,
    /// The header parameters: printable ASCII.
    pub headers: Vec<(String, String)>,
    /// The cookie parameters. Characters that no cookie can have are percent-encoded, and so is `%`.
    pub cookies: Vec<(String, String)>,
    /// The body.
    pub body: Option<RequestBody>,
}

impl GenericRequest {
    /// A call without parameters and body.
    pub fn new(operation: GenericOperation) -> Self {
        Self { operation, path: vec![], query: vec![], headers: vec![], cookies: vec![], body: None }
    }

    /// With the value of one variable of the path template.
    #[must_use]
    pub fn path(mut self, name: &str, value: &str) -> Self {
        self.path.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With one query parameter.
    #[must_use]
    pub fn query(mut self, name: &str, value: Value, style: QueryStyle) -> Self {
        self.query.push(QueryPart { name: name.to_owned(), value, style });
        self
    }

    /// With one header parameter.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With one cookie parameter.
    #[must_use]
    pub fn cookie(mut self, name: &str, value: &str) -> Self {
        self.cookies.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With a body.
    #[must_use]
    pub fn body(mut self, body: RequestBody) -> Self {
        self.body = Some(body);
        self
    }
}

/// One query parameter.
#[derive(Clone, PartialEq)]
pub struct QueryPart {
    /// The name.
    pub name: String,
    /// The value. `null` and empty arrays and objects are left out; arrays and objects inside other ones are written as
    /// JSON, except in style [`Deep`](QueryStyle::Deep).
    pub value: Value,
    /// How an array or object is written. All styles write a plain value as `name=value`.
    pub style: QueryStyle,
}

/// How arrays and objects are written into a query (OpenAPI's `style` and `explode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryStyle {
    /// `name=a&name=b`; an object as `key=value&key=value` without the name (`form`, exploded).
    Repeated,
    /// `name=a,b`; an object as `name=key,value,key,value` (`form`, not exploded).
    Comma,
    /// `name=a%20b`; an object as `name=key%20value%20…` (`spaceDelimited`).
    Space,
    /// `name=a%7Cb`; an object as `name=key%7Cvalue%7C…` (`pipeDelimited`).
    Pipe,
    /// `name[key]=value`, to any depth; an array inside as `name[key]=a&name[key]=b` (`deepObject`). The brackets are
    /// percent-encoded.
    Deep,
}

/// A request body. A header parameter `Content-Type` replaces the media type, except that of a multipart body.
#[derive(Clone, PartialEq)]
pub enum RequestBody {
    /// `application/json`.
    Json(Value),
    /// `application/x-www-form-urlencoded`: arrays repeated, objects inside as JSON, `null` left out.
    Form(Map<String, Value>),
    /// `multipart/form-data`.
    Multipart(Vec<Part>),
    /// The bytes of a file, as `application/octet-stream` where its MIME type is not known.
    Binary(FileContent),
    /// Text.
    Text {
        /// The media type sent, such as `text/plain`.
        media_type: String,
        /// The text, sent as UTF-8.
        text: String,
    },
}

/// One part of a multipart body.
#[derive(Clone, PartialEq)]
pub struct Part {
    /// The name of the form's field.
    pub name: String,
    /// What is in it.
    pub content: PartContent,
}

/// What is in a part of a multipart body.
#[derive(Clone, PartialEq)]
pub enum PartContent {
    /// Text, without a media type.
    Text(String),
    /// `application/json`.
    Json(Value),
    /// A file. Without a name of its own it is called `file`, as servers take a part without a name for text.
    File(FileContent),
}

impl fmt::Debug for GenericRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn names(pairs: &[(String, String)]) -> Vec<&str> {
            pairs.iter().map(|(name, _)| name.as_str()).collect()
        }
        f.debug_struct("GenericRequest")
            .field("operation", &self.operation)
            .field("path", &names(&self.path))
            .field("query", &self.query)
            .field("headers", &names(&self.headers))
            .field("cookies", &names(&self.cookies))
            .field("body", &self.body)
            .finish()
    }
}

impl fmt::Debug for QueryPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueryPart")
            .field("name", &self.name)
            .field("style", &self.style)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(_) => f.write_str("Json(..)"),
            Self::Form(members) => f.debug_tuple("Form").field(&members.keys().collect::<Vec<_>>()).finish(),
            Self::Multipart(parts) => f.debug_tuple("Multipart").field(parts).finish(),
            Self::Binary(file) => f.debug_tuple("Binary").field(file).finish(),
            Self::Text { media_type, .. } => {
                f.debug_struct("Text").field("media_type", media_type).finish_non_exhaustive()
            }
        }
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part").field("name", &self.name).field("content", &self.content).finish()
    }
}

impl fmt::Debug for PartContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Text(..)"),
            Self::Json(_) => f.write_str("Json(..)"),
            Self::File(file) => f.debug_tuple("File").field(file).finish(),
        }
    }
}
