//! The one source of chance: the identifiers, codes and keys that the network hands out.

use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use rand::RngExt as _;
use rand::rngs::StdRng;

const DIGITS: &[u8] = b"0123456789";
const HEXADECIMAL: &[u8] = b"0123456789ABCDEF";
const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The alphabet of pairing codes leaves out what is easily misread.
const UNAMBIGUOUS: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTVWXYZ";

/// A random generator behind a lock, so that every part of the network can draw from the same one.
#[derive(Debug)]
pub(crate) struct Entropy(Mutex<StdRng>);

impl Entropy {
    /// Seeded by the operating system.
    pub(crate) fn from_system() -> Self {
        Self(Mutex::new(rand::make_rng()))
    }

    /// A message id in the form of a linked device: `3EB0` and 18 hexadecimal digits.
    pub(crate) fn message_id(&self) -> String {
        format!("3EB0{}", self.text(HEXADECIMAL, 18))
    }

    /// The 18 digits of a group's or channel's JID.
    pub(crate) fn group_digits(&self) -> String {
        format!("120363{}", self.text(DIGITS, 12))
    }

    /// The 15 digits of a LID.
    pub(crate) fn lid_digits(&self) -> String {
        format!("18{}", self.text(DIGITS, 13))
    }

    /// The last digits of a made-up phone number.
    pub(crate) fn digits(&self, length: usize) -> String {
        self.text(DIGITS, length)
    }

    /// The code in a group's invite link.
    pub(crate) fn invite_code(&self) -> String {
        self.text(BASE62, 22)
    }

    /// The eight characters that a person types on the phone to link a device.
    pub(crate) fn pairing_code(&self) -> String {
        self.text(UNAMBIGUOUS, 8)
    }

    /// What a pairing QR code says: a reference and three keys, as `WhatsApp` writes them.
    pub(crate) fn pairing_qr(&self) -> String {
        let key = || BASE64.encode(self.bytes());
        format!("2@{},{},{},{}", self.text(BASE62, 86), key(), key(), key())
    }

    /// An identifier that nobody has to recognise: 22 letters and digits.
    pub(crate) fn token(&self) -> String {
        self.text(BASE62, 22)
    }

    fn bytes(&self) -> [u8; 32] {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).random()
    }

    fn text(&self, alphabet: &[u8], length: usize) -> String {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (0..length).map(|_| char::from(alphabet[rng.random_range(0..alphabet.len())])).collect()
    }
}
