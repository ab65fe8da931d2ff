//! What [`tools!`](crate::tools) emits: the tools of one API as data, and one function per tool.

use futures_util::future::BoxFuture;
use toolwright_client::CallContext;

use crate::arguments::{Arguments, Mismatch};

/// The tools of one API, as the macro emits them.
#[derive(Debug)]
pub struct Api {
    /// The catalog without its tools, as JSON.
    pub catalog: &'static str,
    /// One entry per tool, sorted by name. Tools whose Cargo feature is off are absent.
    pub tools: &'static [Entry],
}

/// One tool.
#[derive(Debug)]
pub struct Entry {
    /// The tool's name.
    pub name: &'static str,
    /// The tool's catalog entry, as JSON.
    pub definition: &'static str,
    /// How it is called.
    pub invoke: Invoke,
}

/// How a tool is called.
#[derive(Debug, Clone, Copy)]
pub enum Invoke {
    /// Through a method of the typed client.
    Typed(fn(CallContext, Arguments) -> TypedCall),
    /// Through the generic executor.
    Generic,
}

/// A call of the typed client under way. What the API answered is in the call context; this says only whether the
/// arguments fitted the client's types, and whether the answer did.
pub type TypedCall = BoxFuture<'static, Result<Decoded, Mismatch>>;

/// How the typed client read the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// The answer has the documented shape, or the call failed before there was an answer to read.
    AsDocumented,
    /// The answer does not have the documented shape. It is delivered all the same, with this note.
    Differs(String),
}
