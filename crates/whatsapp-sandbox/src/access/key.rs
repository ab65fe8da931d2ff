//! API keys and the scopes that they carry. A key itself is shown once; the store keeps its digest.

use rusqlite::Row;
use sha2::{Digest as _, Sha256};

use crate::clock::Timestamp;
use crate::network::{Change, Refusal, View};
use crate::store::Sql as _;

/// A key without its secret.
#[derive(Clone, Debug)]
pub(crate) struct ApiKey {
    pub(crate) id: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) active: bool,
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

const COLUMNS: &str = "id, scopes, active, expires_at";

impl ApiKey {
    /// Whether the key carries the scope, by name, by `domain:*` or by `*`.
    pub(crate) fn allows(&self, scope: &str) -> bool {
        let domain = scope.split_once(':').map_or(scope, |(domain, _)| domain);
        self.scopes
            .iter()
            .any(|it| it == "*" || it == scope || it.strip_suffix(":*").is_some_and(|it| it == domain))
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let scopes: String = row.get(1)?;
        Ok(Self {
            id: row.get(0)?,
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
            active: row.get(2)?,
            expires_at: row.get(3)?,
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

/// Adds a key; a secret that is there already stays as it is.
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

fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
