//! A JSON value together with where it stands in its document.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

/// A value and its JSON pointer.
#[derive(Debug, Clone)]
pub(crate) struct Node<'d> {
    pub(crate) value: &'d Value,
    pub(crate) pointer: String,
}

impl<'d> Node<'d> {
    /// The root of a document.
    pub(crate) fn root(value: &'d Value) -> Self {
        Self { value, pointer: String::new() }
    }

    /// The member of an object.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        self.value.as_object()?.get(key).map(|value| Self { value, pointer: child(&self.pointer, key) })
    }

    /// A text member of an object.
    pub(crate) fn text(&self, key: &str) -> Option<&'d str> {
        self.value.as_object()?.get(key)?.as_str()
    }

    /// A text member of an object without the white space around it, unless nothing is left.
    pub(crate) fn trimmed(&self, key: &str) -> Option<&'d str> {
        self.text(key).map(str::trim).filter(|text| !text.is_empty())
    }

    /// Whether a member is `true`.
    pub(crate) fn is_true(&self, key: &str) -> bool {
        self.value.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The value as an object.
    pub(crate) fn object(&self) -> Option<&'d Map<String, Value>> {
        self.value.as_object()
    }

    /// The members of an object; none where it is no object.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'d str, Self)> + use<'d> {
        let pointer = self.pointer.clone();
        self.value
            .as_object()
            .into_iter()
            .flatten()
            .map(move |(key, value)| (key.as_str(), Self { value, pointer: child(&pointer, key) }))
    }

    /// The items of an array; none where it is no array.
    pub(crate) fn items(&self) -> impl Iterator<Item = Self> + use<'d> {
        let pointer = self.pointer.clone();
        self.value
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
            .map(move |(index, value)| Self { value, pointer: format!("{pointer}/{index}") })
    }
}

/// The JSON pointer of a member.
pub(crate) fn child(parent: &str, key: &str) -> String {
    format!("{parent}/{}", escape(key))
}

/// A member name as a segment of a JSON pointer.
pub(crate) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The JSON pointer of a reference within a document: `#/components/schemas/Pet`. Nothing for a reference to elsewhere,
/// and for one whose percent-encoding hides no text.
pub(crate) fn pointer_of(reference: &str) -> Option<String> {
    let fragment = percent_decode_str(reference.strip_prefix('#')?);
    Some(fragment.decode_utf8().ok()?.into_owned())
}

/// A value for messages: itself where it is short, else its sort.
pub(crate) fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 40 { format!("`{text}`") } else { kind(value).to_owned() }
}

/// What sort of JSON value this is, for messages.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
