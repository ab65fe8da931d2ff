//! The API keys of organisations. A key belongs to one organisation and opens all of it.

use std::time::Duration;

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use super::organization::{self, Organization};
use crate::access::key::digest;
use crate::clock::Timestamp;
use crate::network::{Change, Refusal, View};
use crate::store::Sql as _;

/// How an API key begins.
const PREFIX: &str = "kdv_live_";

/// A key to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewKey<'a> {
    /// What it is for.
    pub(crate) label: &'a str,
    /// The key itself; drawn if there is none.
    pub(crate) secret: Option<&'a str>,
    /// How long it is good for; for ever if `None`.
    pub(crate) lifetime: Option<Duration>,
}

impl Default for NewKey<'_> {
    fn default() -> Self {
        Self { label: "Default", secret: None, lifetime: None }
    }
}

/// A key, of which the secret is not kept.
#[derive(Clone, Debug)]
pub(crate) struct ApiKey {
    pub(crate) id: String,
    pub(crate) label: String,
    /// The end of the secret.
    pub(crate) last4: String,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

/// Who calls: a key and its organisation.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) organization: Organization,
    key: ApiKey,
}

/// Why a key opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyProblem {
    /// The vendor has one code for what it never knew and what it knows no more.
    #[error("the API key is not known to this sandbox")]
    Unknown,
    #[error("the API key was revoked")]
    Revoked,
    #[error("the API key has expired")]
    Expired,
}

impl KeyProblem {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Unknown | Self::Revoked => "invalid_api_key",
            Self::Expired => "expired_api_key",
        }
    }
}

const COLUMNS: &str = "kirim_key.id, label, last4, expires_at, revoked_at";

impl ApiKey {
    /// From [`COLUMNS`], of which the first stands here.
    fn from_row(row: &Row<'_>, first: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(first)?,
            label: row.get(first + 1)?,
            last4: row.get(first + 2)?,
            expires_at: row.get(first + 3)?,
            revoked_at: row.get(first + 4)?,
        })
    }

    /// Whether it opens its organisation.
    pub(crate) fn check(&self, now: Timestamp) -> Result<(), KeyProblem> {
        if self.revoked_at.is_some() {
            return Err(KeyProblem::Revoked);
        }
        if self.expires_at.is_some_and(|at| at <= now) { Err(KeyProblem::Expired) } else { Ok(()) }
    }
}

impl Caller {
    /// The key as its holder may see it.
    pub(super) fn render(&self, limit: Option<u32>) -> Value {
        let Self { organization: it, key } = self;
        json!({
            "organization": { "id": it.id, "object": "organization", "name": it.name },
            "api_key": { "id": key.id, "object": "api_key", "label": key.label, "last4": key.last4 },
            "rate_limits": {
                "tier": it.tier,
                "write_per_minute": limit.unwrap_or(it.write_per_minute),
                "read_per_minute": limit.unwrap_or(it.read_per_minute),
            },
        })
    }
}

/// Who holds this key.
pub(super) fn authenticate(view: &View<'_>, secret: &str) -> Result<Result<Caller, KeyProblem>, Refusal> {
    let sql = format!(
        "SELECT {}, {COLUMNS} FROM kirim_key JOIN kirim_organization ON kirim_organization.id = organization_id
          WHERE digest = ?1",
        organization::COLUMNS
    );
    let found = view.first(&sql, (digest(secret),), |row| {
        Ok(Caller { organization: Organization::from_row(row)?, key: ApiKey::from_row(row, 5)? })
    })?;
    Ok(match found {
        Some(caller) => caller.key.check(view.now).map(|()| caller),
        None => Err(KeyProblem::Unknown),
    })
}

/// The keys of an organisation, the oldest first.
pub(crate) fn list(connection: &Connection, organization: &str) -> Result<Vec<ApiKey>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM kirim_key WHERE organization_id = ?1 ORDER BY kirim_key.created_at, id"
    );
    Ok(connection.all(&sql, (organization,), |row| ApiKey::from_row(row, 0))?)
}

/// Gives an organisation one more key; the secret, which nobody can learn again.
pub(crate) fn add(change: &Change<'_>, organization: &str, new: NewKey<'_>) -> Result<String, Refusal> {
    let secret = new.secret.map_or_else(|| format!("{PREFIX}{}", change.entropy().key_text()), str::to_owned);
    change.run(
        "INSERT INTO kirim_key (id, organization_id, digest, label, last4, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            format!("key_{}", change.entropy().ulid(change.now)),
            organization,
            digest(&secret),
            new.label,
            &secret[secret.len().saturating_sub(4)..],
            change.now,
            new.lifetime.map(|it| change.now.after(it)),
        ),
    )?;
    Ok(secret)
}

/// Takes a key back, at once and for ever.
pub(crate) fn revoke(change: &Change<'_>, id: &str) -> Result<(), Refusal> {
    let sql = "UPDATE kirim_key SET revoked_at = coalesce(revoked_at, ?2) WHERE id = ?1";
    if change.run(sql, (id, change.now))? == 0 {
        return Err(Refusal::NoRecord("key", id.to_owned()));
    }
    Ok(())
}

/// Whether there was ever a key like this.
pub(super) fn has(connection: &Connection, secret: &str) -> Result<bool, Refusal> {
    Ok(connection.any("SELECT 1 FROM kirim_key WHERE digest = ?1", (digest(secret),))?)
}
