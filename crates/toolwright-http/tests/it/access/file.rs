//! The file with caller tokens.

use std::fs;

use toolwright::Granted;
use toolwright::client::Credential;
use toolwright_http::access::{Access, CallerToken, read_callers};

use super::{bearer, granted, upstream_sees};

/// A folder with a file of callers.
fn folder(callers: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("callers.toml"), callers).unwrap();
    folder
}

fn error(callers: &str) -> String {
    let folder = folder(callers);
    let error = read_callers(&folder.path().join("callers.toml")).unwrap_err().to_string();
    error.replace(&format!("{}/", folder.path().display()), "")
}

#[tokio::test]
async fn a_file_names_callers_with_scopes_and_keys() {
    let folder = folder(
        r#"
        [[caller]]
        name = "alice"
        token = "alice-token-0123456789"
        scopes = ["messages:*", "chats:read"]
        api_key_file = "keys/alice"

        [[caller]]
        name = "bob"
        token_sha256 = "0d7ee8d8ed4d5c6b1bdb7a4c8f5a2ce0b8ff0a1b1f6c7c0f3a7a5f2c3d4e5f60"
        scopes = []
        "#,
    );
    fs::create_dir(folder.path().join("keys")).unwrap();
    fs::write(folder.path().join("keys/alice"), "key-of-alice\n").unwrap();
    let callers = read_callers(&folder.path().join("callers.toml")).unwrap();
    assert_eq!(callers.iter().map(CallerToken::name).collect::<Vec<_>>(), ["alice", "bob"]);
    let access = Access::fixed(Credential::None, Granted::all()).with_callers(callers).unwrap();
    let alice = access.caller(&bearer("alice-token-0123456789")).await.unwrap();
    assert_eq!(alice.granted, granted("messages:* chats:read"));
    assert_eq!(upstream_sees(&alice.credential).await, "Bearer key-of-alice");
}

#[test]
fn every_mistake_is_told_with_its_line_and_entry() {
    let error = error(
        r#"
[[caller]]
name = "alice"
token = "SECRET-1"
scopes = ["*"]

[[caller]]
name = "bob"
token = "SECRET-2-0123456789"
token_sha256 = "SECRET"
scopes = ["*"]

[[caller]]
name = "carol"
tokn = "SECRET-3-0123456789"
token = 1234567890
scopes = "SECRET-4"

[[caller]]
token = "SECRET-5-0123456789"

[[caller]]
name = "dave"
token = "SECRET-6-0123456789"
scopes = ["mess*"]

[[caller]]
name = "erin"
token = "SECRET-7-0123456789"
scopes = []
api_key = "SECRET\n8"

[[caller]]
name = "frank"
token = "SECRET-9-0123456789"
scopes = []
api_key_file = "missing"

[callers]
"#,
    );
    let expected = "\
callers.toml:2: caller 1 (`alice`): the token has fewer than 16 characters and could be guessed: make one with `openssl rand -hex 32`
callers.toml:7: caller 2 (`bob`): give one of `token` and `token_sha256`
callers.toml:15: caller 3: there is no `tokn`; there are name, token, token_sha256, scopes, api_key, api_key_file
callers.toml:17: caller 3 (`carol`): `scopes` must be a list of texts
callers.toml:19: caller 4: `scopes` is missing: list the scopes, or `[\"*\"]` for all, or `[]` for none
callers.toml:25: caller 5 (`dave`): `mess*` is no scope: write a scope such as `groups:read`, a whole domain as `groups:*`, or `*` for everything
callers.toml:27: caller 6 (`erin`): the credential has a character that no header can carry: check it for line breaks and quotes
callers.toml:33: caller 7 (`frank`): `api_key_file` cannot be read: No such file or directory (os error 2)
callers.toml:39: there is no `callers` in this file; callers are `[[caller]]`";
    assert_eq!(error, expected);
}

#[test]
fn values_of_the_wrong_kind_and_broken_files_are_not_repeated() {
    let entry = |token: &str| format!("[[caller]]\nname = \"a\"\nscopes = []\ntoken = {token}\n");
    assert_eq!(
        error(&entry("12345678901234567890")),
        "callers.toml:4: caller 1 (`a`): `token` must be a text, not integer\n\
         callers.toml:1: caller 1 (`a`): give one of `token` and `token_sha256`"
    );
    for broken in [
        entry("SECRET-without-quotes"),
        entry("\"SECRET-without-an-end"),
        entry("\"SECRET\\q-0123456789\""),
        "[[caller]]\nSECRET-alone\n".to_owned(),
    ] {
        let error = error(&broken);
        assert!(error.starts_with("callers.toml:"), "{error}");
        assert!(error.contains("this is not TOML"), "{error}");
        assert!(!error.contains("SECRET"), "{error}");
    }
}

#[test]
fn a_file_without_callers_or_with_the_same_twice_is_refused() {
    assert!(error("").contains("there are no callers"));
    assert!(error("caller = 1").contains("`caller` must be written as `[[caller]]`"));
    let twice = "[[caller]]\nname = \"a\"\ntoken = \"a-token-0123456789\"\nscopes = []\n".repeat(2);
    assert_eq!(error(&twice), "callers.toml: the callers `a` and `a` have the same name: give each its own");
    let missing = read_callers("/nowhere/callers.toml".as_ref()).unwrap_err().to_string();
    assert!(missing.starts_with("the file of callers /nowhere/callers.toml cannot be read"), "{missing}");
}
