//! Groups: what they are, and what their members may do to them.

use rusqlite::{Connection, Row};

use super::conversation;
use super::event::{Event, GroupChange, Person};
use super::id::{AccountId, ConversationId};
use super::{Change, Refusal, chat};
use crate::clock::Timestamp;
use crate::jid::Jid;
use crate::store::Sql as _;

pub(crate) mod invite;
pub(crate) mod member;
pub(crate) mod mode;
mod outcome;

use member::Rank;

/// The most characters of a group's name.
const MAX_NAME: usize = 25;
/// The most characters of a group's description.
const MAX_DESCRIPTION: usize = 2_048;

/// A group.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) id: ConversationId,
    digits: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) owner: AccountId,
    pub(crate) invite_code: String,
    pub(crate) created_at: Timestamp,
    /// Only admins may write.
    pub(crate) announce: bool,
    /// Only admins may change name, description and picture.
    pub(crate) locked: bool,
}

const COLUMNS: &str =
    "group_chat.id, digits, name, description, owner_id, invite_code, created_at, announce, locked";

impl Group {
    /// The group's address.
    pub(crate) fn jid(&self) -> Jid {
        Jid::Group(self.digits.clone())
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            digits: row.get(1)?,
            name: row.get(2)?,
            description: row.get(3)?,
            owner: row.get(4)?,
            invite_code: row.get(5)?,
            created_at: row.get(6)?,
            announce: row.get(7)?,
            locked: row.get(8)?,
        })
    }
}

/// The groups that the account is in, the oldest first.
pub(crate) fn list(connection: &Connection, me: AccountId) -> Result<Vec<Group>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM participant JOIN group_chat ON group_chat.id = group_id
          WHERE account_id = ?1 ORDER BY group_chat.id"
    );
    Ok(connection.all(&sql, (me,), Group::from_row)?)
}

/// The group at this address, if the account is in it.
pub(crate) fn of_member(connection: &Connection, me: AccountId, jid: &Jid) -> Result<Group, Refusal> {
    let Jid::Group(digits) = jid else {
        return Err(Refusal::Invalid(format!("{jid} is no group: the JID of a group ends in @g.us")));
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM group_chat JOIN participant ON group_id = group_chat.id
          WHERE digits = ?1 AND account_id = ?2"
    );
    connection.first(&sql, (digits, me), Group::from_row)?.ok_or_else(|| Refusal::NoGroup(jid.to_string()))
}

/// Makes a group, of which the account is the superadmin.
pub(crate) fn create(change: &Change<'_>, me: AccountId, name: &str) -> Result<Group, Refusal> {
    check_name(name)?;
    let id = conversation::begin(change, "group")?;
    let digits = change.entropy().group_digits();
    change.run(
        "INSERT INTO group_chat (id, digits, name, owner_id, invite_code, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (id, &digits, name, me, change.entropy().invite_code(), change.now),
    )?;
    member::enter(change, id, me, Rank::Superadmin)?;
    tell(change, me, id, GroupChange::Created { name: name.to_owned() })?;
    of_member(change, me, &Jid::Group(digits))
}

/// Deletes a group for all of its members; only its superadmin may, who is the one who made it and has not left since.
pub(crate) fn delete(change: &Change<'_>, me: AccountId, group: &Group) -> Result<(), Refusal> {
    if member::rank(change, group.id, me)? != Some(Rank::Superadmin) {
        return Err(Refusal::NotOwner { owner: "creator of the group", action: "delete it" });
    }
    tell(change, me, group.id, GroupChange::Deleted)?;
    change.run("DELETE FROM personal_invite WHERE group_id = ?1", (group.id,))?;
    for member in member::list(change, group.id)? {
        chat::forget(change, member.account.id, group.id)?;
    }
    // The conversation stays: its messages still belong to it.
    change.run("DELETE FROM participant WHERE group_id = ?1", (group.id,))?;
    Ok(())
}

/// Gives the group another name.
pub(crate) fn set_subject(
    change: &Change<'_>,
    me: AccountId,
    group: &Group,
    name: &str,
) -> Result<(), Refusal> {
    check_editor(change, group, me, "change its subject")?;
    check_name(name)?;
    change.run("UPDATE group_chat SET name = ?2 WHERE id = ?1", (group.id, name))?;
    tell(change, me, group.id, GroupChange::Name(name.to_owned()))
}

/// Gives the group another description; an empty one removes it.
pub(crate) fn set_description(
    change: &Change<'_>,
    me: AccountId,
    group: &Group,
    description: &str,
) -> Result<(), Refusal> {
    check_editor(change, group, me, "change its description")?;
    if description.chars().count() > MAX_DESCRIPTION {
        return Err(Refusal::Invalid(format!("`description` may have up to {MAX_DESCRIPTION} characters")));
    }
    change.run("UPDATE group_chat SET description = ?2 WHERE id = ?1", (group.id, description))?;
    tell(change, me, group.id, GroupChange::Description(description.to_owned()))
}

/// Gives the group another picture.
pub(crate) fn set_picture(
    change: &Change<'_>,
    me: AccountId,
    group: &Group,
    picture_id: &str,
) -> Result<(), Refusal> {
    check_editor(change, group, me, "change its picture")?;
    change.run("UPDATE group_chat SET picture_id = ?2 WHERE id = ?1", (group.id, picture_id))?;
    tell(change, me, group.id, GroupChange::Picture)
}

/// The picture of a group.
pub(crate) fn picture_id(connection: &Connection, id: ConversationId) -> Result<Option<String>, Refusal> {
    Ok(connection
        .first("SELECT picture_id FROM group_chat WHERE id = ?1", (id,), |row| row.get(0))?
        .flatten())
}

/// Whether the account is an admin of the group; nobody is one of another kind of conversation.
pub(super) fn is_admin(connection: &Connection, id: ConversationId, me: AccountId) -> Result<bool, Refusal> {
    let sql = "SELECT 1 FROM participant WHERE group_id = ?1 AND account_id = ?2 AND rank > 0";
    Ok(connection.any(sql, (id, me))?)
}

/// Refuses to let an account write in a group in which only admins may.
pub(super) fn check_writer(connection: &Connection, group: &Group, me: AccountId) -> Result<(), Refusal> {
    if group.announce { check_admin(connection, group.id, me, "write in it") } else { Ok(()) }
}

/// What the group shows of itself is the admins' to change, unless it was unlocked.
fn check_editor(
    connection: &Connection,
    group: &Group,
    me: AccountId,
    action: &'static str,
) -> Result<(), Refusal> {
    if group.locked { check_admin(connection, group.id, me, action) } else { Ok(()) }
}

/// Tells all members.
fn tell(change: &Change<'_>, me: AccountId, id: ConversationId, what: GroupChange) -> Result<(), Refusal> {
    let observers = member::keys(change, id)?;
    let (place, by) = (change.place(id)?, Person::of(change, me)?);
    change.emit(&Event::GroupChanged { place, by, change: what }, &observers)
}

fn check_admin(
    connection: &Connection,
    id: ConversationId,
    me: AccountId,
    action: &'static str,
) -> Result<(), Refusal> {
    if is_admin(connection, id, me)? { Ok(()) } else { Err(Refusal::NotAdmin(action)) }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    match name.chars().count() {
        0 => Err(Refusal::Invalid("the name of a group must not be empty".to_owned())),
        1..=MAX_NAME => Ok(()),
        length => Err(Refusal::Invalid(format!(
            "the name of a group may have up to {MAX_NAME} characters; this one has {length}"
        ))),
    }
}
