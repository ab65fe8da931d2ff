//! The pages for readers: the tools, and what the client document changes.

use toolwright_openapi::client_document::{Change, RULES, Rule};

mod client;
mod tools;

pub(crate) use client::client;
pub(crate) use tools::tools;

/// The rules that changed something, in their order, with their changes.
pub(crate) fn counted(changes: &[Change]) -> Vec<(&'static Rule, Vec<&Change>)> {
    RULES
        .iter()
        .map(|rule| (rule, changes.iter().filter(|change| change.rule == rule.name).collect::<Vec<_>>()))
        .filter(|(_, changes)| !changes.is_empty())
        .collect()
}

/// Markdown blocks as a page.
fn page(blocks: &[String]) -> String {
    let mut page = blocks.join("\n\n");
    page.push('\n');
    page
}

/// A heading and a Markdown table; nothing where it would have no rows.
fn section(title: &str, head: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    if rows.is_empty() { Vec::new() } else { vec![format!("## {title}"), table(head, rows)] }
}

/// A Markdown table.
fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut lines = vec![format!("| {} |", head.join(" | ")), format!("|{}", "---|".repeat(head.len()))];
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell_text(cell)).collect();
        lines.push(format!("| {} |", cells.join(" | ")));
    }
    lines.join("\n")
}

/// Text that stays within one cell.
fn cell_text(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// A count with its noun: `1 tool`, `2 tools`.
fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
