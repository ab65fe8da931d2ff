use toolwright_catalog::{Catalog, Source, Tool};

use super::{code, count, table};

/// The tools of an API by domain, what is no tool and why, and its resources and prompts.
pub(crate) fn tools(catalog: &Catalog) -> String {
    let mut text = format!(
        "# Tools of {}\n\n{} in {}, made from version {} of the API.\n",
        catalog.api.title,
        count(catalog.tools.len(), "tool"),
        count(used_domains(catalog), "domain"),
        catalog.api.version,
    );
    for domain in &catalog.domains {
        let rows: Vec<Vec<String>> =
            catalog.tools.iter().filter(|tool| tool.domain == domain.name).map(|tool| row(catalog, tool)).collect();
        if rows.is_empty() {
            continue;
        }
        text.push_str(&format!("\n## {}\n\n", domain.name));
        if !domain.description.is_empty() {
            text.push_str(&format!("{}\n\n", domain.description));
        }
        text.push_str(&table(&head(catalog), &rows));
    }
    text.push_str(&scopes(catalog));
    text.push_str(&untooled(catalog));
    text.push_str(&resources(catalog));
    text.push_str(&prompts(catalog));
    text
}

fn used_domains(catalog: &Catalog) -> usize {
    catalog.domains.iter().filter(|domain| catalog.tools.iter().any(|tool| tool.domain == domain.name)).count()
}

fn has_sources(catalog: &Catalog) -> bool {
    catalog.tools.iter().any(|tool| tool.operation.source.is_some())
}

fn head(catalog: &Catalog) -> Vec<&'static str> {
    let mut head = vec!["Tool", "Request", "Scopes", "Effect"];
    if has_sources(catalog) {
        head.push("Source");
    }
    head
}

fn row(catalog: &Catalog, tool: &Tool) -> Vec<String> {
    let scopes: Vec<String> = tool.scopes.iter().map(|scope| code(scope)).collect();
    let mut row = vec![
        code(&tool.name),
        code(&format!("{} {}", tool.operation.method, tool.operation.path)),
        scopes.join(", "),
        tool.effect.as_str().to_owned(),
    ];
    if has_sources(catalog) {
        row.push(source(tool.operation.source, tool.operation.docs.as_deref()));
    }
    row
}

/// Where the knowledge comes from, linked to the vendor's page where that describes the operation.
fn source(source: Option<Source>, docs: Option<&str>) -> String {
    match (source, docs) {
        (Some(Source::Documented), Some(url)) => format!("[documented]({url})"),
        (Some(source), _) => source.as_str().to_owned(),
        (None, _) => String::new(),
    }
}

fn scopes(catalog: &Catalog) -> String {
    let rows: Vec<Vec<String>> =
        catalog.scopes.iter().map(|(scope, meaning)| vec![code(scope), meaning.clone()]).collect();
    section("Scopes", &table(&["Scope", "What it covers"], &rows))
}

fn untooled(catalog: &Catalog) -> String {
    let rows: Vec<Vec<String>> = catalog
        .untooled
        .iter()
        .map(|left| {
            vec![code(&left.operation_id), code(&format!("{} {}", left.method, left.path)), left.reason.clone()]
        })
        .collect();
    section("Operations that are not tools", &table(&["Operation", "Request", "Why"], &rows))
}

fn resources(catalog: &Catalog) -> String {
    let rows: Vec<Vec<String>> = catalog
        .resources
        .iter()
        .map(|resource| vec![code(&resource.uri), resource.description.clone(), code(&resource.tool)])
        .collect();
    section("Resources", &table(&["URI", "What it holds", "Read with"], &rows))
}

fn prompts(catalog: &Catalog) -> String {
    let rows: Vec<Vec<String>> = catalog
        .prompts
        .iter()
        .map(|prompt| {
            let arguments: Vec<String> = prompt
                .arguments
                .iter()
                .map(|argument| format!("{}{}", code(&argument.name), if argument.required { "" } else { " (optional)" }))
                .collect();
            vec![code(&prompt.name), prompt.description.clone(), arguments.join(", ")]
        })
        .collect();
    section("Prompts", &table(&["Prompt", "What it is for", "Arguments"], &rows))
}

fn section(title: &str, table: &str) -> String {
    if table.is_empty() { String::new() } else { format!("\n## {title}\n\n{table}") }
}
