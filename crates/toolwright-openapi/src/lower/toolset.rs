//! Named sets of domains.

use toolwright_catalog::{Domain, EVERYTHING, Toolset, is_tool_name};

use crate::diagnostic::Sink;
use crate::naming::suggestion;
use crate::x_mcp::{Said, ToolsetHint};

/// Checks the sets that the root names.
pub(super) fn toolsets(hints: &[Said<ToolsetHint>], domains: &[Domain], sink: &mut Sink) -> Vec<Toolset> {
    let known: Vec<&str> = domains.iter().map(|domain| domain.name.as_str()).collect();
    for (index, Said { value: hint, pointer }) in hints.iter().enumerate() {
        if hint.name == EVERYTHING {
            let message = format!("`{EVERYTHING}` always stands for all tools");
            sink.error(pointer, message, "give the toolset another name");
        } else if !is_tool_name(&hint.name) {
            let message = format!("`{}` cannot be the name of a toolset", hint.name);
            sink.error(pointer, message, "use lower-case letters, digits and `_`, a letter first");
        }
        if hint.domains.is_empty() {
            sink.error(pointer, "the toolset has no domain, so it would offer nothing", "name at least one");
        }
        for (place, domain) in hint.domains.iter().enumerate() {
            if !known.contains(&domain.as_str()) {
                let pointer = format!("{pointer}/domains/{place}");
                sink.error(&pointer, format!("there is no domain `{domain}`"), suggestion(domain, &known));
            }
        }
        if let Some(other) = hints.iter().take(index).find(|other| other.value.default && hint.default) {
            let message = format!("the toolset `{}` is the default already", other.value.name);
            sink.error(pointer, message, "keep one of the two `default: true`");
        }
    }
    let toolset = |Said { value: hint, .. }: &Said<ToolsetHint>| Toolset {
        name: hint.name.clone(),
        description: hint.description.clone(),
        domains: hint.domains.clone(),
        default: hint.default,
    };
    hints.iter().map(toolset).collect()
}
