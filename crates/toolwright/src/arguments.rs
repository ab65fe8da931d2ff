//! The arguments of a call: checked, mended where their meaning is plain, and placed in the request.

mod check;
mod idempotency;
mod repair;
mod request;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use toolwright_catalog::Location;
use toolwright_client::{FetchPolicy, FileContent};

pub(crate) use self::idempotency::IdempotencyKey;
use self::request::BodyKind;
use crate::Tool;
use crate::schema::{pointer, shorten};

/// The arguments of one call, which fit the tool's schema. Values are taken out as the client's types ask for them.
pub struct Arguments {
    tool: Arc<Tool>,
    values: Map<String, Value>,
    /// The contents of the arguments that are files, by name.
    files: BTreeMap<String, Vec<FileContent>>,
}

/// An argument that fits the tool's schema but not what is made of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {message}")]
pub struct Mismatch {
    /// Where it stands, as a JSON pointer.
    pub pointer: String,
    /// What is wrong with it.
    pub message: String,
}

impl Arguments {
    /// The value of an argument, as long as nothing has taken it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// Takes a required argument.
    ///
    /// # Errors
    /// It is missing, or it is no `T`.
    pub fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Mismatch> {
        self.take_optional(name)?.ok_or_else(|| nothing_came(name))
    }

    /// Takes an optional argument. `null` counts as absent.
    ///
    /// # Errors
    /// It is no `T`.
    pub fn take_optional<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Mismatch> {
        match self.values.swap_remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => decode(value, || pointer(name)).map(Some),
        }
    }

    /// Takes the request body: the object made of all arguments that are its properties, or the argument that is the
    /// whole body.
    ///
    /// # Errors
    /// It is no `T`.
    pub fn body<T: DeserializeOwned>(&mut self) -> Result<T, Mismatch> {
        match self.whole_body() {
            Some(name) => self.take(&name),
            None => decode(Value::Object(self.properties()), String::new),
        }
    }

    /// Takes the request body as bytes: the content of a file, a text, or JSON.
    ///
    /// # Errors
    /// The body is required, and there is none.
    pub fn body_bytes(&mut self) -> Result<Vec<u8>, Mismatch> {
        let Some(name) = self.whole_body() else {
            return Ok(Value::Object(self.properties()).to_string().into_bytes());
        };
        if let Some(file) = self.take_file(&name) {
            return Ok(file.bytes.into());
        }
        match self.take_optional::<Value>(&name)? {
            Some(Value::String(text)) if self.body_kind() != Some(BodyKind::Json) => Ok(text.into_bytes()),
            Some(value) => Ok(value.to_string().into_bytes()),
            None if self.tool.body().is_some_and(|body| body.required) => Err(nothing_came(&name)),
            None => Ok(Vec::new()),
        }
    }

    /// What is left of the arguments, by name.
    pub(crate) fn values(&self) -> &Map<String, Value> {
        &self.values
    }

    /// What is left of the arguments, by name.
    pub fn into_values(self) -> Map<String, Value> {
        self.values
    }

    /// Reads the arguments that are files, and fetches those that are given by their URL.
    pub(crate) async fn load_files(&mut self, policy: &FetchPolicy) -> Result<(), Mismatch> {
        let Some(body) = self.tool.body() else { return Ok(()) };
        for argument in &self.tool.arguments {
            let is_of_body = matches!(argument.location, Location::Body | Location::Property);
            let is_file = is_of_body && body.files.contains(&argument.wire);
            let Some(value) = is_file.then(|| self.values.swap_remove(&argument.name)).flatten() else {
                continue;
            };
            let place = pointer(&argument.name);
            let contents = match value {
                Value::Null => continue,
                Value::Array(items) => items
                    .into_iter()
                    .enumerate()
                    .map(|(index, item)| (format!("{place}/{index}"), item))
                    .collect(),
                value => vec![(place, value)],
            };
            let mut files = Vec::with_capacity(contents.len());
            for (pointer, content) in contents {
                // Boxed: few calls fetch a file, and all would carry the room for it.
                let file = Box::pin(FileContent::load(&content, policy)).await;
                files.push(file.map_err(|error| Mismatch { pointer, message: error.to_string() })?);
            }
            self.files.insert(argument.name.clone(), files);
        }
        Ok(())
    }

    /// Takes the content of a file argument.
    fn take_file(&mut self, name: &str) -> Option<FileContent> {
        self.files.remove(name)?.into_iter().next()
    }

    /// The name of the argument that is the whole body.
    fn whole_body(&self) -> Option<String> {
        let whole = self.tool.arguments.iter().find(|argument| argument.location == Location::Body)?;
        Some(whole.name.clone())
    }

    fn body_kind(&self) -> Option<BodyKind> {
        self.tool.body().map(|body| BodyKind::of(&body.media_type))
    }

    /// Whether any argument goes into an object body.
    fn has_properties(&self) -> bool {
        let mut properties =
            self.tool.arguments.iter().filter(|argument| argument.location == Location::Property);
        !self.files.is_empty() || properties.any(|property| self.values.contains_key(&property.name))
    }

    /// Takes the properties of an object body, under the names that they have in the document.
    fn properties(&mut self) -> Map<String, Value> {
        let mut properties = Map::new();
        for argument in &self.tool.arguments {
            if self.values.is_empty() {
                // A call has few of the properties that the body of a union has.
                break;
            }
            if argument.location == Location::Property
                && let Some(value) = self.values.swap_remove(&argument.name)
            {
                properties.insert(argument.wire.clone(), value);
            }
        }
        properties
    }
}

impl fmt::Debug for Arguments {
    /// Names only: values belong to the caller.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.values.keys().chain(self.files.keys()).collect();
        formatter.debug_struct("Arguments").field("tool", &self.tool.name).field("names", &names).finish()
    }
}

fn nothing_came(name: &str) -> Mismatch {
    Mismatch { pointer: pointer(name), message: "required, but nothing came".to_owned() }
}

fn decode<T: DeserializeOwned>(value: Value, pointer: impl Fn() -> String) -> Result<T, Mismatch> {
    serde_json::from_value(value).map_err(|error| {
        let message = format!("the API's client cannot send it: {}", shorten(&error.to_string(), 200));
        Mismatch { pointer: pointer(), message }
    })
}
