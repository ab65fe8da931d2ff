//! Certificate and key as they stand in their files.

use std::fs;
use std::path::{Path, PathBuf};

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::{Error as PemError, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error as RustlsError, InconsistentKeys};
use sha2::{Digest as _, Sha256};

use super::TlsError;

/// The contents of both files.
pub(super) struct Pair {
    certificate: (PathBuf, Vec<u8>),
    key: (PathBuf, Vec<u8>),
}

impl Pair {
    pub(super) fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let read = |path: &Path| match fs::read(path) {
            Ok(bytes) => Ok((path.to_owned(), bytes)),
            Err(source) => Err(TlsError::Read { path: path.to_owned(), source }),
        };
        Ok(Self { certificate: read(certificate)?, key: read(key)? })
    }

    /// Tells contents apart.
    pub(super) fn digest(&self) -> [u8; 32] {
        let parts = [Sha256::digest(&self.certificate.1), Sha256::digest(&self.key.1)];
        Sha256::digest(parts.concat()).into()
    }

    /// Both, if they can be used together.
    pub(super) fn certified(&self, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
        CertifiedKey::from_der(self.chain()?, self.private_key()?, provider).map_err(|error| match error {
            RustlsError::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                TlsError::Mismatch { certificate: self.certificate.0.clone(), key: self.key.0.clone() }
            }
            RustlsError::InvalidCertificate(why) => {
                wrong(&self.certificate.0, format!("no valid certificate: {why:?}"))
            }
            error => wrong(&self.key.0, format!("the key cannot be used: {error}")),
        })
    }

    fn chain(&self) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let (path, bytes) = &self.certificate;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes).collect();
        match chain {
            Ok(chain) if chain.is_empty() => {
                Err(wrong(path, "there is no `CERTIFICATE` in it; PEM is expected"))
            }
            Ok(chain) => Ok(chain),
            Err(error) => Err(wrong(path, reason(&error))),
        }
    }

    fn private_key(&self) -> Result<PrivateKeyDer<'static>, TlsError> {
        let (path, bytes) = &self.key;
        PrivateKeyDer::from_pem_slice(bytes).map_err(|error| match error {
            PemError::NoItemsFound if contains(bytes, b"BEGIN ENCRYPTED PRIVATE KEY") => {
                wrong(path, "the key has a password; take it off, as `openssl pkey` does")
            }
            PemError::NoItemsFound => wrong(path, "there is no `PRIVATE KEY` in it; PEM is expected"),
            error => wrong(path, reason(&error)),
        })
    }
}

/// Tells texts apart.
pub(super) fn digest_of(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}

fn wrong(path: &Path, problem: impl Into<String>) -> TlsError {
    TlsError::Content { path: path.to_owned(), problem: problem.into() }
}

/// What is wrong, without the lines that are.
fn reason(error: &PemError) -> &'static str {
    match error {
        PemError::MissingSectionEnd { .. } => "a section of PEM has no end: the file is cut off",
        PemError::Base64Decode(_) => "a section of PEM is not base64",
        _ => "this is not PEM",
    }
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}
