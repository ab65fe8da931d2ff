//! What an account lets others know of it.

use rusqlite::Connection;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

use super::id::AccountId;
use super::{Change, Refusal, contact};
use crate::store::Sql as _;

/// To whom something is shown. A blocked person is in no circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Circle {
    Everyone,
    /// The people in the account's address book.
    Contacts,
    Nobody,
}

/// The privacy settings of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Privacy {
    /// Who sees whether the account is available, when it was last, and what it writes.
    pub(crate) presence: Circle,
    /// Who sees the profile picture.
    pub(crate) picture: Circle,
    /// Whether senders learn that their messages were read, and the account that its own were. Groups ignore it.
    pub(crate) read_receipts: bool,
    /// Whether others than contacts may add the account to groups.
    pub(crate) open_to_groups: bool,
}

/// The privacy settings of an account.
pub(crate) fn of(connection: &Connection, account: AccountId) -> Result<Privacy, Refusal> {
    let sql = "SELECT presence_to, picture_to, read_receipts, open_to_groups FROM account WHERE id = ?1";
    let privacy = connection.first(sql, (account,), |row| {
        Ok(Privacy {
            presence: row.get(0)?,
            picture: row.get(1)?,
            read_receipts: row.get(2)?,
            open_to_groups: row.get(3)?,
        })
    })?;
    privacy.ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
}

/// Replaces the privacy settings of an account.
pub(crate) fn set(change: &Change<'_>, account: AccountId, to: Privacy) -> Result<(), Refusal> {
    change.run(
        "UPDATE account SET presence_to = ?2, picture_to = ?3, read_receipts = ?4, open_to_groups = ?5 WHERE id = ?1",
        (account, to.presence, to.picture, to.read_receipts, to.open_to_groups),
    )?;
    Ok(())
}

/// Whether `viewer` sees the presence of `owner`: not if either has blocked the other.
pub(super) fn shows_presence(
    connection: &Connection,
    owner: AccountId,
    viewer: AccountId,
) -> Result<bool, Refusal> {
    Ok(is_within(connection, owner, viewer, of(connection, owner)?.presence)?
        && !contact::has_blocked(connection, viewer, owner)?)
}

/// Whether `viewer` sees the picture of `owner`.
pub(super) fn shows_picture(
    connection: &Connection,
    owner: AccountId,
    viewer: AccountId,
) -> Result<bool, Refusal> {
    is_within(connection, owner, viewer, of(connection, owner)?.picture)
}

fn is_within(
    connection: &Connection,
    owner: AccountId,
    viewer: AccountId,
    circle: Circle,
) -> Result<bool, Refusal> {
    if owner == viewer {
        return Ok(true);
    }
    Ok(match circle {
        Circle::Nobody => false,
        Circle::Everyone => !contact::has_blocked(connection, owner, viewer)?,
        Circle::Contacts => {
            contact::is_saved(connection, owner, viewer)? && !contact::has_blocked(connection, owner, viewer)?
        }
    })
}

impl Circle {
    const NAMES: [(Self, &'static str); 3] =
        [(Self::Everyone, "everyone"), (Self::Contacts, "contacts"), (Self::Nobody, "nobody")];

    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(it, _)| *it == self).map_or("everyone", |(_, name)| name)
    }

    /// The circle with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, it)| *it == name).map(|(it, _)| *it)
    }
}

impl ToSql for Circle {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for Circle {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::from_name(value.as_str()?).ok_or(FromSqlError::InvalidType)
    }
}
