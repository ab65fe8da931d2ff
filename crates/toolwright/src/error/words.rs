//! The upstream's own words: message, code and documentation link out of the error bodies that APIs write.

use std::borrow::Cow;

use serde_json::Value;

use super::Scrubber;
use crate::schema::shorten;

/// The longest message that is taken over, in characters.
const MESSAGE: usize = 1000;
/// The longest list of details that is taken over, in characters.
const DETAILS: usize = 500;
/// How much of a page or an unknown text is taken over, in characters.
const PAGE: usize = 200;
/// How much of a page is read, in bytes: its beginning says what it is.
const READ: usize = 16 * 1024;
/// Elements whose content is not for reading: how they open and how they close.
const UNSHOWN: [(&str, &str); 3] = [("<script", "</script"), ("<style", "</style"), ("<!--", "-->")];

/// What an error body says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) message: Option<String>,
    pub(super) code: Option<String>,
    pub(super) docs: Option<String>,
}

impl Words {
    pub(super) fn from_body(body: &[u8], scrubber: &Scrubber<'_>) -> Self {
        if body.is_empty() {
            return Self::default();
        }
        if let Ok(mut value) = serde_json::from_slice::<Value>(body) {
            scrubber.scrub_value(&mut value);
            return Self::from_json(&value);
        }
        let text = plain_text(&scrubber.scrub(&String::from_utf8_lossy(body)), PAGE);
        Self { message: Some(text).filter(|text| !text.is_empty()), ..Self::default() }
    }

    fn from_json(value: &Value) -> Self {
        let nested = value.get("error").filter(|error| error.is_object());
        let sources = [nested, Some(value)];
        let find = |names: &[&str]| {
            sources
                .iter()
                .flatten()
                .find_map(|source| names.iter().find_map(|name| text_of(source.get(name)?)))
        };
        let error = value.get("error").and_then(text_of);
        let message = find(&["message", "error_description", "detail", "description", "msg", "reason"])
            .or_else(|| error.clone())
            .or_else(|| find(&["title"]))
            .or_else(|| text_of(value));
        let details = sources.iter().flatten().find_map(|source| details(source));
        let message = match (message, details) {
            (Some(message), Some(details)) => Some(format!("{} ({details})", shorten(&message, MESSAGE))),
            (Some(message), None) => Some(shorten(&message, MESSAGE)),
            (None, _) => Some(shorten(&value.to_string(), DETAILS)),
        };
        // Beside a message, a bare word under `error` is a code: `{"error": "not_found", "message": "…"}`.
        let code = find(&["code", "error_code", "errorCode"])
            .or_else(|| error.filter(|error| is_word(error) && Some(error) != message.as_ref()))
            .or_else(|| find(&["type"]).filter(|name| is_word(name)));
        let docs =
            find(&["docs", "documentation_url", "help", "more_info", "type"]).filter(|link| is_link(link));
        Self {
            message,
            code: code.map(|code| shorten(&code, 100)),
            docs: docs.map(|link| shorten(&link, 500)),
        }
    }
}

/// A text, a number, or a list of them.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(items) => {
            let texts: Vec<String> = items
                .iter()
                .filter_map(|item| text_of(item).or_else(|| text_of(item.get("message")?)))
                .collect();
            (!texts.is_empty()).then(|| texts.join("; "))
        }
        _ => None,
    }
}

fn details(source: &Value) -> Option<String> {
    let details = ["details", "errors", "violations", "issues"].iter().find_map(|name| source.get(name))?;
    let empty = match details {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    (!empty).then(|| shorten(&text_of(details).unwrap_or_else(|| details.to_string()), DETAILS))
}

fn is_word(text: &str) -> bool {
    !text.contains(char::is_whitespace) && !is_link(text) && text != "about:blank" && text.len() <= 100
}

fn is_link(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// The beginning of a page or text, without its markup, in one line of at most `limit` characters.
pub(crate) fn plain_text(page: &str, limit: usize) -> String {
    let page = &page[..page.floor_char_boundary(READ)];
    let text = if page.contains("</") { without_markup(page).into() } else { Cow::from(page) };
    let words: Vec<&str> = text.split_whitespace().collect();
    shorten(&words.join(" "), limit)
}

fn without_markup(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        text.push(' ');
        let tag = &rest[start..];
        let close = UNSHOWN
            .iter()
            .filter(|(open, _)| tag.get(..open.len()).is_some_and(|head| head.eq_ignore_ascii_case(open)))
            .find_map(|(_, close)| find_ignoring_case(tag, close))
            .unwrap_or(0);
        rest = tag[close..].find('>').map_or("", |end| &tag[close + end + 1..]);
    }
    text.push_str(rest);
    text
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes().windows(wanted.len()).position(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
}

#[cfg(test)]
mod tests;
