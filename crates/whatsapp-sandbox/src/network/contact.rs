//! Contacts: the people whom an account has in its address book or has met in chats, and whom it has blocked.

use rusqlite::Connection;

use super::account::{self, Account};
use super::id::AccountId;
use super::{Change, Refusal};
use crate::store::Sql as _;

/// A person as one account knows them.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    pub(crate) account: Account,
    /// The name in the address book.
    pub(crate) name: Option<String>,
    /// Whether the person hides the picture and presence from the account.
    pub(crate) hidden: bool,
}

/// All contacts, those of the address book first.
pub(crate) fn list(connection: &Connection, me: AccountId) -> Result<Vec<Contact>, Refusal> {
    let sql = "SELECT peer_id FROM contact WHERE account_id = ?1 ORDER BY name IS NULL, name, peer_id";
    let peers: Vec<AccountId> = connection.all(sql, (me,), |row| row.get(0))?;
    peers.into_iter().map(|peer| of(connection, me, account::by_id(connection, peer)?)).collect()
}

/// A person as the account knows them, met before or not.
pub(crate) fn of(connection: &Connection, me: AccountId, person: Account) -> Result<Contact, Refusal> {
    let sql = "SELECT name FROM contact WHERE account_id = ?1 AND peer_id = ?2";
    let name = connection.first(sql, (me, person.id), |row| row.get(0))?.flatten();
    let hidden = has_blocked(connection, person.id, me)?;
    Ok(Contact { account: person, name, hidden })
}

/// Blocks a person, or takes the block back.
pub(crate) fn block(
    change: &Change<'_>,
    me: AccountId,
    person: &Account,
    blocked: bool,
) -> Result<(), Refusal> {
    if person.id == me {
        return Err(Refusal::Invalid("an account cannot block itself".to_owned()));
    }
    change.run(
        "INSERT INTO contact (account_id, peer_id, blocked) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET blocked = excluded.blocked",
        (me, person.id, blocked),
    )?;
    Ok(())
}

/// Writes a person into the address book.
pub(crate) fn save(change: &Change<'_>, me: AccountId, person: AccountId, name: &str) -> Result<(), Refusal> {
    change.run(
        "INSERT INTO contact (account_id, peer_id, name) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET name = excluded.name",
        (me, person, name),
    )?;
    Ok(())
}

/// Whether `me` has blocked `other`.
pub(super) fn has_blocked(connection: &Connection, me: AccountId, other: AccountId) -> Result<bool, Refusal> {
    let sql = "SELECT 1 FROM contact WHERE account_id = ?1 AND peer_id = ?2 AND blocked = 1";
    Ok(connection.any(sql, (me, other))?)
}

/// Whether the person is in the account's address book.
pub(super) fn is_saved(connection: &Connection, me: AccountId, person: AccountId) -> Result<bool, Refusal> {
    let sql = "SELECT 1 FROM contact WHERE account_id = ?1 AND peer_id = ?2 AND name IS NOT NULL";
    Ok(connection.any(sql, (me, person))?)
}

/// Remembers somebody met in a chat.
pub(super) fn meet(change: &Change<'_>, me: AccountId, other: AccountId) -> Result<(), Refusal> {
    if me != other {
        change.run("INSERT OR IGNORE INTO contact (account_id, peer_id) VALUES (?1, ?2)", (me, other))?;
    }
    Ok(())
}
