//! The one source of chance: the identifiers, codes and keys that the network hands out.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::clock::Timestamp;

#[cfg(test)]
mod tests;

const DIGITS: &[u8] = b"0123456789";
const HEXADECIMAL: &[u8] = b"0123456789ABCDEF";
const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CROCKFORD: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const BASE64_URL: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
/// The alphabet of pairing codes leaves out what is easily misread.
const UNAMBIGUOUS: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTVWXYZ";

/// A random generator behind a lock, so that every part of the network can draw from the same one.
#[derive(Debug)]
pub(crate) struct Entropy(Mutex<Source>);

#[derive(Debug)]
struct Source {
    rng: StdRng,
    /// `None` if the operating system gave it.
    seed: Option<u64>,
}

impl Source {
    fn of(seed: Option<u64>) -> Self {
        Self { rng: seed.map_or_else(rand::make_rng, StdRng::seed_from_u64), seed }
    }
}

impl Entropy {
    /// Seeded by the operating system.
    pub(crate) fn from_system() -> Self {
        Self(Mutex::new(Source::of(None)))
    }

    /// Seeded by a number: with the same seed, the same things asked for in the same order come out the same.
    #[cfg(test)]
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self(Mutex::new(Source::of(Some(seed))))
    }

    /// The seed from which it draws; `None` if the operating system gave it.
    pub(crate) fn seed(&self) -> Option<u64> {
        self.source().seed
    }

    /// Draws from this seed from now on, or from one that the operating system gives.
    pub(crate) fn reseed(&self, seed: Option<u64>) {
        *self.source() = Source::of(seed);
    }

    /// Draws from this seed as one does who has come this far already: the same each time, and yet nothing of what came
    /// from the seed itself, which would be there twice.
    pub(crate) fn resume(&self, seed: Option<u64>, far: u64) {
        let mut source = Source::of(seed);
        if let Some(seed) = seed.filter(|_| far > 0) {
            let mut both = [0; 32];
            both[..8].copy_from_slice(&seed.to_le_bytes());
            both[8..16].copy_from_slice(&far.to_le_bytes());
            source.rng = StdRng::from_seed(both);
        }
        *self.source() = source;
    }

    /// A message id in the form of a linked device: `3EB0` and 18 hexadecimal digits. The first 8 are the message's number
    /// in the store, so that the index of a large one grows at its end and not everywhere.
    pub(crate) fn message_id(&self, number: i64) -> String {
        format!("3EB0{:08X}{}", number & 0xFFFF_FFFF, self.text(HEXADECIMAL, 10))
    }

    /// What follows the prefix of one of Kirim's API keys.
    pub(crate) fn kirim_secret(&self) -> String {
        self.text(BASE62, 24)
    }

    /// A call's id: 32 hexadecimal digits.
    pub(crate) fn call_id(&self) -> String {
        self.text(HEXADECIMAL, 32)
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

    /// An identifier that sorts by time, a ULID: the instant and 80 random bits in 26 characters.
    pub(crate) fn ulid(&self, at: Timestamp) -> String {
        let millis = u64::try_from(at.unix_millis()).unwrap_or(0) & ((1 << 48) - 1);
        let time =
            (0..10).rev().map(|place| CROCKFORD[usize::try_from(millis >> (5 * place) & 31).unwrap_or(0)]);
        let time: String = time.map(char::from).collect();
        time + &self.text(CROCKFORD, 16)
    }

    /// The secret part of a key: 24 characters of URL-safe base64.
    pub(crate) fn key_text(&self) -> String {
        self.text(BASE64_URL, 24)
    }

    /// A duration of at most `most`.
    pub(crate) fn duration(&self, most: Duration) -> Duration {
        let most = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(self.source().rng.random_range(0..=most))
    }

    fn bytes(&self) -> [u8; 32] {
        self.source().rng.random()
    }

    fn source(&self) -> MutexGuard<'_, Source> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn text(&self, alphabet: &[u8], length: usize) -> String {
        let rng = &mut self.source().rng;
        (0..length).map(|_| char::from(alphabet[rng.random_range(0..alphabet.len())])).collect()
    }
}
