//! Contacts: the people whom an account has in its address book or has met in chats, and whom it has blocked.

use rusqlite::Connection;

use super::account::{self, Account};
use super::event::{ContactChange, Event, Person};
use super::id::AccountId;
use super::{Change, Refusal, privacy};
use crate::store::Sql as _;

/// A person as one account knows them.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    pub(crate) account: Account,
    /// The name in the address book.
    pub(crate) name: Option<String>,
    /// Whether the person hides the picture from the account.
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
    let hidden = !privacy::shows_picture(connection, person.id, me)?;
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
        return Err(Refusal::Unfit("an account cannot block itself"));
    }
    change.run(
        "INSERT INTO contact (account_id, peer_id, blocked) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET blocked = excluded.blocked",
        (me, person.id, blocked),
    )?;
    let event = Event::Blocked { by: Person::of(change, me)?, person: person.clone().into(), blocked };
    change.emit(&event, &[me])
}

/// Whom the account has blocked.
pub(crate) fn blocked(connection: &Connection, me: AccountId) -> Result<Vec<Account>, Refusal> {
    let sql = "SELECT peer_id FROM contact WHERE account_id = ?1 AND blocked = 1 ORDER BY peer_id";
    let peers: Vec<AccountId> = connection.all(sql, (me,), |row| row.get(0))?;
    peers.into_iter().map(|peer| account::by_id(connection, peer)).collect()
}

/// Writes a person into the address book.
pub(crate) fn save(change: &Change<'_>, me: AccountId, person: AccountId, name: &str) -> Result<(), Refusal> {
    change.run(
        "INSERT INTO contact (account_id, peer_id, name) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET name = excluded.name",
        (me, person, name),
    )?;
    let event = Event::Contact { person: Person::of(change, person)?, change: ContactChange::Name };
    change.emit(&event, &[me])
}

/// Takes a person out of the address book; chats and blocks stay.
pub(crate) fn remove(change: &Change<'_>, me: AccountId, person: AccountId) -> Result<(), Refusal> {
    let sql = "UPDATE contact SET name = NULL WHERE account_id = ?1 AND peer_id = ?2 AND name IS NOT NULL";
    if change.run(sql, (me, person))? == 0 {
        return Ok(());
    }
    let event = Event::Contact { person: Person::of(change, person)?, change: ContactChange::Name };
    change.emit(&event, &[me])
}

/// Tells everyone who knows a person, and may, that the person shows something else now.
pub(super) fn tell(change: &Change<'_>, person: AccountId, what: ContactChange) -> Result<(), Refusal> {
    let sql = "SELECT account_id FROM contact WHERE peer_id = ?1 AND NOT EXISTS
                (SELECT 1 FROM contact mine WHERE mine.account_id = ?1 AND mine.peer_id = contact.account_id
                    AND mine.blocked = 1)";
    let mut observers: Vec<AccountId> = change.all(sql, (person,), |row| row.get(0))?;
    if what == ContactChange::Picture {
        let mut allowed = Vec::with_capacity(observers.len());
        for observer in observers {
            if privacy::shows_picture(change, person, observer)? {
                allowed.push(observer);
            }
        }
        observers = allowed;
    }
    change.emit(&Event::Contact { person: Person::of(change, person)?, change: what }, &observers)
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
