//! Descriptions that are fit for Rust documentation.

use serde_json::{Map, Value};

use super::draft::Draft;

pub(super) fn apply(draft: &mut Draft) {
    draft.each_schema(|schema, pointer, log| {
        if let Some(title) = schema.remove("title")
            && !schema.contains_key("description")
        {
            schema.insert("description".to_owned(), title);
            log.report(pointer, "the title became the description");
        }
    });
    let mut changed = Vec::new();
    texts(&mut draft.document, "", &mut changed);
    for pointer in changed {
        draft.report(&pointer, "marked code as text");
    }
}

/// Cleans every description and summary. Properties of these names are objects and stay as they are.
fn texts(value: &mut Value, pointer: &str, changed: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for key in ["description", "summary"] {
                clean(object, key, pointer, changed);
            }
            for (key, value) in object {
                texts(value, &crate::node::child(pointer, key), changed);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter_mut().enumerate() {
                texts(value, &format!("{pointer}/{index}"), changed);
            }
        }
        _ => {}
    }
}

fn clean(object: &mut Map<String, Value>, key: &str, pointer: &str, changed: &mut Vec<String>) {
    if let Some(Value::String(text)) = object.get_mut(key) {
        let cleaned = without_examples(text.trim_end());
        if cleaned.trim_end() != text.trim_end() {
            changed.push(format!("{pointer}/{key}"));
        }
        *text = cleaned;
    }
}

/// The same text with fenced code marked as text and without indented code, so that rustdoc compiles none of it.
fn without_examples(text: &str) -> String {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => {
                fence = Some(mark);
                lines.push(format!("{mark}text"));
            }
            (Some(open), Some(mark)) if open == mark => {
                fence = None;
                lines.push(mark.to_owned());
            }
            (Some(_), _) => lines.push(line.to_owned()),
            (None, None) => {
                let indent = (line.len() - trimmed.len()).min(3);
                lines.push(format!("{}{trimmed}", " ".repeat(indent)));
            }
        }
    }
    lines.extend(fence.map(str::to_owned));
    lines.join("\n")
}
