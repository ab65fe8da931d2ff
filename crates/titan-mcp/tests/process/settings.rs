//! Mistakes in settings: exit code 2, a reason, a remedy, and no secret.

use crate::commands::{Ran, run};

/// Asserts that the words are refused before anything is done, and gives the reason.
async fn refused(words: &[&str]) -> String {
    let Ran { code, stdout, stderr } = run(words).await;
    assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
    stderr
}

#[tokio::test]
async fn a_pattern_that_matches_no_tool_is_refused_with_a_near_one() {
    let reason = refused(&["tools", "--include=message_send"]).await;
    assert!(reason.contains("`message_send` matches no tool; did you mean `messages_send`"), "{reason}");
    refused(&["--sandbox", "--include=message_send"]).await;
}

#[tokio::test]
async fn a_server_without_an_address_says_how_to_give_one() {
    let reason = refused(&[]).await;
    assert!(reason.contains("TITAN_BASE_URL") && reason.contains("--sandbox"), "{reason}");
}

#[tokio::test]
async fn every_mistake_of_a_configuration_file_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    std::fs::write(&path, "timeout = \"x\"\nbase_ulr = \"https://titan.example.com\"\n").unwrap();
    let reason = refused(&["tools", "--config", path.to_str().unwrap()]).await;
    assert!(reason.contains("settings.toml:1: `timeout`"), "{reason}");
    assert!(reason.contains("settings.toml:2: there is no setting `base_ulr`"), "{reason}");
    assert!(reason.contains("did you mean `base_url`"), "{reason}");
}

#[tokio::test]
async fn a_configuration_file_that_is_not_toml_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("settings.toml");
    for text in [&b"base_url = \"https"[..], b"{}", b"\xff\xfe"] {
        std::fs::write(&path, text).unwrap();
        let reason = refused(&["tools", "--config", path.to_str().unwrap()]).await;
        assert!(reason.contains("settings.toml"), "{reason}");
    }
}

#[tokio::test]
async fn a_key_in_the_base_url_is_refused_and_not_repeated() {
    for url in [
        "https://user:s3cret@titan.example.com",
        "https://s3cret@titan.example.com",
        "https://titan.example.com/?api_key=s3cret",
        "https://titan.example.com/#s3cret",
    ] {
        let url = format!("--base-url={url}");
        for command in [&["serve"][..], &["call", "info_version"], &["config", "cursor"]] {
            let reason = refused(&[&[url.as_str()][..], command].concat()).await;
            assert!(reason.contains("--base-url: the base URL has"), "{reason}");
            assert!(!reason.contains("s3cret"), "{reason}");
        }
    }
}

#[tokio::test]
async fn an_address_without_tls_is_served_with_a_warning() {
    let ran = run(&["--base-url=http://titan.example.com", "--api-key=s3cret"]).await;
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""));
    assert!(ran.stderr.contains("warning") && ran.stderr.contains("is not https"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("s3cret"));
    let local = run(&["--base-url=http://127.0.0.1:9", "--api-key=s3cret"]).await;
    assert_eq!((local.code, local.stderr.as_str()), (Some(0), ""), "a loopback address needs no warning");
}
