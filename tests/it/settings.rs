//! The page about the settings.

use std::path::Path;

use toolwright_cli::App;

/// The page, with a generated table for each program.
const PAGE: &str = "../docs/settings.md";
const COMMAND: &str = "UPDATE_SETTINGS=1 cargo test -p toolwright-tests settings";

#[test]
fn the_page_about_the_settings_has_the_table_of_each_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let page = std::fs::read_to_string(&path).unwrap();
    let apps = [titan_mcp::app(), kirim_mcp::app(), whatsapp_mcp_api::app()];
    let current = apps.iter().fold(page.clone(), |page, app| with_table(&page, app));
    if std::env::var_os("UPDATE_SETTINGS").is_some() {
        std::fs::write(&path, &current).unwrap();
        return;
    }
    assert!(page == current, "a table in docs/settings.md is not that of its program; run `{COMMAND}`");
}

/// The page, with what the program says between the two lines that name it.
fn with_table(page: &str, app: &App) -> String {
    let start = format!("<!-- The table of {} is made by `{COMMAND}`; do not edit it. -->", app.name);
    let end = format!("<!-- The table of {} ends here. -->", app.name);
    let (before, rest) = page.split_once(&start).unwrap_or_else(|| panic!("the page has no line {start}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("the page has no line {end}"));
    format!("{before}{start}\n\n{}\n\n{end}{after}", toolwright_cli::settings_table(app).trim())
}
