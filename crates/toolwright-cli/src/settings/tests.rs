use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;

use clap::Command;
use tempfile::TempDir;
use toolwright::Toolset;
use toolwright::api::Api;
use toolwright::client::Upstream;

use super::{Settings, UsageError};
use crate::{App, args};

static NO_TOOLS: Api = Api { catalog: "{}", tools: &[] };

/// A server without tools: settings are found without looking at them.
pub(crate) fn app() -> App {
    App {
        name: "pets-mcp",
        version: "1.2.3",
        about: "Pets for agents",
        env_prefix: "PETS",
        docs: "https://pets.example.com",
        api: &NO_TOOLS,
        toolset: || Toolset::builder(&NO_TOOLS),
        defaults: &[],
        product: None,
        sandbox: Some(|_| Box::pin(async { Err("there is none".into()) })),
        drop_in: None,
    }
}

/// Reads settings from flags and variables.
pub(crate) fn read(flags: &[&str], variables: &[(&str, &str)]) -> Result<Settings, UsageError> {
    let command: Command = args::command(&app());
    let words = std::iter::once("pets-mcp").chain(flags.iter().copied());
    let matches = command.try_get_matches_from(words).expect("the flags exist");
    let matches = matches.subcommand().map_or(&matches, |(_, matches)| matches).clone();
    let variables: HashMap<String, OsString> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(value))).collect();
    let names = app().names();
    Settings::read(&names, &matches, &|name| variables.get(name).cloned())
}

fn error(flags: &[&str], variables: &[(&str, &str)]) -> String {
    read(flags, variables).expect_err("a mistake").to_string()
}

/// A configuration file, and its path as a flag.
fn file(text: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("settings.toml"), text).expect("a file");
    let flag = format!("--config={}", folder.path().join("settings.toml").display());
    (folder, flag)
}

/// What is wrong with a configuration file, without the folder that it lies in.
fn file_error(text: &str) -> String {
    let (folder, flag) = file(text);
    error(&[&flag], &[]).replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn a_flag_wins_over_a_variable_and_a_variable_over_the_file() {
    let (_folder, config) =
        file("base_url = \"https://file\"\ntimeout = 1\nlog = \"info\"\nread_only = true\n");
    let settings = read(
        &[&config, "--base-url=https://flag", "--read-only=false"],
        &[("PETS_BASE_URL", "https://variable"), ("PETS_MCP_TIMEOUT", "2")],
    )
    .expect("settings");
    assert_eq!(settings.text("base_url"), Some("https://flag"));
    assert_eq!(settings.number("timeout"), Some(2));
    assert_eq!(settings.text("log"), Some("info"));
    assert!(!settings.flag("read_only"));
}

#[test]
fn flags_that_could_have_no_effect_are_mistakes() {
    let told = error(&["--sandbox", "--base-url=https://real"], &[]);
    assert_eq!(
        told,
        "--base-url and --sandbox exclude each other: drop --base-url to use the simulated API, or --sandbox to use the API \
         at that address"
    );
    let told = error(&["--base-url=https://real"], &[("PETS_MCP_SANDBOX", "true")]);
    assert!(told.starts_with("--base-url and PETS_MCP_SANDBOX exclude each other"), "{told}");
    let told = error(&["--data=/var/pets"], &[("PETS_BASE_URL", "https://real")]);
    assert_eq!(told, "--data is for the sandbox, which is not in use: add --sandbox, or drop --data");
    assert!(error(&["--sandbox=false", "--sandbox-port=8080"], &[]).starts_with("--sandbox-port is for"));
}

#[test]
fn variables_may_be_there_for_another_start() {
    let variables = [("PETS_BASE_URL", "https://real"), ("PETS_MCP_DATA", "/var/pets")];
    assert!(read(&["--sandbox"], &variables).expect("settings").flag("sandbox"));
    assert_eq!(read(&[], &variables).expect("settings").text("base_url"), Some("https://real"));
    assert!(read(&["--base-url=https://real", "--sandbox=false"], &[]).is_ok());
}

#[test]
fn settings_may_stand_before_and_after_the_subcommand() {
    let settings = read(&["--read-only", "tools", "--include", "pets_*,owners_*", "--include=*_get"], &[]);
    let settings = settings.expect("settings");
    assert!(settings.flag("read_only"));
    assert_eq!(settings.list("include").expect("patterns"), ["pets_*", "owners_*", "*_get"]);
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    let settings = read(&[], &[("PETS_MCP_TIMEOUT", ""), ("PETS_API_KEY", "")]).expect("settings");
    assert_eq!(settings.number("timeout"), None);
}

#[test]
fn the_file_of_the_home_folder_is_read_where_it_exists() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join(".config/pets-mcp");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("config.toml"), "scopes = [\"pets:read\"]").expect("a file");
    let home = home.path().to_str().expect("UTF-8");
    let settings = read(&[], &[("HOME", home)]).expect("settings");
    assert!(settings.granted().allows(&["pets:read"]));
    assert!(!settings.granted().allows(&["pets:manage"]));
    let elsewhere = read(&[], &[("HOME", home), ("XDG_CONFIG_HOME", "/nowhere")]).expect("settings");
    assert!(elsewhere.file().is_none());
}

#[test]
fn each_mistake_in_a_file_is_told_with_its_line() {
    insta::assert_snapshot!(file_error(
        "base-ulr = \"https://x\"\ntimeout = \"30\"\nread_only = 1\ndomains = [\"pets\", 3]\ntransport = \"tcp\"\n\n\
         page_size = 0\nzebra = 1\nconfig = \"other.toml\"\nlog = 3\n"
    ));
}

#[test]
fn a_file_that_is_not_toml_is_told_with_its_line() {
    insta::assert_snapshot!(file_error("timeout = 3\nbase_url = \"https://x\n"));
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let told = error(&["--config=/nowhere/settings.toml"], &[]);
    assert!(told.starts_with("the configuration file /nowhere/settings.toml cannot be read:"), "{told}");
}

#[test]
fn mistakes_in_flags_and_variables_name_them() {
    insta::assert_snapshot!(error(
        &["--timeout=0", "--transport=tcp", "--read-only=maybe"],
        &[("PETS_MCP_PAGE_SIZE", "many")]
    ));
    insta::assert_snapshot!(error(&["--scopes=pets:re*"], &[]));
}

#[test]
fn a_key_is_read_from_a_file_beside_the_configuration() {
    let (folder, config) = file("api_key_file = \"key\"");
    fs::write(folder.path().join("key"), "secret-of-the-pets\n").expect("a file");
    let settings = read(&[&config], &[]).expect("settings");
    assert!(matches!(settings.credential(), toolwright::client::Credential::Key(_)));
    assert!(!format!("{settings:?}").contains("secret-of-the-pets"));
}

#[test]
fn a_key_file_as_flag_wins_over_a_key_in_a_variable() {
    let told = error(&["--api-key-file=/nowhere/key"], &[("PETS_API_KEY", "k")]);
    assert!(told.starts_with("--api-key-file (/nowhere/key) cannot be read:"), "{told}");
}

#[test]
fn two_keys_in_one_place_are_an_error() {
    let told = error(&[], &[("PETS_API_KEY", "k"), ("PETS_API_KEY_FILE", "f")]);
    assert_eq!(told, "PETS_API_KEY and PETS_API_KEY_FILE both give the key: remove one");
}

#[test]
fn a_placeholder_is_no_key() {
    let told = error(&[], &[("PETS_API_KEY", "${PETS_API_KEY}")]);
    assert!(told.starts_with("PETS_API_KEY is a placeholder that nobody has filled in"), "{told}");
}

#[test]
fn a_broken_key_is_not_repeated() {
    let told = error(&["--api-key=se\ncret"], &[]);
    assert!(told.starts_with("--api-key: ") && !told.contains("cret"), "{told}");
}

#[test]
fn limits_reach_the_upstream() {
    let settings = read(&["--timeout=5", "--max-response-bytes=1000"], &[]).expect("settings");
    let upstream =
        settings.limit(Upstream::builder("https://pets.example.com")).build().expect("an upstream");
    assert_eq!(upstream.limits().timeout.as_secs(), 5);
    assert_eq!(upstream.limits().max_response_bytes, 1000);
}

#[test]
fn the_documented_table_lists_every_setting() {
    insta::assert_snapshot!(crate::settings_table(&app()));
}

#[test]
fn the_help_explains_every_setting() {
    insta::assert_snapshot!(args::command(&app()).term_width(100).render_help());
}

/// Reads settings for a program with defaults of its own.
fn with_defaults(
    flags: &[&str],
    defaults: &'static [(&'static str, &'static str)],
) -> Result<Settings, UsageError> {
    let app = App { defaults, ..app() };
    let words = std::iter::once("pets-mcp").chain(flags.iter().copied());
    let matches = args::command(&app).try_get_matches_from(words).expect("the flags exist");
    Settings::read(&app.names(), &matches, &|_| None)
}

#[test]
fn a_default_of_the_program_holds_where_nothing_else_is_said() {
    let defaults = &[("base_url", "https://pets.example.org"), ("timeout", "7")];
    let settings = with_defaults(&[], defaults).expect("settings");
    assert_eq!(
        (settings.text("base_url"), settings.number("timeout")),
        (Some("https://pets.example.org"), Some(7))
    );
    let (_folder, flag) = file("timeout = 9\n");
    assert_eq!(with_defaults(&[&flag], defaults).expect("settings").number("timeout"), Some(9));
    let settings = with_defaults(&["--base-url=https://other.example.org"], defaults).expect("settings");
    assert_eq!(settings.text("base_url"), Some("https://other.example.org"));
}

#[test]
fn a_default_of_the_program_is_what_help_and_table_show() {
    let app = App { defaults: &[("base_url", "https://pets.example.org")], ..app() };
    let table = crate::settings_table(&app);
    assert!(table.contains("| `base_url` | https://pets.example.org |"), "{table}");
    let help = args::command(&app).render_long_help().to_string();
    assert!(help.contains("default: https://pets.example.org"), "{help}");
}

#[test]
fn a_wrong_default_of_the_program_is_told_as_its_own() {
    let error = |defaults| with_defaults(&[], defaults).expect_err("a mistake").to_string();
    assert_eq!(error(&[("time", "7")]), "this program has a default for `time`, which is no setting");
    let wrong = error(&[("timeout", "soon")]);
    assert!(wrong.starts_with("this program's `timeout` "), "{wrong}");
}
