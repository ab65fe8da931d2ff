use toolwright_catalog::{Call, Catalog};
use toolwright_openapi::client_document::ClientDocument;

use super::{code, count, counted, table};

/// How the typed client differs from the document: the operations that it lacks, and every change by rule.
pub(crate) fn client(catalog: &Catalog, client: &ClientDocument) -> String {
    let mut text = format!(
        "# The client of {}\n\n{}. The client is generated from a client document that is made from the API's document by \
         named rules. This page lists everything that they changed.\n",
        catalog.api.title,
        count(client.operations.len(), "method"),
    );
    text.push_str(&generic(catalog, client));
    let rules = counted(&client.changes);
    if rules.is_empty() {
        return text;
    }
    let rows: Vec<Vec<String>> = rules
        .iter()
        .map(|(rule, changes)| vec![format!("[{0}](#{0})", rule.name), changes.len().to_string(), rule.why.to_owned()])
        .collect();
    text.push_str(&format!("\n## Rules\n\n{}", table(&["Rule", "Changes", "What it does and why"], &rows)));
    for (rule, changes) in rules {
        text.push_str(&format!("\n### {}\n\n", rule.name));
        for change in changes {
            let place = if change.pointer.is_empty() { "everywhere".to_owned() } else { code(&format!("#{}", change.pointer)) };
            text.push_str(&format!("- {place}: {}\n", change.detail));
        }
    }
    text
}

fn generic(catalog: &Catalog, client: &ClientDocument) -> String {
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
    if rows.is_empty() {
        return String::new();
    }
    rows.sort();
    format!(
        "\n## Operations without a method\n\nTools reach these through the generic executor.\n\n{}",
        table(&["Operation", "Request", "Tool", "Why"], &rows)
    )
}
