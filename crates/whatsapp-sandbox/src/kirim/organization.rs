//! Organisations, the customers of the API.

use rusqlite::{Connection, Row};

use super::api_key::{self, NewKey};
use crate::network::{Change, Refusal};
use crate::store::Sql as _;

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
    /// Its first key.
    pub(crate) key: NewKey<'a>,
}

impl Organization {
    /// From [`COLUMNS`], which stand first.
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            tier: row.get(2)?,
            write_per_minute: row.get(3)?,
            read_per_minute: row.get(4)?,
        })
    }
}

pub(super) const COLUMNS: &str = "kirim_organization.id, name, tier, write_per_minute, read_per_minute";

/// All organisations, the oldest first.
pub(crate) fn list(connection: &Connection) -> Result<Vec<Organization>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM kirim_organization ORDER BY created_at, id");
    Ok(connection.all(&sql, (), Organization::from_row)?)
}

/// The organisation with this id.
pub(crate) fn get(connection: &Connection, id: &str) -> Result<Organization, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM kirim_organization WHERE id = ?1");
    let found = connection.first(&sql, (id,), Organization::from_row)?;
    found.ok_or_else(|| Refusal::NoRecord("organisation", id.to_owned()))
}

/// Makes an organisation with one key, and gives the key, which nobody can learn again.
pub(crate) fn create(
    change: &Change<'_>,
    new: NewOrganization<'_>,
) -> Result<(Organization, String), Refusal> {
    let Some((tier, write, read)) = TIERS.into_iter().find(|(name, ..)| *name == new.tier) else {
        return Err(Refusal::Invalid("`tier` must be free, pro or enterprise".to_owned()));
    };
    let id = format!("org_{}", change.entropy().ulid(change.now));
    change.run(
        "INSERT INTO kirim_organization (id, name, tier, write_per_minute, read_per_minute, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (&id, new.name, tier, write, read, change.now),
    )?;
    let key = api_key::add(change, &id, new.key)?;
    Ok((get(change, &id)?, key))
}
