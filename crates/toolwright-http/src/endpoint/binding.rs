//! The proof in a session id: an HMAC over the id and the caller.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::Fingerprint;

/// How many bytes of the HMAC the proof has.
const PROOF_LEN: usize = 16;

/// The id as the client sees it.
pub(super) fn seal(secret: &[u8; 32], id: &str, caller: &Fingerprint) -> String {
    let proof = mac(secret, id, caller).finalize().into_bytes();
    proof.iter().take(PROOF_LEN).fold(format!("{id}."), |text, byte| format!("{text}{byte:02x}"))
}

/// The session's own id, if this caller opened it.
pub(super) fn open<'a>(secret: &[u8; 32], sealed: &'a str, caller: &Fingerprint) -> Option<&'a str> {
    let (id, proof) = sealed.rsplit_once('.')?;
    let proof = bytes(proof)?;
    mac(secret, id, caller).verify_truncated_left(&proof).ok()?;
    Some(id)
}

fn mac(secret: &[u8; 32], id: &str, caller: &Fingerprint) -> Hmac<Sha256> {
    // A key shorter than the hash's block is filled up with zeros, as HMAC has it.
    let mut block = [0; 64];
    block[..secret.len()].copy_from_slice(secret);
    let mut mac = Hmac::new(&block.into());
    mac.update(caller.as_str().as_bytes());
    mac.update(&[0]);
    mac.update(id.as_bytes());
    mac
}

fn bytes(hex: &str) -> Option<[u8; PROOF_LEN]> {
    let mut bytes = [0; PROOF_LEN];
    if hex.len() != 2 * PROOF_LEN || !hex.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_caller_who_opened_a_session_can_use_it() {
        let secret = [7; 32];
        let (alice, bob) = (Fingerprint::of("key", "alice"), Fingerprint::of("key", "bob"));
        let sealed = seal(&secret, "0b5e", &alice);
        assert_eq!(open(&secret, &sealed, &alice), Some("0b5e"));
        assert_eq!(open(&secret, &sealed, &bob), None);
        assert_eq!(open(&[8; 32], &sealed, &alice), None);
        assert_eq!(open(&secret, &sealed.replace("0b5e", "0b5f"), &alice), None);
        for odd in [
            "",
            ".",
            "0b5e",
            "0b5e.",
            "0b5e.00",
            "0b5e.é00000000000000000000000000000",
            &sealed[..sealed.len() - 1],
        ] {
            assert_eq!(open(&secret, odd, &alice), None, "{odd}");
        }
    }
}
