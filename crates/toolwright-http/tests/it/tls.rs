//! HTTPS, and certificates that change while the server runs.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use reqwest::Version;
use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use toolwright_http::run::RunOptions;
use toolwright_http::tls::{Tls, TlsError};

use crate::serving::{Serving, hello, rest, serve, until};

/// Certificates and keys in a folder that ends with the test.
struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), content).unwrap();
        self.path(name)
    }
}

fn certificate() -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(["localhost".to_owned()]).unwrap()
}

fn serve_with(certificate: &Path, key: &Path) -> Serving {
    let tls = Tls::load(certificate, key).unwrap();
    serve(hello(), RunOptions { tls: Some(tls), ..RunOptions::default() })
}

/// Whether a client that trusts nothing but this certificate is served.
async fn is_served(server: &Serving, trusted: &CertifiedKey<KeyPair>) -> bool {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.cert.der().clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(server.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.is_ok()
}

#[tokio::test]
async fn both_versions_of_http_are_served_over_tls() {
    ring::default_provider().install_default().ok();
    let (files, pair) = (Files::new(), certificate());
    let certificate = files.write("tls.crt", pair.cert.pem());
    let key = files.write("tls.key", pair.signing_key.serialize_pem());
    let server = serve_with(&certificate, &key);
    let trusted = reqwest::Certificate::from_pem(pair.cert.pem().as_bytes()).unwrap();
    let client = || reqwest::Client::builder().tls_certs_only([trusted.clone()]).no_proxy();
    let url = format!("https://localhost:{}/", server.address.port());
    for (client, version) in [(client(), Version::HTTP_2), (client().http1_only(), Version::HTTP_11)] {
        let response = client.build().unwrap().get(&url).send().await.unwrap();
        assert_eq!(response.version(), version);
        assert_eq!(response.text().await.unwrap(), "served");
    }
}

#[tokio::test]
async fn a_new_certificate_is_used_when_its_links_point_elsewhere() {
    let (files, old, new) = (Files::new(), certificate(), certificate());
    // As Kubernetes lays out a secret: the files are links through a link to a folder, and that one is replaced.
    for (folder, pair) in [("..1", &old), ("..2", &new)] {
        files.write(&format!("{folder}/tls.crt"), pair.cert.pem());
        files.write(&format!("{folder}/tls.key"), pair.signing_key.serialize_pem());
    }
    symlink("..1", files.path("..data")).unwrap();
    for name in ["tls.crt", "tls.key"] {
        symlink(format!("..data/{name}"), files.path(name)).unwrap();
    }
    let server = serve_with(&files.path("tls.crt"), &files.path("tls.key"));
    assert!(is_served(&server, &old).await && !is_served(&server, &new).await);

    symlink("..2", files.path("..new")).unwrap();
    fs::rename(files.path("..new"), files.path("..data")).unwrap();
    until("the old certificate stays", async || is_served(&server, &new).await).await;
    assert!(!is_served(&server, &old).await);
}

#[tokio::test]
async fn files_that_cannot_be_used_leave_the_old_certificate_in_use() {
    let (files, old, new) = (Files::new(), certificate(), certificate());
    let certificate = files.write("tls.crt", old.cert.pem());
    let key = files.write("tls.key", old.signing_key.serialize_pem());
    let server = serve_with(&certificate, &key);

    // One file is written before the other; or half of it.
    files.write("tls.crt", new.cert.pem());
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert!(is_served(&server, &old).await);
    files.write("tls.key", &new.signing_key.serialize_pem()[..60]);
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert!(is_served(&server, &old).await);

    files.write("tls.key", new.signing_key.serialize_pem());
    until("the old certificate stays", async || is_served(&server, &new).await).await;
}

#[tokio::test]
async fn a_client_that_does_not_shake_hands_is_let_go() {
    let (files, pair) = (Files::new(), certificate());
    let tls = Tls::load(
        &files.write("tls.crt", pair.cert.pem()),
        &files.write("tls.key", pair.signing_key.serialize_pem()),
    );
    let header_timeout = Duration::from_millis(200);
    let options = RunOptions { tls: Some(tls.unwrap()), header_timeout, ..RunOptions::default() };
    let server = serve(hello(), options);
    assert_eq!(rest(server.connect().await).await, "");
    // Plain HTTP gets an alert of TLS at most.
    assert!(!server.get("/").await.contains("HTTP"));
    assert!(is_served(&server, &pair).await);
}

#[test]
fn mistakes_name_the_file_and_show_nothing_of_the_key() {
    let (files, pair, other) = (Files::new(), certificate(), certificate());
    let certificate = files.write("tls.crt", pair.cert.pem());
    let pem = pair.signing_key.serialize_pem();
    let key = files.write("tls.key", &pem);
    let missing = files.path("missing.pem");
    let cut = files.write("cut.key", &pem[..60]);
    let garbled = files.write("garbled.key", pem.replace("MIG", "\u{b7}"));
    let locked = files.write("locked.key", pem.replace("PRIVATE", "ENCRYPTED PRIVATE"));
    let foreign = files.write("foreign.key", other.signing_key.serialize_pem());
    let hollow = files.write("hollow.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    let mistakes = [
        (&missing, &key, "missing.pem cannot be read"),
        (&key, &key, "tls.key: there is no `CERTIFICATE` in it"),
        (&hollow, &key, "hollow.crt: no valid certificate"),
        (&certificate, &missing, "missing.pem cannot be read"),
        (&certificate, &certificate, "tls.crt: there is no `PRIVATE KEY` in it"),
        (&certificate, &cut, "cut.key: a section of PEM has no end"),
        (&certificate, &garbled, "garbled.key: a section of PEM is not base64"),
        (&certificate, &locked, "locked.key: the key has a password"),
        (&certificate, &foreign, "foreign.key is not the one of the certificate in"),
    ];
    let secret = pem.lines().nth(1).unwrap();
    for (certificate, key, expected) in mistakes {
        let error: TlsError = Tls::load(certificate, key).unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(text.contains(expected), "{expected}: {text}");
        assert!(!text.contains(&secret[4..24]), "{text}");
    }
    let tls = format!("{:?}", Tls::load(&certificate, &key).unwrap());
    assert!(!tls.contains(&secret[4..24]));
    assert!(CertificateDer::from_pem_slice(pair.cert.pem().as_bytes()).is_ok());
}
