//! JSON Web Tokens under a key of this store: HMAC-SHA256 and nothing else, so that a token cannot choose how it is
//! checked.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;

use crate::network::{Change, Refusal, View};
use crate::store::Sql as _;

/// `{"alg":"HS256","typ":"JWT"}`, encoded.
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
/// The longest token that is looked at.
const MAX_LENGTH: usize = 4096;
/// The name of the key in the store.
const KEY: &str = "tokens";

/// A signed token that says `claims`. The key is made when the first token is.
pub(super) fn sign(change: &Change<'_>, claims: &impl Serialize) -> Result<String, Refusal> {
    let key = if let Some(key) = find_key(change)? {
        key
    } else {
        let key = format!("{}{}", change.entropy().token(), change.entropy().token()).into_bytes();
        change.run("INSERT INTO secret (name, bytes) VALUES (?1, ?2)", (KEY, &key))?;
        key
    };
    let claims = serde_json::to_vec(claims).map_err(|error| Refusal::Invalid(error.to_string()))?;
    let message = format!("{HEADER}.{}", BASE64.encode(claims));
    let mac = mac(&key, &message).ok_or_else(|| Refusal::Invalid("the key signs nothing".to_owned()))?;
    Ok(format!("{message}.{}", BASE64.encode(mac.finalize().into_bytes())))
}

/// What a token says; `None` if it was not signed here, or says something else.
pub(super) fn read<T: DeserializeOwned>(view: &View<'_>, token: &str) -> Result<Option<T>, Refusal> {
    let Some(key) = find_key(view)? else { return Ok(None) };
    Ok(check(&key, token).and_then(|claims| serde_json::from_slice(&claims).ok()))
}

fn check(key: &[u8], token: &str) -> Option<Vec<u8>> {
    let (message, signature) = token.rsplit_once('.').filter(|_| token.len() <= MAX_LENGTH)?;
    let (_, claims) = message.split_once('.').filter(|(header, _)| *header == HEADER)?;
    let signature = BASE64.decode(signature).ok()?;
    mac(key, message)?.verify_slice(&signature).ok()?;
    BASE64.decode(claims).ok()
}

/// Nothing for a key that HMAC does not take, of which there is none.
fn mac(key: &[u8], message: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(message.as_bytes());
    Some(mac)
}

fn find_key(view: &View<'_>) -> Result<Option<Vec<u8>>, Refusal> {
    Ok(view.first("SELECT bytes FROM secret WHERE name = ?1", (KEY,), |row| row.get(0))?)
}
