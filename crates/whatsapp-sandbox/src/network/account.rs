//! Accounts: everyone who is on the simulated network.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row};

use super::event::ContactChange;
use super::id::AccountId;
use super::{Change, Refusal, contact};
use crate::clock::Timestamp;
use crate::jid::Jid;
use crate::store::Sql as _;

/// Who an account is on the network. The phone number and the LID are two names of one account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    /// Digits with the country code, without a plus.
    pub(crate) phone: String,
    /// Digits.
    pub(crate) lid: String,
    pub(crate) push_name: String,
    pub(crate) about: String,
    pub(crate) business_name: Option<String>,
    pub(crate) picture_id: Option<String>,
    pub(crate) character: Character,
    pub(crate) open_to_groups: bool,
    pub(crate) available: bool,
    pub(crate) last_seen: Option<Timestamp>,
    /// Whether the number is on `WhatsApp` at the moment.
    pub(crate) registered: bool,
}

/// What an account does by itself while no session is linked to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Character {
    /// The phone of whoever uses the sandbox: it receives, and does nothing by itself.
    Owner,
    /// A person who reads what arrives.
    Reader,
    /// A person who reads and answers with what was written.
    Echo,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub(crate) struct NewAccount<'a> {
    pub(crate) phone: &'a str,
    pub(crate) push_name: &'a str,
    pub(crate) about: &'a str,
    pub(crate) business_name: Option<&'a str>,
    pub(crate) character: Character,
}

/// The most characters of a name that others see.
const MAX_NAME: usize = 25;
/// The most characters of an about text.
const MAX_ABOUT: usize = 139;

const COLUMNS: &str = "account.id, phone, lid, push_name, about, business_name, account.picture_id, character, \
                       open_to_groups, available, last_seen, registered";

impl Account {
    /// The canonical address.
    pub(crate) fn jid(&self) -> Jid {
        Jid::Phone(self.phone.clone())
    }

    /// The address that hides the phone number.
    pub(crate) fn lid_jid(&self) -> Jid {
        Jid::Lid(self.lid.clone())
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            phone: row.get(1)?,
            lid: row.get(2)?,
            push_name: row.get(3)?,
            about: row.get(4)?,
            business_name: row.get(5)?,
            picture_id: row.get(6)?,
            character: row.get(7)?,
            open_to_groups: row.get(8)?,
            available: row.get(9)?,
            last_seen: row.get(10)?,
            registered: row.get(11)?,
        })
    }
}

/// The account with this key.
pub(crate) fn by_id(connection: &Connection, id: AccountId) -> Result<Account, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE id = ?1");
    connection
        .first(&sql, (id,), Account::from_row)?
        .ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
}

/// The accounts that were first on the network.
pub(crate) fn first(connection: &Connection, limit: u32) -> Result<Vec<Account>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM account ORDER BY id LIMIT ?1");
    Ok(connection.all(&sql, (limit,), Account::from_row)?)
}

/// Accounts in the order in which they came to the network, past the first `offset`.
pub(crate) fn page(connection: &Connection, limit: u32, offset: u32) -> Result<Vec<Account>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM account ORDER BY id LIMIT ?1 OFFSET ?2");
    Ok(connection.all(&sql, (limit, offset), Account::from_row)?)
}

/// The account with exactly this phone number or LID, registered or not.
pub(crate) fn find(connection: &Connection, jid: &Jid) -> Result<Option<Account>, Refusal> {
    let (column, digits) = match jid {
        Jid::Phone(digits) => ("phone", digits),
        Jid::Lid(digits) => ("lid", digits),
        Jid::Group(_) | Jid::Newsletter(_) | Jid::StatusBroadcast => return Ok(None),
    };
    let sql = format!("SELECT {COLUMNS} FROM account WHERE {column} = ?1");
    Ok(connection.first(&sql, (digits,), Account::from_row)?)
}

/// The account with this phone number or LID, or the refusal that names it.
pub(crate) fn expect(connection: &Connection, jid: &Jid) -> Result<Account, Refusal> {
    match jid {
        Jid::Phone(_) | Jid::Lid(_) => {
            find(connection, jid)?.ok_or_else(|| Refusal::NotRegistered(jid.to_string()))
        }
        Jid::Group(_) | Jid::Newsletter(_) | Jid::StatusBroadcast => {
            Err(Refusal::Invalid(format!("{jid} is no person: give a phone number or the JID of a person")))
        }
    }
}

/// Asks the network which account a dialled number leads to. It may be registered under another number (Brazil's
/// ninth digit): only the network knows, no rule does.
pub(crate) fn dialled(connection: &Connection, jid: &Jid) -> Result<Option<Account>, Refusal> {
    if let Some(account) = find(connection, jid)? {
        return Ok(Some(account).filter(|it| it.registered));
    }
    let Jid::Phone(digits) = jid else { return Ok(None) };
    let sql = format!(
        "SELECT {COLUMNS} FROM dialled_number JOIN account ON account.id = account_id
          WHERE digits = ?1 AND registered = 1"
    );
    Ok(connection.first(&sql, (digits,), Account::from_row)?)
}

/// Puts an account on the network, under a number that nobody has.
pub(crate) fn create(change: &Change<'_>, new: &NewAccount<'_>) -> Result<AccountId, Refusal> {
    if change.any("SELECT 1 FROM account WHERE phone = ?1", (new.phone,))? {
        return Err(Refusal::NumberTaken(new.phone.to_owned()));
    }
    change.run(
        "INSERT INTO account (phone, lid, push_name, about, business_name, character) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (new.phone, change.entropy().lid_digits(), new.push_name, new.about, new.business_name, new.character),
    )?;
    Ok(change.last_insert_rowid().into())
}

/// Says that a number which people dial leads to an account registered under another one.
pub(crate) fn add_spelling(change: &Change<'_>, id: AccountId, digits: &str) -> Result<(), Refusal> {
    if change.any("SELECT 1 FROM account WHERE phone = ?1", (digits,))? {
        return Err(Refusal::NumberTaken(digits.to_owned()));
    }
    change.run(
        "INSERT INTO dialled_number (digits, account_id) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET account_id = excluded.account_id",
        (digits, id),
    )?;
    Ok(())
}

/// Changes the name that others see.
pub(crate) fn set_push_name(change: &Change<'_>, id: AccountId, name: &str) -> Result<(), Refusal> {
    if name.trim().is_empty() || name.chars().count() > MAX_NAME {
        return Err(Refusal::Invalid(format!("`name` must have 1 to {MAX_NAME} characters")));
    }
    change.run("UPDATE account SET push_name = ?2 WHERE id = ?1", (id, name))?;
    contact::tell(change, id, ContactChange::PushName)
}

/// Changes the about text.
pub(crate) fn set_about(change: &Change<'_>, id: AccountId, about: &str) -> Result<(), Refusal> {
    if about.chars().count() > MAX_ABOUT {
        return Err(Refusal::Invalid(format!("`status` may have up to {MAX_ABOUT} characters")));
    }
    change.run("UPDATE account SET about = ?2 WHERE id = ?1", (id, about))?;
    contact::tell(change, id, ContactChange::About)
}

/// Makes it a business account under this name, or an ordinary one.
pub(crate) fn set_business_name(
    change: &Change<'_>,
    id: AccountId,
    name: Option<&str>,
) -> Result<(), Refusal> {
    change.run("UPDATE account SET business_name = ?2 WHERE id = ?1", (id, name))?;
    contact::tell(change, id, ContactChange::PushName)
}

/// Changes what the account does by itself.
pub(crate) fn set_character(change: &Change<'_>, id: AccountId, character: Character) -> Result<(), Refusal> {
    change.run("UPDATE account SET character = ?2 WHERE id = ?1", (id, character))?;
    Ok(())
}

/// Changes or removes the profile picture.
pub(crate) fn set_picture(
    change: &Change<'_>,
    id: AccountId,
    picture_id: Option<&str>,
) -> Result<(), Refusal> {
    change.run("UPDATE account SET picture_id = ?2 WHERE id = ?1", (id, picture_id))?;
    contact::tell(change, id, ContactChange::Picture)
}

/// Whether a session is linked to the account, so that the simulation leaves it alone.
pub(crate) fn is_linked(connection: &Connection, id: AccountId) -> Result<bool, Refusal> {
    Ok(connection.any("SELECT 1 FROM session WHERE account_id = ?1", (id,))?)
}

impl Character {
    const NAMES: [(Self, &'static str); 3] =
        [(Self::Owner, "owner"), (Self::Reader, "reader"), (Self::Echo, "echo")];

    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(it, _)| *it == self).map_or("owner", |(_, name)| name)
    }
}

impl ToSql for Character {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for Character {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        Self::NAMES.iter().find(|(_, it)| *it == name).map(|(it, _)| *it).ok_or(FromSqlError::InvalidType)
    }
}
