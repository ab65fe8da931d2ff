//! The page about the typed client, and how it differs from the document.

use toolwright_catalog::{Call, Catalog};
use toolwright_openapi::client_document::{Change, ClientDocument};

use super::{code, count, counted, page, section};

/// How the typed client differs from the document: the operations that it lacks, and every change by rule.
pub(crate) fn client(catalog: &Catalog, client: &ClientDocument) -> String {
    let mut blocks = vec![
        format!("# The client of {}", catalog.api.title),
        format!(
            "{}, generated from a client document that named rules make from the API's document. This page lists \
             everything that they changed.",
            count(client.operations.len(), "method"),
        ),
    ];
    let without_method = section(
        "Operations without a method",
        &["Operation", "Request", "Tool", "Why"],
        &operations_without_method(catalog, client),
    );
    blocks.extend(without_method);
    let rules = counted(&client.changes);
    let rows: Vec<Vec<String>> = rules
        .iter()
        .map(|(rule, changes)| {
            vec![format!("[{0}](#{0})", rule.name), changes.len().to_string(), rule.why.to_owned()]
        })
        .collect();
    blocks.extend(section("Rules", &["Rule", "Changes", "What it does and why"], &rows));
    for (rule, changes) in rules {
        blocks.push(format!("### {}", rule.name));
        let items: Vec<String> = changes.into_iter().map(item).collect();
        blocks.push(items.join("\n"));
    }
    page(&blocks)
}

fn item(change: &Change) -> String {
    let place = match change.pointer.as_str() {
        "" => "everywhere".to_owned(),
        pointer => code(&format!("#{pointer}")),
    };
    format!("- {place}: {}", change.detail)
}

/// The operations that the typed client lacks, with the tools that reach them through the generic executor.
fn operations_without_method(catalog: &Catalog, client: &ClientDocument) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for tool in &catalog.tools {
        if let Call::Generic { reason } = &tool.call {
            let request = format!("{} {}", tool.operation.method, tool.operation.path);
            rows.push(vec![code(&tool.operation.id), code(&request), code(&tool.name), reason.clone()]);
        }
    }
    for left in &catalog.untooled {
        if let Some(reason) = client.left_out.get(&left.operation_id) {
            let request = format!("{} {}", left.method, left.path);
            rows.push(vec![code(&left.operation_id), code(&request), String::new(), reason.clone()]);
        }
    }
    rows.sort();
    rows
}
