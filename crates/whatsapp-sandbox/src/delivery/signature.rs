//! Signatures of deliveries.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::clock::Timestamp;

/// `sha256=` and the hexadecimal HMAC-SHA256 of the body.
pub(crate) fn of_body(key: &str, body: &[u8]) -> String {
    format!("sha256={}", hmac(key, &[body]))
}

/// `t=<Unix seconds>,v1=<hexadecimal HMAC-SHA256 of "<Unix seconds>.<body>">`, with one `v1` for each secret.
pub(crate) fn with_secrets<'a>(secrets: impl Iterator<Item = &'a str>, at: Timestamp, body: &[u8]) -> String {
    let seconds = at.unix_seconds();
    let signed =
        secrets.map(|key| format!(",v1={}", hmac(key, &[seconds.to_string().as_bytes(), b".", body])));
    format!("t={seconds}{}", signed.collect::<String>())
}

/// `t=<Unix seconds>,v2=<hexadecimal HMAC-SHA256 of "<Unix seconds>.<body>">`: a copy that is sent again later can be
/// told by its age.
pub(crate) fn with_time(key: &str, at: Timestamp, body: &[u8]) -> String {
    let seconds = at.unix_seconds();
    format!("t={seconds},v2={}", hmac(key, &[seconds.to_string().as_bytes(), b".", body]))
}

fn hmac(key: &str, parts: &[&[u8]]) -> String {
    // HMAC takes keys of any length; the error of the trait is for others.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return String::new() };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
