//! Invite links: who has the code may look at a group and join it, until the code is revoked.

use rusqlite::Connection;

use super::member::{self, Rank};
use super::{COLUMNS, Group, check_admin};
use crate::network::id::AccountId;
use crate::network::{Change, Refusal};
use crate::store::Sql as _;

const LINK: &str = "https://chat.whatsapp.com/";

/// The link that carries a code.
pub(crate) fn link(code: &str) -> String {
    format!("{LINK}{code}")
}

/// The group's code, for its admins.
pub(crate) fn code<'a>(connection: &Connection, me: AccountId, group: &'a Group) -> Result<&'a str, Refusal> {
    check_admin(connection, group.id, me, "see its invite code")?;
    Ok(&group.invite_code)
}

/// Makes a new code; the old one leads nowhere from now on.
pub(crate) fn revoke(change: &Change<'_>, me: AccountId, group: &Group) -> Result<String, Refusal> {
    check_admin(change, group.id, me, "revoke its invite code")?;
    let code = change.entropy().invite_code();
    change.run("UPDATE group_chat SET invite_code = ?2 WHERE id = ?1", (group.id, &code))?;
    Ok(code)
}

/// The group that a code or an invite link leads to.
pub(crate) fn look(connection: &Connection, code: &str) -> Result<Group, Refusal> {
    let code = code.trim();
    let code = code.strip_prefix(LINK).unwrap_or(code);
    // A deleted group has no members, and nobody may become its first.
    let sql = format!(
        "SELECT {COLUMNS} FROM group_chat WHERE invite_code = ?1
            AND EXISTS (SELECT 1 FROM participant WHERE group_id = group_chat.id)"
    );
    connection.first(&sql, (code,), Group::from_row)?.ok_or(Refusal::NoInvite)
}

/// The account joins the group that a code or an invite link leads to.
pub(crate) fn join(change: &Change<'_>, me: AccountId, code: &str) -> Result<Group, Refusal> {
    let group = look(change, code)?;
    if member::rank(change, group.id, me)?.is_some() {
        return Err(Refusal::AlreadyMember);
    }
    if member::is_full(change, group.id)? {
        return Err(Refusal::Invalid("the group is full".to_owned()));
    }
    member::enter(change, group.id, me, Rank::Member)?;
    Ok(group)
}
