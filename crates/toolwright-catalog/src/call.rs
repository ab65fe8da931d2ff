//! How a tool calls its client: through a typed method, or through the generic executor.

use serde::{Deserialize, Serialize};

/// How a tool calls its client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Call {
    /// Through a method of the typed client, as its emitted signature says.
    Typed {
        /// The method's name.
        method: String,
        /// Its parameters after `&self`, in order.
        parameters: Vec<Parameter>,
        /// What it returns on success.
        returns: Returns,
    },
    /// Through the generic executor, because the typed client cannot express the operation.
    Generic {
        /// Which feature the typed client lacks, as a sentence.
        reason: String,
    },
}

/// One parameter of a typed client method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// What fills it.
    pub from: Slot,
    /// The Rust type as emitted, such as `&'a str` or `Option<&'a types::Filter>`.
    #[serde(rename = "type")]
    pub rust_type: String,
}

/// What fills a parameter of a typed client method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// The argument of this name.
    Argument(String),
    /// The request body, made of all arguments in [`Location::Property`](crate::Location::Property) or of the one in
    /// [`Location::Body`](crate::Location::Body).
    Body,
    /// Nothing: the parameter is always left out (an optional parameter that is hidden from the model).
    Absent,
}

/// What a typed client method returns on success.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Returns {
    /// A type that was decoded from JSON.
    Json,
    /// A stream of bytes.
    Bytes,
    /// Nothing.
    Unit,
}
