//! HTTPS by the program itself.

use std::path::PathBuf;

use serde_json::json;

use super::server::{HttpServer, call, client, send};
use crate::commands::run;

/// A certificate for this machine and its key. They end with the test.
struct Files {
    _folder: tempfile::TempDir,
    certificate: PathBuf,
    key: PathBuf,
    pem: String,
}

fn files() -> Files {
    let pair = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = (folder.path().join("tls.crt"), folder.path().join("tls.key"));
    std::fs::write(&certificate, pair.cert.pem()).unwrap();
    std::fs::write(&key, pair.signing_key.serialize_pem()).unwrap();
    Files { _folder: folder, certificate, key, pem: pair.cert.pem() }
}

#[tokio::test]
async fn a_call_is_served_over_tls_to_whoever_trusts_the_certificate() {
    let files = files();
    let certificate = format!("--tls-certificate={}", files.certificate.display());
    let key = format!("--tls-key={}", files.key.display());
    let server = HttpServer::start(&["--sandbox", &certificate, &key]).await;
    assert!(server.url.starts_with("https://127.0.0.1:"), "{}", server.url);

    let trusted = reqwest::Certificate::from_pem(files.pem.as_bytes()).unwrap();
    let trusting = client().tls_certs_only([trusted]).build().unwrap();
    let answer = send(call(&trusting, &server.url, "sessions_list", &json!({}))).await.unwrap();
    assert!(answer.is_success(), "{answer:?}");
    let other = client().build().unwrap();
    assert!(send(call(&other, &server.url, "sessions_list", &json!({}))).await.is_err());
    assert!(server.get("/healthz").await.is_none(), "plain HTTP is not served there");

    let listen = format!("--listen={}", server.address());
    let health = run(&["health", "--transport=http", &listen, &certificate, &key]).await;
    assert_eq!(health.code, Some(0), "{}", health.stderr);
}

#[tokio::test]
async fn a_certificate_needs_its_key_and_a_key_its_certificate() {
    let files = files();
    let (certificate, key) = (files.certificate.display(), files.key.display());
    let flag = |name: &str, path: &dyn std::fmt::Display| format!("--{name}={path}");
    for (flags, words) in [
        (vec![flag("tls-certificate", &certificate)], "set `tls_key` too"),
        (vec![flag("tls-key", &key)], "set `tls_certificate` too"),
        (vec![flag("tls-certificate", &certificate), format!("--tls-key={key}.not")], "tls.key.not"),
        (vec![flag("tls-certificate", &key), flag("tls-key", &certificate)], "tls.key"),
    ] {
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        let ran =
            run(&[&["--sandbox", "--transport=http", "--listen=127.0.0.1:0"], &flags[..]].concat()).await;
        assert_eq!(ran.code, Some(2), "{flags:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{flags:?}: {}", ran.stderr);
        assert!(!ran.stderr.contains("PRIVATE KEY"), "{}", ran.stderr);
    }
}
