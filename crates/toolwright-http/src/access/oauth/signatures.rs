//! The cryptography of `jsonwebtoken`, by `ring`: the TLS library brings it anyway, and it verifies in microseconds.
//!
//! Only what a resource server needs is here. In particular there are no shared secrets, so that no token can be checked
//! against one by mistake.

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result, new_error};
use jsonwebtoken::signature::{self, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use ring::signature as ring;

static RING: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| unsupported(),
    verifier_factory: verifier,
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: |_| unsupported(),
        rsa_pub_components_from_public_key: |_| unsupported(),
        ec_pub_components_from_private_key: |_, _| unsupported(),
        ed_pub_components_from_private_key: |_, _| unsupported(),
        compute_digest: |_, _| unsupported(),
    },
};

/// Makes it the process's provider, where there is none yet. Another one does as well.
pub(super) fn install() {
    RING.install_default().ok();
}

fn unsupported<T>() -> Result<T> {
    Err(new_error(ErrorKind::UnsupportedAlgorithm))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the type of the provider's field")]
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    if key.family() != algorithm.family() {
        return Err(new_error(ErrorKind::InvalidKeyFormat));
    }
    let method = match algorithm {
        Algorithm::ES256 => Method::Bytes(&ring::ECDSA_P256_SHA256_FIXED),
        Algorithm::ES384 => Method::Bytes(&ring::ECDSA_P384_SHA384_FIXED),
        Algorithm::EdDSA => Method::Bytes(&ring::ED25519),
        Algorithm::RS256 => Method::Rsa(&ring::RSA_PKCS1_2048_8192_SHA256),
        Algorithm::RS384 => Method::Rsa(&ring::RSA_PKCS1_2048_8192_SHA384),
        Algorithm::RS512 => Method::Rsa(&ring::RSA_PKCS1_2048_8192_SHA512),
        Algorithm::PS256 => Method::Rsa(&ring::RSA_PSS_2048_8192_SHA256),
        Algorithm::PS384 => Method::Rsa(&ring::RSA_PSS_2048_8192_SHA384),
        Algorithm::PS512 => Method::Rsa(&ring::RSA_PSS_2048_8192_SHA512),
        _ => return unsupported(),
    };
    Ok(Box::new(RingVerifier { algorithm: *algorithm, method, key: key.clone() }))
}

struct RingVerifier {
    algorithm: Algorithm,
    method: Method,
    key: DecodingKey,
}

enum Method {
    Rsa(&'static ring::RsaParameters),
    Bytes(&'static dyn ring::VerificationAlgorithm),
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        let verified = match (&self.method, self.key.kind()) {
            (Method::Rsa(parameters), DecodingKeyKind::RsaModulusExponent { n, e }) => {
                let key = ring::RsaPublicKeyComponents { n: without_zeros(n), e: without_zeros(e) };
                key.verify(parameters, message, signature)
            }
            (Method::Rsa(parameters), DecodingKeyKind::SecretOrDer(key)) => {
                ring::UnparsedPublicKey::new(*parameters, key).verify(message, signature)
            }
            (Method::Bytes(algorithm), DecodingKeyKind::SecretOrDer(key)) => {
                ring::UnparsedPublicKey::new(*algorithm, key).verify(message, signature)
            }
            (Method::Bytes(_), DecodingKeyKind::RsaModulusExponent { .. }) => Err(::ring::error::Unspecified),
        };
        verified.map_err(|_| signature::Error::new())
    }
}

/// Some servers publish numbers with a zero byte before them, which `ring` does not take.
fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}
