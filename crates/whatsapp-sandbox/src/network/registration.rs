//! Whether a number is on `WhatsApp` at all.

use super::id::AccountId;
use super::{Change, Refusal, phone, session};
use crate::store::Sql as _;

/// Takes an account off `WhatsApp`, or brings it back. Off it, nobody finds it or can write to it, its devices are
/// unlinked and its phone is off; its chats stay as they were.
pub(crate) fn set(change: &Change<'_>, account: AccountId, registered: bool) -> Result<(), Refusal> {
    let sql = "UPDATE account SET registered = ?2 WHERE id = ?1 AND registered <> ?2";
    if change.run(sql, (account, registered))? == 0 {
        return Ok(());
    }
    if !registered {
        for session in session::of_account(change, account)? {
            session::log_out(change, &session.name)?;
        }
    }
    phone::switch(change, account, registered)
}
