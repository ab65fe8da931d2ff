//! Routes of the API that are passed on: beside the tools, for those who use the API itself.
//!
//! A server that stands in for another has its REST routes too, so that one process is enough. The same callers may use
//! them, within the same policy, scopes and limits; the API answers. Metrics and the audit log have what they do as calls of the
//! tools that do the same.

/// One route that is passed on to the API, with query and body as they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path, the same here and below the API's base URL. It has no variables.
    pub path: &'static str,
    /// The tool that does the same, or something of the kind. Whoever may not call it may not use the route; and a tool for
    /// which the user is asked first has no route.
    pub tool: Option<&'static str>,
    /// Whether a request counts as a call of that tool, for whoever watches calls: metrics, the audit log.
    pub is_call: bool,
    /// Where in the API's answer its MCP endpoint is named, as a JSON pointer: there the address of this one is put.
    pub names_endpoint: Option<&'static str>,
}

impl Passed {
    /// A route that anyone may use who may call at all.
    pub const fn new(method: &'static str, path: &'static str) -> Self {
        Self { method, path, tool: None, is_call: false, names_endpoint: None }
    }

    /// Does the same as this tool: a request is a call of it.
    #[must_use]
    pub const fn as_tool(self, name: &'static str) -> Self {
        Self { tool: Some(name), is_call: true, ..self }
    }

    /// Does something else, only for those who may call this tool.
    #[must_use]
    pub const fn for_callers_of(self, name: &'static str) -> Self {
        Self { tool: Some(name), is_call: false, ..self }
    }

    /// The answer names the MCP endpoint at this JSON pointer.
    #[must_use]
    pub const fn naming_endpoint(self, pointer: &'static str) -> Self {
        Self { names_endpoint: Some(pointer), ..self }
    }
}
