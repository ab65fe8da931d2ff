//! How arrays and objects are written into paths, queries, headers and cookies.

use serde_json::Value;
use toolwright_catalog::{Location, Style};

use super::argument::Draft;
use crate::node::Node;
use crate::schema::types;

/// How a structured value is written. What no client of ours can write is marked, and reported if it is not hidden.
pub(super) fn write(draft: &mut Draft, node: &Node<'_>) {
    let name = draft.argument.wire.clone();
    let location = draft.argument.location;
    if node.get("schema").is_none() {
        draft.unsupported =
            Some(format!("parameter `{name}` is described by `content`, as text within text"));
        return;
    }
    let is_query = location == Location::Query;
    let is_form = is_query || location == Location::Cookie;
    let style = node.text("style").unwrap_or(if is_form { "form" } else { "simple" });
    let explode = node.value.get("explode").and_then(Value::as_bool).unwrap_or(style == "form");
    if location == Location::Cookie {
        draft.generic = Some("A cookie is sent.");
    }
    let kinds = types(&draft.schema);
    let (is_array, is_object) = (kinds.contains(&"array"), kinds.contains(&"object"));
    if !is_array && !is_object {
        if matches!(style, "label" | "matrix") {
            draft.unsupported = Some(format!("parameter `{name}` has style `{style}`"));
        }
        return;
    }
    match (location, style, explode) {
        (Location::Query, "form" | "spaceDelimited" | "pipeDelimited", true) if is_array => {}
        (Location::Query, "form", false) if is_array => {
            draft.set_style(Style::Comma, "An array is joined by commas in the query.");
        }
        (Location::Query, "spaceDelimited", false) if is_array => {
            draft.set_style(Style::Space, "An array is joined by spaces in the query.");
        }
        (Location::Query, "pipeDelimited", false) if is_array => {
            draft.set_style(Style::Pipe, "An array is joined by bars in the query.");
        }
        (Location::Query, "deepObject", _) if is_object => {
            draft.set_style(Style::Deep, "An object is spread over the query as `name[key]=value`.");
        }
        (Location::Path, "simple", _) if is_array => {
            draft.generic = Some("An array is a segment of the path.");
        }
        (Location::Header, "simple", _) if is_array => draft.generic = Some("An array is a header."),
        _ => {
            let what = if is_array { "an array" } else { "an object" };
            let where_ = node.text("in").unwrap_or_default();
            draft.unsupported = Some(format!(
                "parameter `{name}` is {what} in the {where_} with style `{style}` and explode {explode}"
            ));
        }
    }
}

impl Draft {
    fn set_style(&mut self, style: Style, reason: &'static str) {
        self.argument.style = Some(style);
        self.generic = Some(reason);
    }
}
