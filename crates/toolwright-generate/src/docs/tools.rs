//! The page of tools.

use toolwright_catalog::{Catalog, EVERYTHING, Source, Tool};

use super::{code, count, page, section, table};

/// The tools of an API by domain, what is no tool and why, and its resources and prompts.
pub(crate) fn tools(catalog: &Catalog) -> String {
    let domains: Vec<(&str, &str, Vec<Vec<String>>)> = catalog
        .domains
        .iter()
        .map(|domain| {
            let tools = catalog.listed().filter(|tool| tool.domain == domain.name);
            (
                domain.name.as_str(),
                domain.description.as_str(),
                tools.map(|tool| row(catalog, tool)).collect(),
            )
        })
        .filter(|(_, _, rows): &(_, _, Vec<_>)| !rows.is_empty())
        .collect();
    let mut blocks = vec![
        format!("# Tools of {}", catalog.api.title),
        format!(
            "{} in {}, made from version {} of the API.",
            count(catalog.tools.len(), "tool"),
            count(domains.len(), "domain"),
            catalog.api.version,
        ),
    ];
    let key = |name| format!("A key of the API goes in the header {}, as it is.", code(name));
    blocks.extend(catalog.api.key_header.as_deref().map(key));
    blocks.extend(toolsets(catalog));
    for (name, description, rows) in domains {
        blocks.push(format!("## {name}"));
        blocks.extend((!description.is_empty()).then(|| description.to_owned()));
        blocks.push(table(&head(catalog), &rows));
    }
    blocks.extend(scopes(catalog));
    blocks.extend(untooled(catalog));
    blocks.extend(resources(catalog));
    blocks.extend(prompts(catalog));
    page(&blocks)
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

/// The named sets of domains, with the one that stands for everything.
fn toolsets(catalog: &Catalog) -> Vec<String> {
    if catalog.toolsets.is_empty() {
        return Vec::new();
    }
    let is_default = |is: bool| if is { "yes" } else { "" }.to_owned();
    let mut rows: Vec<Vec<String>> = catalog
        .toolsets
        .iter()
        .map(|toolset| {
            let domains: Vec<String> = toolset.domains.iter().map(|domain| code(domain)).collect();
            let (name, text) = (code(&toolset.name), toolset.description.clone());
            vec![name, domains.join(", "), text, is_default(toolset.default)]
        })
        .collect();
    let has_default = catalog.toolsets.iter().any(|toolset| toolset.default);
    let everything = "All tools.".to_owned();
    rows.push(vec![code(EVERYTHING), "all".to_owned(), everything, is_default(!has_default)]);
    section("Toolsets", &["Toolset", "Domains", "What it is for", "Offered if nothing is chosen"], &rows)
}

fn scopes(catalog: &Catalog) -> Vec<String> {
    let rows: Vec<Vec<String>> =
        catalog.scopes.iter().map(|(scope, meaning)| vec![code(scope), meaning.clone()]).collect();
    section("Scopes", &["Scope", "What it covers"], &rows)
}

fn untooled(catalog: &Catalog) -> Vec<String> {
    let rows: Vec<Vec<String>> = catalog
        .untooled
        .iter()
        .map(|left| {
            let request = format!("{} {}", left.method, left.path);
            vec![code(&left.operation_id), code(&request), left.reason.clone()]
        })
        .collect();
    section("Operations that are not tools", &["Operation", "Request", "Why"], &rows)
}

fn resources(catalog: &Catalog) -> Vec<String> {
    let rows: Vec<Vec<String>> = catalog
        .resources
        .iter()
        .map(|resource| vec![code(&resource.uri), resource.description.clone(), code(&resource.tool)])
        .collect();
    section("Resources", &["URI", "What it holds", "Read with"], &rows)
}

fn prompts(catalog: &Catalog) -> Vec<String> {
    let rows: Vec<Vec<String>> = catalog
        .prompts
        .iter()
        .map(|prompt| {
            let arguments: Vec<String> = prompt
                .arguments
                .iter()
                .map(|argument| {
                    let mark = if argument.required { "" } else { " (optional)" };
                    format!("{}{mark}", code(&argument.name))
                })
                .collect();
            vec![code(&prompt.name), prompt.description.clone(), arguments.join(", ")]
        })
        .collect();
    section("Prompts", &["Prompt", "What it is for", "Arguments"], &rows)
}
