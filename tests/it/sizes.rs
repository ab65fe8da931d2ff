//! What the products consist of by hand, as `ARCHITECTURE.md` lists it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

const PAGE: &str = "../ARCHITECTURE.md";
const COMMAND: &str = "UPDATE_SIZES=1 cargo test -p toolwright-tests sizes";
const END: &str = "<!-- The table of sizes ends here. -->";

/// The products: the folder in `openapi`, the client crate and the tools crate.
const PRODUCTS: [[&str; 3]; 3] = [
    ["titan", "titan-api-client", "titan-mcp"],
    ["kirim", "kirim-client", "kirim-mcp"],
    ["whatsapp-web", "whatsapp-web-client", "whatsapp-mcp-api"],
];

/// What each module of a tools crate is for. One that is not here fails the test: it is to be named, too.
const PURPOSES: [(&str, &str); 7] = [
    ("lib", "Tools as a library"),
    ("main", "Program"),
    ("program", "Program"),
    ("conversation", "Tools that no operation is"),
    ("arguments", "How plain clients' arguments are read"),
    ("rules", "What arguments must be beside their schemas"),
    ("readiness", "What keeps the API from answering"),
];

/// Lines by purpose.
type Sizes = BTreeMap<&'static str, usize>;

#[test]
fn the_map_lists_the_hand_written_code_of_each_product_by_size() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = std::fs::read_to_string(&path).unwrap();
    let start = format!("<!-- The table is made by `{COMMAND}`; do not edit it. -->");
    let (before, rest) = page.split_once(&start).expect("the page says where the table begins");
    let (_, after) = rest.split_once(END).expect("the page says where the table ends");
    let table = table(&PRODUCTS.map(|product| sizes(&root, product)));
    let current = format!("{before}{start}\n\n{table}\n{END}{after}");
    if std::env::var_os("UPDATE_SIZES").is_some() {
        std::fs::write(&path, &current).unwrap();
        return;
    }
    assert!(page == current, "the sizes in ARCHITECTURE.md are not those of the code; run `{COMMAND}`");
}

fn sizes(root: &Path, [api, client, tools]: [&str; 3]) -> Sizes {
    let mut sizes = Sizes::from([("Overlay", lines(&root.join(format!("openapi/{api}/overlay.yaml"))))]);
    for (_, lines) in modules(&root.join("crates").join(client).join("src")) {
        *sizes.entry("Client crate").or_default() += lines;
    }
    for (module, lines) in modules(&root.join("crates").join(tools).join("src")) {
        let purpose = PURPOSES.iter().find(|(known, _)| *known == module);
        let (_, purpose) = purpose
            .unwrap_or_else(|| panic!("`{module}` of {tools} is written by hand: say what for in PURPOSES"));
        *sizes.entry(purpose).or_default() += lines;
    }
    sizes
}

/// The modules of a crate that are written by hand, with their lines, without tests.
fn modules(src: &Path) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut folders = vec![src.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(src).unwrap().iter().next().unwrap();
            let name = Path::new(name).file_stem().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() && name != "generated" {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
                found.push((name, lines(&path)));
            }
        }
    }
    found
}

fn lines(file: &Path) -> usize {
    std::fs::read_to_string(file).unwrap().lines().count()
}

/// The largest first, and what they are together at the end.
fn table(products: &[Sizes; 3]) -> String {
    let purposes: BTreeSet<&str> = products.iter().flat_map(|sizes| sizes.keys().copied()).collect();
    let all = |purpose: &str| -> usize { products.iter().filter_map(|sizes| sizes.get(purpose)).sum() };
    let mut purposes: Vec<&str> = purposes.into_iter().collect();
    purposes.sort_by_key(|purpose| std::cmp::Reverse(all(purpose)));
    let names = PRODUCTS.map(|[name, ..]| format!("`{name}`"));
    let mut table = format!("| Written by hand, in lines | {} |\n|---|---|---|---|\n", names.join(" | "));
    for purpose in purposes {
        let cells = products
            .each_ref()
            .map(|sizes| sizes.get(purpose).map_or_else(|| "–".to_owned(), ToString::to_string));
        writeln!(table, "| {purpose} | {} |", cells.join(" | ")).unwrap();
    }
    let rust = products.each_ref().map(|sizes| {
        let all: usize = sizes.values().sum();
        (all - sizes["Overlay"]).to_string()
    });
    writeln!(table, "| All Rust of these | {} |", rust.join(" | ")).unwrap();
    table
}
