use std::path::Path;

use super::{Client, Start};
use crate::settings::tests::{app, read};

fn rendered(flags: &[&str], variables: &[(&str, &str)]) -> String {
    let settings = read(flags, variables).expect("settings");
    let start = Start::of(&app(), &settings, Path::new("/opt/the pets/pets-mcp")).expect("a start");
    let clients = Client::ALL.map(|client| {
        let (text, notes) = start.render(client).expect("a configuration");
        format!("== {}\n{text}\n-- on stderr\n{}\n", client.as_str(), notes.join("\n"))
    });
    clients.join("\n")
}

#[test]
fn a_real_key_is_never_printed() {
    let text = rendered(
        &["--read-only", "--exclude=*_delete,pets_*", "--api-key=a-real-key"],
        &[("PETS_BASE_URL", "https://pets.example.org")],
    );
    assert!(!text.contains("a-real-key"));
    insta::assert_snapshot!(text);
}

#[test]
fn without_settings_the_base_url_is_to_be_filled_in() {
    insta::assert_snapshot!(rendered(&[], &[]));
}

#[test]
fn the_sandbox_needs_no_key() {
    insta::assert_snapshot!(rendered(&["--sandbox", "--data=/var/pets"], &[("PETS_API_KEY", "a-real-key")]));
}

#[test]
fn a_key_file_stands_in_for_the_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("key");
    std::fs::write(&file, "a-real-key").expect("a file");
    let text = rendered(
        &[&format!("--api-key-file={}", file.display()), "--base-url=https://pets.example.org"],
        &[],
    );
    assert!(text.contains(&format!("--api-key-file={}", file.display())) && !text.contains("PETS_API_KEY"));
}

#[test]
fn a_password_in_the_base_url_is_refused_and_not_printed() {
    let settings = read(&["--base-url=https://me:pass-word@pets.example.org"], &[]).expect("settings");
    let error = Start::of(&app(), &settings, Path::new("/opt/pets-mcp")).expect_err("a password").to_string();
    assert!(error.starts_with("--base-url: the base URL has a user name or password"), "{error}");
    assert!(!error.contains("pass-word"), "{error}");
}

fn remote(flags: &[&str]) -> String {
    let settings = read(flags, &[]).expect("settings");
    let remote = super::remote::Remote::of(&app(), &settings);
    let clients = Client::ALL.map(|client| match remote.render(client) {
        Ok((text, notes)) => format!("== {}\n{text}\n-- on stderr\n{}\n", client.as_str(), notes.join("\n")),
        Err(error) => format!("== {}\nrefused: {error}\n", client.as_str()),
    });
    clients.join("\n")
}

#[test]
fn a_server_that_runs_by_itself_is_named_by_its_address() {
    insta::assert_snapshot!(remote(&["--transport=http", "--listen=0.0.0.0:8080"]));
}

#[test]
fn callers_who_authenticate_are_told_where_the_token_goes() {
    insta::assert_snapshot!(remote(&[
        "--transport=http",
        "--credentials=forward",
        "--allowed-hosts=mcp.example.com",
    ]));
}
