//! API keys and the scopes that they carry. A key itself is shown once; the store keeps its digest.

use std::time::Duration;

use rusqlite::{Connection, Row};
use sha2::{Digest as _, Sha256};

use crate::clock::Timestamp;
use crate::network::{Change, Refusal, View};
use crate::store::Sql as _;

/// How many characters of a key follow its prefix; with it there are 104.
const SECRET_LENGTH: usize = 98;

/// A key without its secret.
#[derive(Clone, Debug)]
pub(crate) struct ApiKey {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) active: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Option<Timestamp>,
}

/// Why a key opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyProblem {
    #[error("the API key is not known to this sandbox")]
    Unknown,
    #[error("the API key has been disabled")]
    Disabled,
    #[error("the API key has expired")]
    Expired,
}

/// A key to be made.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) label: String,
    pub(crate) lifetime: Duration,
    pub(crate) scopes: Vec<String>,
}

const COLUMNS: &str = "id, label, scopes, active, created_at, expires_at";

impl ApiKey {
    /// Whether the key carries the scope, by name, by `domain:*` or by `*`.
    pub(crate) fn allows(&self, scope: &str) -> bool {
        let domain = scope.split_once(':').map_or(scope, |(domain, _)| domain);
        self.scopes
            .iter()
            .any(|it| it == "*" || it == scope || it.strip_suffix(":*").is_some_and(|it| it == domain))
    }

    /// The first of these scopes that the key does not carry.
    pub(crate) fn lacks<'s>(&self, scopes: &'s [String]) -> Option<&'s str> {
        scopes.iter().map(String::as_str).find(|scope| !self.allows(scope))
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let scopes: String = row.get(2)?;
        Ok(Self {
            id: row.get(0)?,
            label: row.get(1)?,
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            active: row.get(3)?,
            created_at: row.get(4)?,
            expires_at: row.get(5)?,
        })
    }
}

/// The key that a secret belongs to, if it opens anything now.
pub(crate) fn authenticate(view: &View<'_>, secret: &str) -> Result<Result<ApiKey, KeyProblem>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM api_key WHERE digest = ?1");
    Ok(match view.first(&sql, (digest(secret),), ApiKey::from_row)? {
        None => Err(KeyProblem::Unknown),
        Some(key) if !key.active => Err(KeyProblem::Disabled),
        Some(key) if key.expires_at.is_some_and(|at| at <= view.now) => Err(KeyProblem::Expired),
        Some(key) => Ok(key),
    })
}

/// All keys, the oldest first.
pub(crate) fn list(connection: &Connection) -> Result<Vec<ApiKey>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM api_key ORDER BY created_at, id");
    Ok(connection.all(&sql, (), ApiKey::from_row)?)
}

/// The key with this id.
pub(crate) fn get(connection: &Connection, id: &str) -> Result<ApiKey, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM api_key WHERE id = ?1");
    let key = connection.first(&sql, (id,), ApiKey::from_row)?;
    key.ok_or_else(|| Refusal::NoKey(id.chars().take(64).collect()))
}

/// Makes a key. `by` is the key that makes it, which can give only what it carries; `None` for the administrator. Gives
/// the secret, which nobody can learn again.
pub(crate) fn create(
    change: &Change<'_>,
    by: Option<&ApiKey>,
    order: &Order,
) -> Result<(ApiKey, String), Refusal> {
    if let Some(scope) = by.and_then(|by| by.lacks(&order.scopes)) {
        return Err(Refusal::ScopeNotYours(scope.to_owned()));
    }
    let mut scopes = order.scopes.clone();
    scopes.sort();
    scopes.dedup();
    let id = format!("key_{}", change.entropy().token());
    let drawn: String = (0..SECRET_LENGTH.div_ceil(22)).map(|_| change.entropy().token()).collect();
    let secret: String = "titan_".chars().chain(drawn.chars().take(SECRET_LENGTH)).collect();
    change.run(
        "INSERT INTO api_key (id, digest, label, scopes, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (&id, digest(&secret), &order.label, scopes.join(" "), change.now, change.now.after(order.lifetime)),
    )?;
    Ok((get(change, &id)?, secret))
}

/// Renames, disables or enables a key; `None` leaves it as it is.
pub(crate) fn update(
    change: &Change<'_>,
    by: Option<&ApiKey>,
    id: &str,
    label: Option<&str>,
    active: Option<bool>,
) -> Result<ApiKey, Refusal> {
    check_right(change, by, id, active == Some(false))?;
    change.run(
        "UPDATE api_key SET label = coalesce(?2, label), active = coalesce(?3, active) WHERE id = ?1",
        (id, label, active),
    )?;
    get(change, id)
}

/// Deletes a key.
pub(crate) fn delete(change: &Change<'_>, by: Option<&ApiKey>, id: &str) -> Result<(), Refusal> {
    check_right(change, by, id, true)?;
    change.run("DELETE FROM api_key WHERE id = ?1", (id,))?;
    Ok(())
}

/// A key that carries less than another has no say over it, and none can lock itself out.
fn check_right(change: &Change<'_>, by: Option<&ApiKey>, id: &str, ends: bool) -> Result<(), Refusal> {
    let key = get(change, id)?;
    match by {
        Some(by) if ends && by.id == key.id => Err(Refusal::OwnKey),
        Some(by) => match by.lacks(&key.scopes) {
            Some(scope) => Err(Refusal::ScopeNotYours(scope.to_owned())),
            None => Ok(()),
        },
        None => Ok(()),
    }
}

/// Adds a key with a secret that is known; one that is there already stays as it is.
pub(crate) fn add(
    change: &Change<'_>,
    id: &str,
    secret: &str,
    label: &str,
    scopes: &str,
) -> Result<(), Refusal> {
    change.run(
        "INSERT OR IGNORE INTO api_key (id, digest, label, scopes, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        (id, digest(secret), label, scopes, change.now),
    )?;
    Ok(())
}

/// What the store keeps of a secret. Comparing digests takes no time that tells anything of the secret.
pub(crate) fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
