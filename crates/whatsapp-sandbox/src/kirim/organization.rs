//! Organisations and their API keys. A key belongs to one organisation and opens all of it.

use std::time::Duration;

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use crate::access::key::digest;
use crate::clock::Timestamp;
use crate::network::{Change, Refusal, View};
use crate::store::Sql as _;

/// How an API key begins.
const PREFIX: &str = "kdv_live_";
/// The plans: requests a minute that write, and that read.
const TIERS: [(&str, u32, u32); 3] = [("free", 60, 600), ("pro", 600, 6_000), ("enterprise", 6_000, 60_000)];

/// A customer.
#[derive(Clone, Debug)]
pub(crate) struct Organization {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) tier: String,
    pub(crate) write_per_minute: u32,
    pub(crate) read_per_minute: u32,
}

/// A customer to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewOrganization<'a> {
    pub(crate) name: &'a str,
    /// `free`, `pro` or `enterprise`.
    pub(crate) tier: &'a str,
    /// The key that opens it; drawn if there is none.
    pub(crate) key: Option<&'a str>,
    /// How long the key is good for; for ever if `None`.
    pub(crate) key_lifetime: Option<Duration>,
}

/// Who calls: a key and its organisation.
#[derive(Clone, Debug)]
pub(super) struct Caller {
    pub(super) organization: Organization,
    key_id: String,
    label: String,
    last4: String,
}

/// Why a key opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum KeyProblem {
    #[error("the API key is not known to this sandbox")]
    Invalid,
    #[error("the API key has expired")]
    Expired,
}

impl KeyProblem {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Invalid => "invalid_api_key",
            Self::Expired => "expired_api_key",
        }
    }
}

impl Organization {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            tier: row.get(2)?,
            write_per_minute: row.get(3)?,
            read_per_minute: row.get(4)?,
        })
    }
}

impl Caller {
    /// The key as its holder may see it.
    pub(super) fn render(&self, limit: Option<u32>) -> Value {
        let it = &self.organization;
        json!({
            "organization": { "id": it.id, "object": "organization", "name": it.name },
            "api_key": { "id": self.key_id, "object": "api_key", "label": self.label, "last4": self.last4 },
            "rate_limits": {
                "tier": it.tier,
                "write_per_minute": limit.unwrap_or(it.write_per_minute),
                "read_per_minute": limit.unwrap_or(it.read_per_minute),
            },
        })
    }
}

const COLUMNS: &str = "kirim_organization.id, name, tier, write_per_minute, read_per_minute";

/// All organisations, the oldest first.
pub(crate) fn list(connection: &Connection) -> Result<Vec<Organization>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM kirim_organization ORDER BY created_at, id");
    Ok(connection.all(&sql, (), Organization::from_row)?)
}

/// Who holds this key.
pub(super) fn authenticate(view: &View<'_>, secret: &str) -> Result<Result<Caller, KeyProblem>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS}, kirim_key.id, label, last4, expires_at
           FROM kirim_key JOIN kirim_organization ON kirim_organization.id = organization_id WHERE digest = ?1"
    );
    let found = view.first(&sql, (digest(secret),), |row| {
        let organization = Organization::from_row(row)?;
        let caller = Caller { organization, key_id: row.get(5)?, label: row.get(6)?, last4: row.get(7)? };
        Ok((caller, row.get::<_, Option<Timestamp>>(8)?))
    })?;
    Ok(match found {
        Some((_, Some(at))) if at <= view.now => Err(KeyProblem::Expired),
        Some((caller, _)) => Ok(caller),
        None => Err(KeyProblem::Invalid),
    })
}

/// Makes an organisation with one key, and gives the key, which nobody can learn again.
pub(crate) fn create(
    change: &Change<'_>,
    new: NewOrganization<'_>,
) -> Result<(Organization, String), Refusal> {
    let Some((tier, write, read)) = TIERS.into_iter().find(|(name, ..)| *name == new.tier) else {
        return Err(Refusal::Invalid("`tier` must be free, pro or enterprise".to_owned()));
    };
    let new_id = |prefix: &str| format!("{prefix}_{}", change.entropy().ulid(change.now));
    let id = new_id("org");
    change.run(
        "INSERT INTO kirim_organization (id, name, tier, write_per_minute, read_per_minute, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (&id, new.name, tier, write, read, change.now),
    )?;
    let key = new.key.map_or_else(|| format!("{PREFIX}{}", change.entropy().key_text()), str::to_owned);
    let last4 = &key[key.len().saturating_sub(4)..];
    change.run(
        "INSERT INTO kirim_key (id, organization_id, digest, label, last4, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            new_id("key"),
            &id,
            digest(&key),
            "Default",
            last4,
            change.now,
            new.key_lifetime.map(|it| change.now.after(it)),
        ),
    )?;
    let sql = format!("SELECT {COLUMNS} FROM kirim_organization WHERE id = ?1");
    let made = change.first(&sql, (&id,), Organization::from_row)?;
    Ok((made.ok_or_else(|| Refusal::NoRecord("organisation", id))?, key))
}

/// Whether a key like this opens an organisation.
pub(super) fn has_key(connection: &Connection, key: &str) -> Result<bool, Refusal> {
    Ok(connection.any("SELECT 1 FROM kirim_key WHERE digest = ?1", (digest(key),))?)
}
