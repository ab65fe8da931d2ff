//! Who may know whom. A new arrow is a visible line in this table.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Each crate, and the crates of this workspace that it may use outside tests.
const ARROWS: &[(&str, &[&str])] = &[
    ("kirim-client", &["toolwright-client"]),
    ("kirim-mcp", &["kirim-client", "toolwright", "toolwright-cli", "whatsapp-sandbox"]),
    ("titan-api-client", &["toolwright-client"]),
    ("titan-mcp", &["titan-api-client", "toolwright", "toolwright-cli", "whatsapp-sandbox"]),
    ("toolwright", &["toolwright-catalog", "toolwright-client", "toolwright-macros"]),
    ("toolwright-catalog", &[]),
    ("toolwright-cli", &["toolwright", "toolwright-http", "toolwright-stdio"]),
    ("toolwright-client", &[]),
    ("toolwright-conformance", &["toolwright", "toolwright-http"]),
    ("toolwright-expand", &["toolwright-catalog"]),
    ("toolwright-generate", &["toolwright-catalog", "toolwright-openapi"]),
    ("toolwright-http", &["toolwright"]),
    ("toolwright-macros", &["toolwright-expand"]),
    ("toolwright-openapi", &["toolwright-catalog"]),
    ("toolwright-stdio", &["toolwright"]),
    ("toolwright-tests", &[]),
    ("whatsapp-mcp-api", &["toolwright", "toolwright-cli", "whatsapp-sandbox", "whatsapp-web-client"]),
    (
        "whatsapp-sandbox",
        &[
            "kirim-client",
            "titan-api-client",
            "toolwright-client",
            "whatsapp-sandbox-client",
            "whatsapp-web-client",
        ],
    ),
    ("whatsapp-sandbox-client", &["toolwright-client"]),
    ("whatsapp-web-client", &["toolwright-client"]),
    ("xtask", &["toolwright-generate"]),
];

/// Outside crates that only these of ours may name.
const ONLY: &[(&str, &[&str])] = &[
    ("axum", &["toolwright-http", "whatsapp-sandbox"]),
    ("clap", &["toolwright-cli", "xtask"]),
    ("jsonschema", &["toolwright", "whatsapp-sandbox"]),
    ("jsonwebtoken", &["toolwright-http"]),
    ("object_store", &["whatsapp-sandbox"]),
    ("openapiv3", &["toolwright-generate"]),
    ("prettyplease", &["toolwright-generate"]),
    (
        "progenitor-client",
        &[
            "kirim-client",
            "titan-api-client",
            "toolwright-client",
            "whatsapp-sandbox-client",
            "whatsapp-web-client",
        ],
    ),
    ("progenitor-impl", &["toolwright-generate"]),
    ("quote", &["toolwright-expand", "toolwright-generate"]),
    (
        "reqwest",
        &[
            "kirim-client",
            "titan-api-client",
            "toolwright-client",
            "whatsapp-sandbox",
            "whatsapp-sandbox-client",
            "whatsapp-web-client",
        ],
    ),
    ("rmcp", &["toolwright", "toolwright-http", "toolwright-stdio"]),
    ("rusqlite", &["whatsapp-sandbox"]),
    ("serde_json_path", &["toolwright-openapi"]),
    ("syn", &["toolwright-expand", "toolwright-generate"]),
];

/// What each crate of the workspace depends on outside tests.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = MetadataCommand::new().no_deps().other_options(["--offline".to_owned()]).exec().unwrap();
    let packages = metadata.packages.iter().map(|package| {
        let uses = package.dependencies.iter().filter(|it| it.kind != DependencyKind::Development);
        (package.name.to_string(), uses.map(|it| it.name.clone()).collect())
    });
    packages.collect()
}

#[test]
fn our_crates_use_each_other_as_the_table_says() {
    let dependencies = dependencies();
    let ours: BTreeSet<&String> = dependencies.keys().collect();
    let found: BTreeMap<&str, BTreeSet<&str>> = dependencies
        .iter()
        .map(|(name, uses)| {
            (name.as_str(), uses.iter().filter(|it| ours.contains(it)).map(String::as_str).collect())
        })
        .collect();
    let expected: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(name, uses)| (*name, uses.iter().copied().collect())).collect();
    assert_eq!(found, expected);
}

#[test]
fn outside_crates_stay_behind_their_boundary() {
    let dependencies = dependencies();
    for (outside, allowed) in ONLY {
        let users: BTreeSet<&str> = dependencies
            .iter()
            .filter(|(_, uses)| uses.contains(*outside))
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(users, allowed.iter().copied().collect(), "who uses {outside}");
    }
}
