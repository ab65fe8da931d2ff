//! The response budget: what is too long for a model is cut so that the rest can be asked for.

use serde_json::{Map, Value};

use crate::Tool;
use crate::schema::quoted;

/// Arguments by which APIs let one ask for a part of a list.
const PAGING: [&str; 22] = [
    "after", "before", "count", "cursor", "end", "fields", "filter", "from", "limit", "offset", "page",
    "pagesize", "perpage", "q", "query", "search", "since", "skip", "start", "take", "to", "until",
];

/// How deep in an answer its list may stand: `[…]`, `{"data": […]}`, `{"data": {"items": […]}}`.
const LIST_DEPTH: usize = 2;

/// A JSON answer within the budget.
pub(super) struct Fitted {
    pub(super) text: String,
    /// What is left for structured content, where something was cut.
    pub(super) cut: Option<Value>,
    /// What was cut and how to get it.
    pub(super) note: Option<String>,
}

/// Cuts a JSON answer to at most `budget` bytes.
pub(super) fn fit_json(text: &str, value: &Value, tool: &Tool, budget: usize) -> Fitted {
    if text.len() <= budget {
        return Fitted { text: text.to_owned(), cut: None, note: None };
    }
    let compact = value.to_string();
    if compact.len() <= budget {
        return Fitted { text: compact, cut: None, note: None };
    }
    if let Some(fitted) = fit_list(value, compact.len(), tool, budget) {
        return fitted;
    }
    let (text, note) = cut(&compact, tool, budget);
    Fitted { text, cut: Some(leading_members(value, budget)), note }
}

/// Cuts a text to at most `budget` bytes, with a note where something was cut.
pub(super) fn fit_text(text: String, tool: &Tool, budget: usize) -> (String, Option<String>) {
    if text.len() <= budget { (text, None) } else { cut(&text, tool, budget) }
}

/// How a caller asks for less, or for the rest: the tool's own arguments for it.
pub(crate) fn paging_hint(tool: &Tool, lead: &str) -> String {
    let shown = tool.input.properties();
    let (paging, others): (Vec<&str>, Vec<&str>) = shown.partition(|name| is_paging(name));
    let required =
        |name: &&str| tool.arguments.iter().any(|argument| argument.name == **name && argument.required);
    let narrowing: Vec<&str> = others.into_iter().filter(|name| !required(name)).take(6).collect();
    if !paging.is_empty() {
        format!("{lead} with {}", quoted(&paging))
    } else if !narrowing.is_empty() {
        format!("{lead}: `{}` takes {}", tool.name, quoted(&narrowing))
    } else {
        "A tool that returns less may serve".to_owned()
    }
}

fn is_paging(name: &str) -> bool {
    let plain: String = name.chars().filter(|character| character.is_alphanumeric()).collect();
    PAGING.contains(&plain.to_lowercase().as_str())
}

/// Keeps as many items of the answer's longest list as there is room for.
fn fit_list(value: &Value, size: usize, tool: &Tool, budget: usize) -> Option<Fitted> {
    let (place, items) = longest_list(value, LIST_DEPTH)?;
    let sizes: Vec<usize> = items.iter().map(|item| item.to_string().len() + 1).collect();
    let around = size.saturating_sub(sizes.iter().sum());
    let mut room = budget.checked_sub(around)?;
    let mut kept = 0;
    for size in sizes {
        let Some(left) = room.checked_sub(size) else { break };
        room = left;
        kept += 1;
    }
    if kept == 0 {
        return None;
    }
    let all = items.len();
    let mut cut = value.clone();
    if let Some(Value::Array(items)) = cut.pointer_mut(&place) {
        items.truncate(kept);
    }
    let list = if place.is_empty() { "the list".to_owned() } else { format!("`{place}`") };
    let note = format!(
        "Cut: {kept} of the {all} items of {list} are shown, because the whole answer has {size} bytes and at most \
         {budget} are handed over. {}",
        paging_hint(tool, "Ask for the rest")
    );
    Some(Fitted { text: cut.to_string(), cut: Some(cut), note: Some(note) })
}

/// The list that takes the most room, and where it stands.
fn longest_list(value: &Value, depth: usize) -> Option<(String, &Vec<Value>)> {
    match value {
        Value::Array(items) => Some((String::new(), items)),
        Value::Object(members) if depth > 0 => members
            .iter()
            .filter_map(|(name, member)| {
                let (place, items) = longest_list(member, depth - 1)?;
                Some((format!("{}{place}", crate::schema::pointer(name)), items))
            })
            .max_by_key(|(_, items)| items.iter().map(|item| item.to_string().len()).sum::<usize>()),
        _ => None,
    }
}

fn cut(text: &str, tool: &Tool, budget: usize) -> (String, Option<String>) {
    let end = text.floor_char_boundary(budget);
    let note = format!(
        "Cut: the first {end} of {} bytes are shown, so that the text above ends in the middle. {}",
        text.len(),
        paging_hint(tool, "Ask for less")
    );
    (text[..end].to_owned(), Some(note))
}

/// The members of an object, from the first on, for which there is room.
fn leading_members(value: &Value, budget: usize) -> Value {
    let mut room = budget;
    let mut kept = Map::new();
    for (name, member) in value.as_object().into_iter().flatten() {
        let size = name.len() + member.to_string().len() + 4;
        if let Some(left) = room.checked_sub(size) {
            room = left;
            kept.insert(name.clone(), member.clone());
        }
    }
    Value::Object(kept)
}
