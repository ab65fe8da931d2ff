//! The public keys of an authorization server (RFC 7517).

use std::sync::Arc;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

/// More are not looked at.
const MAX_KEYS: usize = 100;

/// A key for signatures.
#[derive(Debug)]
pub(super) struct Key {
    id: Option<String>,
    /// The only algorithm that the key is for, where it says so.
    algorithm: Option<Algorithm>,
    curve: Option<EllipticCurve>,
    decoding: DecodingKey,
}

/// The keys that are published together.
#[derive(Debug)]
pub(super) struct KeySet(Vec<Arc<Key>>);

#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

impl KeySet {
    /// Reads a key set. Keys that are not for signatures, or of a kind that is not known here, are left out: others may
    /// need them.
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let published: Published = serde_json::from_slice(body).ok()?;
        let keys = published.keys.into_iter().take(MAX_KEYS);
        Some(Self(keys.filter_map(Key::read).map(Arc::new).collect()))
    }

    /// The keys that a token with this header may be signed with: one, unless it does not name it.
    pub(super) fn fitting(&self, id: Option<&str>, algorithm: Algorithm) -> Vec<Arc<Key>> {
        let fits = |key: &&Arc<Key>| key.fits(algorithm) && (id.is_none() || key.id.as_deref() == id);
        self.0.iter().filter(fits).cloned().collect()
    }
}

impl Key {
    fn read(value: Value) -> Option<Self> {
        let key: Jwk = serde_json::from_value(value).ok()?;
        let is_for_signatures = matches!(key.common.public_key_use, None | Some(PublicKeyUse::Signature));
        let verifies =
            key.common.key_operations.as_ref().is_none_or(|uses| uses.contains(&KeyOperations::Verify));
        if !is_for_signatures || !verifies {
            return None;
        }
        let curve = match &key.algorithm {
            AlgorithmParameters::RSA(_) => None,
            AlgorithmParameters::EllipticCurve(parameters) => Some(parameters.curve.clone()),
            AlgorithmParameters::OctetKeyPair(parameters) => Some(parameters.curve.clone()),
            _ => return None,
        };
        let algorithm = match key.common.key_algorithm {
            Some(algorithm) => Some(Algorithm::try_from(algorithm).ok()?),
            None => None,
        };
        let decoding = DecodingKey::from_jwk(&key).ok()?;
        Some(Self { id: key.common.key_id, algorithm, curve, decoding })
    }

    fn fits(&self, algorithm: Algorithm) -> bool {
        let of_kind = match algorithm {
            Algorithm::ES256 => self.curve == Some(EllipticCurve::P256),
            Algorithm::ES384 => self.curve == Some(EllipticCurve::P384),
            Algorithm::EdDSA => self.curve == Some(EllipticCurve::Ed25519),
            _ => self.decoding.family() == AlgorithmFamily::Rsa,
        };
        of_kind
            && self.decoding.family() == algorithm.family()
            && self.algorithm.is_none_or(|only| only == algorithm)
    }

    pub(super) fn decoding(&self) -> &DecodingKey {
        &self.decoding
    }
}
