//! Values and schema nodes in a few words.

use serde_json::{Map, Value};

/// How many characters of a value an error shows.
const SHOWN: usize = 60;

/// A text of at most `limit` characters, with control and direction characters escaped.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    let mut characters = text.chars();
    let mut short: String = characters.by_ref().take(limit).map(visible).collect();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}

/// A character as it is, or its escape where it would not be seen or would change how the text around it is shown.
fn visible(character: char) -> String {
    match character {
        '"' | '\'' | '\\' => character.to_string(),
        _ => character.escape_debug().to_string(),
    }
}

/// What came, in a few words: short values themselves, long ones by their beginning and size.
pub(crate) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => {
            let length = text.chars().count();
            if length <= SHOWN {
                return format!("\"{}\"", shorten(text, SHOWN));
            }
            format!("\"{}\" ({length} characters)", shorten(text, SHOWN))
        }
        Value::Array(items) => count(items.len(), "an array of", "item", "an empty array"),
        Value::Object(members) if members.is_empty() => "an empty object".to_owned(),
        Value::Object(members) => {
            let names: Vec<&str> = members.keys().map(String::as_str).take(6).collect();
            let more = if members.len() > names.len() { ", …" } else { "" };
            format!("an object with {}{more}", quoted(&names))
        }
    }
}

/// Names in backticks, separated by commas.
pub(crate) fn quoted(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", shorten(name, SHOWN))).collect();
    names.join(", ")
}

/// JSON types as a phrase: `text or an object`.
pub(crate) fn types<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut phrases: Vec<&str> = Vec::new();
    for name in names {
        let phrase = match name {
            "string" => "text",
            "integer" => "an integer",
            "number" => "a number",
            "boolean" => "true or false",
            "array" => "an array",
            "object" => "an object",
            other => other,
        };
        if !phrases.contains(&phrase) {
            phrases.push(phrase);
        }
    }
    phrases.join(" or ")
}

/// An example of what a schema node wants: `, for example "123@c.us"`; empty where it gives none.
pub(crate) fn example(node: Option<&Map<String, Value>>) -> String {
    let Some(node) = node else { return String::new() };
    let first = node.get("examples").and_then(|examples| examples.get(0));
    match first.or_else(|| node.get("example")) {
        Some(example) if example.to_string().chars().count() <= 120 => {
            format!(", for example {}", shorten(&example.to_string(), 120))
        }
        _ => String::new(),
    }
}

/// What a schema node is for, where its description says so in a few words: ` (Chat JID)`.
pub(crate) fn purpose(node: Option<&Map<String, Value>>) -> String {
    let description = node.and_then(|node| node.get("description")?.as_str()).unwrap_or_default();
    let sentence = description.split(". ").next().unwrap_or_default().trim().trim_end_matches('.');
    if sentence.is_empty() || sentence.chars().count() > 80 {
        String::new()
    } else {
        format!(" ({sentence})")
    }
}

fn count(number: usize, prefix: &str, noun: &str, none: &str) -> String {
    match number {
        0 => none.to_owned(),
        1 => format!("{prefix} 1 {noun}"),
        _ => format!("{prefix} {number} {noun}s"),
    }
}
