//! What `x-mcp.arguments` says about arguments.

use std::collections::BTreeSet;

use serde_json::Value;
use toolwright_catalog::Argument;

use super::argument::Draft;
use crate::diagnostic::Sink;
use crate::naming;
use crate::schema::accepts;
use crate::x_mcp::Override;

/// What `x-mcp.arguments` says about the arguments of one tool, and which of it has been heeded.
#[derive(Debug)]
pub(super) struct Overrides<'x> {
    all: &'x [(String, Override)],
    heeded: Vec<bool>,
}

impl<'x> Overrides<'x> {
    pub(super) fn new(all: &'x [(String, Override)]) -> Self {
        Self { all, heeded: vec![false; all.len()] }
    }

    /// Whether something is said about an argument of this name.
    pub(super) fn speaks_of(&self, name: &str) -> bool {
        self.all.iter().any(|(known, _)| known == name)
    }

    fn find(&mut self, name: &str) -> Option<&'x Override> {
        let index = self.all.iter().position(|(known, _)| known == name)?;
        // A parameter comes before the body member of the same name; what is said is said about one of them.
        let heeded = self.heeded.get_mut(index).filter(|heeded| !**heeded)?;
        *heeded = true;
        self.all.get(index).map(|(_, change)| change)
    }

    /// Applies what is said about each draft. Those that are hidden go.
    pub(super) fn apply(&mut self, drafts: Vec<Draft>, sink: &mut Sink) -> Vec<Draft> {
        let change = |draft: Draft| match self.find(&draft.argument.name) {
            Some(change) => changed(draft, change, sink),
            None => Some(draft),
        };
        drafts.into_iter().filter_map(change).collect()
    }
}

/// What `x-mcp.arguments` says anywhere in the document: whether it names an argument of some tool.
#[derive(Debug, Default)]
pub(super) struct Heard {
    heeded: BTreeSet<String>,
    unheeded: Vec<(String, String, String)>,
}

impl Heard {
    /// Takes note of what one tool's overrides did. `known` are the tool's arguments; none where the tool could not be
    /// lowered, so that nothing can be said against its overrides.
    pub(super) fn take(&mut self, overrides: &Overrides<'_>, known: Option<&[Argument]>) {
        for ((name, change), heeded) in overrides.all.iter().zip(&overrides.heeded) {
            match known {
                Some(known) if !heeded => {
                    let names: Vec<&str> = known.iter().map(|argument| argument.name.as_str()).collect();
                    let remedy = naming::suggestion(name, &names);
                    let message = format!("`{name}` is no argument of any tool that this is about");
                    let unheeded = change
                        .pointers
                        .iter()
                        .map(|pointer| (pointer.clone(), message.clone(), remedy.clone()));
                    self.unheeded.extend(unheeded);
                }
                _ => self.heeded.extend(change.pointers.iter().cloned()),
            }
        }
    }

    /// Reports every override that no tool heeded.
    pub(super) fn report(self, sink: &mut Sink) {
        let mut reported = BTreeSet::new();
        for (pointer, message, remedy) in self.unheeded {
            if !self.heeded.contains(&pointer) && reported.insert(pointer.clone()) {
                sink.error(&pointer, message, remedy);
            }
        }
    }
}

fn changed(mut draft: Draft, change: &Override, sink: &mut Sink) -> Option<Draft> {
    let pointer = change.pointers.last().map_or("", String::as_str);
    if let Some(fixed) = &change.fixed {
        if !accepts(&draft.schema, fixed) {
            let message =
                format!("the constant {fixed} does not fit the schema of `{}`", draft.argument.wire);
            sink.error(pointer, message, "give a value that the document allows");
        }
        draft.argument.fixed = Some(fixed.clone());
    } else if change.hide == Some(true) {
        if draft.argument.required {
            let message = format!("`{}` is required, so it cannot be hidden", draft.argument.wire);
            sink.error(pointer, message, "give it a value with `const`");
        }
        return None;
    }
    if let Some(name) = &change.rename {
        draft.argument.name.clone_from(name);
    }
    if let Some(default) = &change.default {
        if !accepts(&draft.schema, default) {
            let message =
                format!("the default {default} does not fit the schema of `{}`", draft.argument.wire);
            sink.error(pointer, message, "give a value that the document allows");
        }
        draft.schema.insert("default".to_owned(), default.clone());
    }
    if let Some(description) = &change.description {
        draft.schema.insert("description".to_owned(), Value::from(description.as_str()));
    }
    Some(draft)
}
