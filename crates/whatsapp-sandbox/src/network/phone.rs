//! The phone of an account that no session is linked to: it is on, or off and gets nothing.

use rusqlite::Connection;

use super::id::AccountId;
use super::{Change, Refusal, account, presence, receipt};
use crate::store::Sql as _;

/// Switches the phone on or off. What was waiting reaches a phone that comes back; one that goes off is not available
/// any more. Accounts with linked sessions are reached through these, whatever the phone does.
pub(crate) fn switch(change: &Change<'_>, me: AccountId, on: bool) -> Result<(), Refusal> {
    let sql = "UPDATE account SET phone_on = ?2 WHERE id = ?1 AND phone_on <> ?2";
    if change.run(sql, (me, on))? == 0 {
        return Ok(());
    }
    if on { receipt::deliver_backlog(change, me) } else { presence::set(change, me, false) }
}

/// Whether the phone is on.
pub(crate) fn is_on(connection: &Connection, me: AccountId) -> Result<bool, Refusal> {
    Ok(connection.any("SELECT 1 FROM account WHERE id = ?1 AND phone_on = 1", (me,))?)
}

/// Refuses what a phone that is off cannot do: whoever lets an account act by hand asks this first.
pub(crate) fn expect_on(connection: &Connection, me: AccountId) -> Result<(), Refusal> {
    if is_on(connection, me)? {
        Ok(())
    } else {
        Err(Refusal::PhoneOff(account::by_id(connection, me)?.phone))
    }
}
