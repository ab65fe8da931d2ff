//! HTTPS by rustls: TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1, with certificates that may change while the server runs.

mod pem;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use pem::Pair;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(3);

/// A certificate and its key, from files in PEM.
///
/// While a server runs the files are read anew every few seconds, by whatever way they come to be others: written,
/// renamed, or through links that point elsewhere. New connections get the new certificate. Files that cannot be used
/// are warned of once, and the certificate before them stays.
#[derive(Debug, Clone)]
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    current: Arc<Current>,
    config: Arc<ServerConfig>,
}

/// Certificate and key cannot be used. Nothing of the key is told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{path} cannot be read", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("{path}: {problem}", path = path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong, and what is expected.
        problem: String,
    },
    /// The two do not belong together.
    #[error("the key in {key} is not the one of the certificate in {certificate}", key = key.display(), certificate = certificate.display())]
    Mismatch {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// The library for TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Setup(#[from] rustls::Error),
}

impl Tls {
    /// Reads certificate and key. The certificate's file begins with the server's own and goes on with those between it
    /// and the authority; the key is PKCS #8, PKCS #1 or SEC 1, without a password.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let pair = Pair::read(certificate, key)?;
        let provider = Arc::new(ring::default_provider());
        let current = Arc::new(Current {
            in_use: RwLock::new(Arc::new(pair.certified(&provider)?)),
            provider: Arc::clone(&provider),
            seen: RwLock::new(pair.digest()),
        });
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&current) as Arc<dyn ResolvesServerCert>);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let (certificate, key) = (certificate.to_owned(), key.to_owned());
        Ok(Self { certificate, key, current, config: Arc::new(config) })
    }

    /// The server's side of a handshake.
    pub(crate) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        TlsAcceptor::from(Arc::clone(&self.config)).accept(stream).await
    }

    /// Looks at the files for as long as it is polled.
    pub(crate) async fn reload_on_change(&self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let this = self.clone();
            // Reading files may block, on a network's file system for long.
            match tokio::task::spawn_blocking(move || this.reload()).await {
                Ok(Ok(false)) | Err(_) => {}
                Ok(Ok(true)) => {
                    tracing::info!(certificate = %self.certificate.display(), "a new certificate is in use");
                }
                Ok(Err(error)) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "the new certificate cannot be used: the old one stays");
                }
            }
        }
    }

    /// Whether another certificate is in use now. The same failure is told once.
    fn reload(&self) -> Result<bool, TlsError> {
        let read = Pair::read(&self.certificate, &self.key);
        let digest = read.as_ref().map_or_else(|error| pem::digest_of(&error.to_string()), Pair::digest);
        {
            let mut seen = self.current.seen.write().unwrap_or_else(PoisonError::into_inner);
            if *seen == digest {
                return Ok(false);
            }
            *seen = digest;
        }
        let certified = Arc::new(read?.certified(&self.current.provider)?);
        *self.current.in_use.write().unwrap_or_else(PoisonError::into_inner) = certified;
        Ok(true)
    }
}

/// The certificate that new connections get.
#[derive(Debug)]
struct Current {
    in_use: RwLock<Arc<CertifiedKey>>,
    provider: Arc<CryptoProvider>,
    /// What the files were when they were last looked at, whether or not it could be used.
    seen: RwLock<[u8; 32]>,
}

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.in_use.read().unwrap_or_else(PoisonError::into_inner)))
    }
}
