//! Invite links: who has the code may look at a group and join it, until the code is revoked.

use std::time::Duration;

use rusqlite::Connection;

use super::member::{self, Action, Rank};
use super::{COLUMNS, Group, check_admin};
use crate::clock::Timestamp;
use crate::network::event::{Event, GroupChange, Person};
use crate::network::id::AccountId;
use crate::network::{Change, Refusal, View};
use crate::store::Sql as _;

const LINK: &str = "https://chat.whatsapp.com/";
/// How long a personal invite opens the group.
const LIFETIME: Duration = Duration::from_hours(72);

/// A code with which one person, and nobody else, may join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PersonalInvite {
    pub(crate) code: String,
    pub(crate) expires_at: Timestamp,
}

/// The link that carries a code.
pub(crate) fn link(code: &str) -> String {
    format!("{LINK}{code}")
}

/// The group's code, for its admins.
pub(crate) fn code<'a>(connection: &Connection, me: AccountId, group: &'a Group) -> Result<&'a str, Refusal> {
    check_admin(connection, group.id, me, "see its invite code")?;
    Ok(&group.invite_code)
}

/// Makes a new code; the old one leads nowhere from now on, and neither do the personal invites.
pub(crate) fn revoke(change: &Change<'_>, me: AccountId, group: &Group) -> Result<String, Refusal> {
    check_admin(change, group.id, me, "revoke its invite code")?;
    let code = change.entropy().invite_code();
    change.run("UPDATE group_chat SET invite_code = ?2 WHERE id = ?1", (group.id, &code))?;
    change.run("DELETE FROM personal_invite WHERE group_id = ?1", (group.id,))?;
    let admins = change.all(
        "SELECT account_id FROM participant WHERE group_id = ?1 AND rank > 0",
        (group.id,),
        |row| row.get(0),
    )?;
    let (place, by) = (change.place(group.id)?, Person::of(change, me)?);
    let event = Event::GroupChanged { place, by, change: GroupChange::InviteCode(code.clone()) };
    change.emit(&event, &admins)?;
    Ok(code)
}

/// Invites one person whom only contacts may add. The code opens the group to nobody else; an earlier one dies.
pub(super) fn invite_one(
    change: &Change<'_>,
    me: AccountId,
    group: &Group,
    person: AccountId,
) -> Result<PersonalInvite, Refusal> {
    let invite =
        PersonalInvite { code: change.entropy().invite_code(), expires_at: change.now.after(LIFETIME) };
    change.run(
        "INSERT INTO personal_invite (code, group_id, account_id, inviter_id, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (group_id, account_id) DO UPDATE
            SET code = excluded.code, inviter_id = excluded.inviter_id, expires_at = excluded.expires_at",
        (&invite.code, group.id, person, me, invite.expires_at),
    )?;
    Ok(invite)
}

/// The group that a code or an invite link leads to for this account.
pub(crate) fn look(view: &View<'_>, me: AccountId, code: &str) -> Result<Group, Refusal> {
    let code = code.trim();
    let code = code.strip_prefix(LINK).unwrap_or(code);
    // A deleted group has no members, and nobody may become its first. A personal invite lives as long as its maker is
    // an admin.
    let sql = format!(
        "SELECT {COLUMNS} FROM group_chat
          WHERE (invite_code = ?1 OR id = (SELECT group_id FROM personal_invite
                   WHERE code = ?1 AND personal_invite.account_id = ?2 AND expires_at > ?3
                     AND EXISTS (SELECT 1 FROM participant WHERE group_id = personal_invite.group_id
                                    AND account_id = inviter_id AND rank > 0)))
            AND EXISTS (SELECT 1 FROM participant WHERE group_id = group_chat.id)"
    );
    view.first(&sql, (code, me, view.now), Group::from_row)?.ok_or(Refusal::NoInvite)
}

/// The account joins the group that a code or an invite link leads to.
pub(crate) fn join(change: &Change<'_>, me: AccountId, code: &str) -> Result<Group, Refusal> {
    let group = look(change, me, code)?;
    if member::rank(change, group.id, me)?.is_some() {
        return Err(Refusal::AlreadyMember);
    }
    if member::is_full(change, group.id)? {
        return Err(Refusal::Unfit("the group is full"));
    }
    member::enter(change, group.id, me, Rank::Member)?;
    member::tell(change, me, group.id, Action::Add, &[me])?;
    Ok(group)
}
