//! The numbers of an organisation: accounts of the network under Meta's ids.

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use super::{e164, record};
use crate::network::account::{self, Account};
use crate::network::id::AccountId;
use crate::network::session::{self, State};
use crate::network::{Change, Refusal};
use crate::store::Sql as _;

/// A number.
#[derive(Clone, Debug)]
pub(crate) struct Number {
    /// Meta's `phone_number_id`.
    pub(crate) id: String,
    pub(crate) organization: String,
    pub(crate) account: AccountId,
    /// It is connected as long as one of its sessions is; otherwise Meta holds the connection itself.
    linked: bool,
}

const COLUMNS: &str = "id, organization_id, account_id, linked";

impl Number {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { id: row.get(0)?, organization: row.get(1)?, account: row.get(2)?, linked: row.get(3)? })
    }

    /// The account behind it.
    pub(crate) fn account(&self, connection: &Connection) -> Result<Account, Refusal> {
        account::by_id(connection, self.account)
    }

    /// Whether it can send.
    pub(super) fn is_connected(&self, connection: &Connection) -> Result<bool, Refusal> {
        let sessions = session::of_account(connection, self.account)?;
        Ok(!self.linked || sessions.iter().any(|it| it.state == State::Connected))
    }

    /// As the API shows it.
    pub(super) fn render(&self, connection: &Connection) -> Result<Value, Refusal> {
        let account = self.account(connection)?;
        let status = if self.is_connected(connection)? { "connected" } else { "disconnected" };
        Ok(json!({
            "object": "account",
            "phone_number_id": self.id,
            "phone_number": e164(&account.phone),
            "name": account.business_name.unwrap_or(account.push_name),
            "status": status,
        }))
    }
}

/// The numbers of an organisation, the oldest first.
pub(crate) fn list(connection: &Connection, organization: &str) -> Result<Vec<Number>, Refusal> {
    let sql =
        format!("SELECT {COLUMNS} FROM kirim_number WHERE organization_id = ?1 ORDER BY created_at, id");
    Ok(connection.all(&sql, (organization,), Number::from_row)?)
}

/// The number with this id, if it is this organisation's.
pub(super) fn of(connection: &Connection, organization: &str, id: &str) -> Result<Number, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM kirim_number WHERE id = ?1 AND organization_id = ?2");
    let found = connection.first(&sql, (id, organization), Number::from_row)?;
    found.ok_or_else(|| Refusal::NoRecord("number", id.to_owned()))
}

/// The number with this id, if it is this organisation's and can send.
pub(super) fn connected(connection: &Connection, organization: &str, id: &str) -> Result<Number, Refusal> {
    let number = of(connection, organization, id)?;
    if number.is_connected(connection)? {
        return Ok(number);
    }
    Err(Refusal::Rule {
        status: 422,
        code: "account_not_connected",
        param: None,
        message: format!("the number {id} is not connected: start its session first"),
    })
}

/// The number that this account is, if it is one.
pub(crate) fn of_account(connection: &Connection, account: AccountId) -> Result<Option<Number>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM kirim_number WHERE account_id = ?1");
    Ok(connection.first(&sql, (account,), Number::from_row)?)
}

/// Makes an account a number of an organisation, under this id or one that is drawn, with records of all that it has
/// written and got. A number that sessions are linked to now is connected through them.
pub(crate) fn claim(
    change: &Change<'_>,
    organization: &str,
    account: &Account,
    id: Option<&str>,
) -> Result<Number, Refusal> {
    if of_account(change, account.id)?.is_some() {
        return Err(Refusal::NumberTaken(account.phone.clone()));
    }
    let id = id.map_or_else(|| format!("1{}", change.entropy().digits(14)), str::to_owned);
    let linked = !session::of_account(change, account.id)?.is_empty();
    change.run(
        "INSERT INTO kirim_number (id, organization_id, account_id, linked, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        (&id, organization, account.id, linked, change.now),
    )?;
    let number = of(change, organization, &id)?;
    record::catch_up(change, &number)?;
    Ok(number)
}
