//! The catalog as a whole: read, checked and written.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{EVERYTHING, Prompt, Resource, Source, Tool, Toolset};

/// The version of the catalog's own format. A reader refuses any other.
pub const FORMAT: u32 = 1;

/// Everything that was decided, at generation time, about the MCP tools of one API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalog {
    /// The version of this format: [`FORMAT`].
    pub format: u32,
    /// SHA-256, in hex, of the document with its overlay applied. Client and catalog must agree on it.
    pub spec_hash: String,
    /// The API as a whole.
    pub api: Api,
    /// Every scope that an operation names, with what it covers.
    pub scopes: BTreeMap<String, String>,
    /// The domains (tags), in the order of the document.
    pub domains: Vec<Domain>,
    /// The sets of domains that the document names, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub toolsets: Vec<Toolset>,
    /// The names of the tools that are listed first, in the order that the document asks for; the others follow by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<String>,
    /// The tools, sorted by name, however they are listed.
    pub tools: Vec<Tool>,
    /// The operations that are not tools, and why, sorted by operation id.
    pub untooled: Vec<Untooled>,
    /// The resources, sorted by URI.
    pub resources: Vec<Resource>,
    /// The prompts, sorted by name.
    pub prompts: Vec<Prompt>,
}

/// The API as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// A short name: the folder under `openapi/`, the prefix of resource URIs and environment variables.
    pub name: String,
    /// The document's title.
    pub title: String,
    /// The document's version.
    pub version: String,
    /// The header in which the API wants a key, as it is. Without it, a key is sent as `Authorization: Bearer`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_header: Option<String>,
    /// What a model must know before it uses the tools: identifier forms, the order of set-up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
}

/// A group of operations: one tag of the document, one Cargo feature of the tools crate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// The name in snake_case; also the Cargo feature.
    pub name: String,
    /// A title for people: the tag as the document spells it.
    pub title: String,
    /// What the domain is about.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// An operation of the document that is not a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Untooled {
    /// The `operationId`.
    pub operation_id: String,
    /// The method, in capitals.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The domain it belongs to.
    pub domain: String,
    /// Where the knowledge of it comes from, where the document says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// Why it is not a tool.
    pub reason: String,
}

impl Catalog {
    /// Reads a catalog and checks what its consumers rely on: the format, names that are well-formed, unique and
    /// sorted, and references that resolve.
    ///
    /// # Errors
    /// Says what is wrong and where, in words for the person who looks at the file.
    pub fn from_json(text: &str) -> Result<Self, ParseError> {
        #[derive(Deserialize)]
        struct Head {
            format: Option<u32>,
        }
        let head: Head = serde_json::from_str(text).map_err(|error| ParseError(error.to_string()))?;
        match head.format {
            Some(FORMAT) => {}
            Some(other) => {
                return Err(ParseError(format!(
                    "the catalog has format {other}; this version of Toolwright reads format {FORMAT}"
                )));
            }
            None => return Err(ParseError("this is no catalog: it has no `format` member".to_owned())),
        }
        let catalog: Self = serde_json::from_str(text).map_err(|error| ParseError(error.to_string()))?;
        catalog.check()?;
        Ok(catalog)
    }

    /// The catalog as it is written to disk: one member a line, ending in a line feed.
    pub fn to_json(&self) -> String {
        // Serialising to a string fails only for maps with keys that are no strings, and there are none.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Finds a tool by name.
    pub fn tool(&self, name: &str) -> Option<&Tool> {
        let index = self.tools.binary_search_by(|tool| tool.name.as_str().cmp(name)).ok()?;
        self.tools.get(index)
    }

    /// The tools as they are listed: those that [`Catalog::order`] names, then the others by name.
    pub fn listed(&self) -> impl Iterator<Item = &Tool> {
        let first = self.order.iter().filter_map(|name| self.tool(name));
        first.chain(self.tools.iter().filter(|tool| !self.order.contains(&tool.name)))
    }

    fn check(&self) -> Result<(), ParseError> {
        for tool in &self.tools {
            if !is_tool_name(&tool.name) {
                return Err(ParseError(format!(
                    "tool name `{}` is not of the form ^[a-z][a-z0-9_]{{0,63}}$",
                    tool.name
                )));
            }
            if !self.domains.iter().any(|domain| domain.name == tool.domain) {
                return Err(ParseError(format!(
                    "tool `{}` belongs to domain `{}`, which the catalog does not list",
                    tool.name, tool.domain
                )));
            }
        }
        for (before, after) in self.tools.iter().zip(self.tools.iter().skip(1)) {
            match before.name.cmp(&after.name) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => {
                    return Err(ParseError(format!("there are two tools named `{}`", before.name)));
                }
                std::cmp::Ordering::Greater => {
                    return Err(ParseError(format!(
                        "tools are not sorted by name: `{}` stands before `{}`",
                        before.name, after.name
                    )));
                }
            }
        }
        self.check_toolsets()?;
        for (index, name) in self.order.iter().enumerate() {
            self.check_reference(name, "member", "order")?;
            if self.order.iter().take(index).any(|before| before == name) {
                return Err(ParseError(format!("`order` names tool `{name}` twice")));
            }
        }
        for resource in &self.resources {
            self.check_reference(&resource.tool, "resource", &resource.uri)?;
        }
        for prompt in &self.prompts {
            for tool in &prompt.tools {
                self.check_reference(tool, "prompt", &prompt.name)?;
            }
        }
        Ok(())
    }

    fn check_toolsets(&self) -> Result<(), ParseError> {
        for (index, toolset) in self.toolsets.iter().enumerate() {
            let name = &toolset.name;
            if !is_tool_name(name) || name == EVERYTHING {
                return Err(ParseError(format!("`{name}` cannot be the name of a toolset")));
            }
            if self.toolsets.iter().take(index).any(|before| before.name == *name) {
                return Err(ParseError(format!("there are two toolsets named `{name}`")));
            }
            let is_known = |domain: &String| self.domains.iter().any(|known| known.name == *domain);
            if let Some(domain) = toolset.domains.iter().find(|domain| !is_known(domain)) {
                return Err(ParseError(format!(
                    "toolset `{name}` has domain `{domain}`, which the catalog does not list"
                )));
            }
        }
        if self.toolsets.iter().filter(|toolset| toolset.default).count() > 1 {
            return Err(ParseError("more than one toolset is the default".to_owned()));
        }
        Ok(())
    }

    fn check_reference(&self, tool: &str, kind: &str, name: &str) -> Result<(), ParseError> {
        if self.tool(tool).is_some() {
            return Ok(());
        }
        Err(ParseError(format!("{kind} `{name}` refers to tool `{tool}`, which the catalog does not list")))
    }
}

/// Whether a text may be a tool's name: `^[a-z][a-z0-9_]{0,63}$`, which every large model provider accepts.
pub fn is_tool_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() <= 64
        && bytes.first().is_some_and(u8::is_ascii_lowercase)
        && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'_')
}

/// Why a text is not a catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError(String);

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ParseError {}
