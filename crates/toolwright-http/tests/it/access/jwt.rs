//! Signs tokens, by hand so that wrong ones can be made too.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use serde_json::{Value, json};

/// A key pair of an authorization server.
pub(super) struct Signer {
    pub(super) kid: String,
    pair: Pair,
}

enum Pair {
    Ec(EcdsaKeyPair, &'static str, &'static str),
    Ed(Ed25519KeyPair),
    Rsa(Box<RsaKeyPair>),
}

impl Signer {
    pub(super) fn es256(kid: &str) -> Self {
        Self::ec(kid, &ECDSA_P256_SHA256_FIXED_SIGNING, "ES256", "P-256")
    }

    pub(super) fn es384(kid: &str) -> Self {
        Self::ec(kid, &ECDSA_P384_SHA384_FIXED_SIGNING, "ES384", "P-384")
    }

    fn ec(
        kid: &str,
        method: &'static EcdsaSigningAlgorithm,
        algorithm: &'static str,
        curve: &'static str,
    ) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(method, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(method, pkcs8.as_ref(), &random).unwrap();
        Self { kid: kid.to_owned(), pair: Pair::Ec(pair, algorithm, curve) }
    }

    pub(super) fn ed25519(kid: &str) -> Self {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).unwrap();
        Self { kid: kid.to_owned(), pair: Pair::Ed(pair) }
    }

    /// The one RSA key of these tests: making one takes seconds.
    pub(super) fn rsa(kid: &str) -> Self {
        let pair = RsaKeyPair::from_pkcs8(include_bytes!("rsa_test_key.pk8")).unwrap();
        Self { kid: kid.to_owned(), pair: Pair::Rsa(Box::new(pair)) }
    }

    /// The public key as it is published.
    pub(super) fn jwk(&self) -> Value {
        let mut key = match &self.pair {
            Pair::Ec(pair, _, curve) => {
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = point.split_at(point.len() / 2);
                json!({ "kty": "EC", "crv": curve, "x": BASE64.encode(x), "y": BASE64.encode(y) })
            }
            Pair::Ed(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": BASE64.encode(pair.public_key()) })
            }
            Pair::Rsa(pair) => {
                let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(pair.public());
                json!({ "kty": "RSA", "n": BASE64.encode(n), "e": BASE64.encode(e) })
            }
        };
        key["kid"] = self.kid.as_str().into();
        key["use"] = "sig".into();
        key
    }

    pub(super) fn algorithm(&self) -> &'static str {
        match &self.pair {
            Pair::Ec(_, algorithm, _) => algorithm,
            Pair::Ed(_) => "EdDSA",
            Pair::Rsa(_) => "RS256",
        }
    }

    /// A token with the usual header.
    pub(super) fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": self.algorithm(), "kid": self.kid, "typ": "at+jwt" });
        self.sign_with(&header, claims)
    }

    pub(super) fn sign_with(&self, header: &Value, claims: &Value) -> String {
        let message = message(header, claims);
        let bytes = message.as_bytes();
        let signature = match &self.pair {
            Pair::Ec(pair, ..) => pair.sign(&SystemRandom::new(), bytes).unwrap().as_ref().to_vec(),
            Pair::Ed(pair) => pair.sign(bytes).as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let encoding: &dyn RsaEncoding =
                    if header["alg"] == "PS512" { &RSA_PSS_SHA512 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(encoding, &SystemRandom::new(), bytes, &mut signature).unwrap();
                signature
            }
        };
        format!("{message}.{}", BASE64.encode(signature))
    }
}

/// Signed with a shared secret.
pub(super) fn sign_hs256(secret: &[u8], header: &Value, claims: &Value) -> String {
    let message = message(header, claims);
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
    format!("{message}.{}", BASE64.encode(ring::hmac::sign(&key, message.as_bytes())))
}

/// Not signed at all.
pub(super) fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.", message(header, claims))
}

fn message(header: &Value, claims: &Value) -> String {
    format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()))
}

pub(super) fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}
