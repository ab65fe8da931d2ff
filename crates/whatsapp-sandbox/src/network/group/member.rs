//! The members of groups: who they are, and how they come, rise and go.

use rusqlite::Connection;
use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

use super::invite;
use super::{Group, check_admin};
use crate::jid::Jid;
use crate::network::account::{self, Account};
use crate::network::event::{Event, Person};
use crate::network::id::{AccountId, ConversationId};
use crate::network::{Change, Refusal, chat, contact};
use crate::store::Sql as _;

pub(crate) use super::outcome::{MemberResult, Outcome};

/// The most people that one call may add, remove, promote or demote.
const MAX_AT_ONCE: usize = 256;
/// The most members of a group.
const MAX_MEMBERS: i64 = 1_024;

/// A member's standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    Member,
    Admin,
    /// Who made the group.
    Superadmin,
}

/// A member of a group.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) account: Account,
    pub(crate) rank: Rank,
}

/// What a call does to members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    Add,
    Remove,
    Promote,
    Demote,
}

/// All members, the highest rank first.
pub(crate) fn list(connection: &Connection, group: ConversationId) -> Result<Vec<Member>, Refusal> {
    let sql = "SELECT account_id, rank FROM participant WHERE group_id = ?1 ORDER BY rank DESC, joined_at, account_id";
    let members: Vec<(AccountId, Rank)> =
        connection.all(sql, (group,), |row| Ok((row.get(0)?, row.get(1)?)))?;
    members
        .into_iter()
        .map(|(id, rank)| Ok(Member { account: account::by_id(connection, id)?, rank }))
        .collect()
}

/// Does the same to several people, each on their own: what fails for one does not hold up the others.
pub(crate) fn apply(
    change: &Change<'_>,
    me: AccountId,
    group: &Group,
    action: Action,
    people: &[Jid],
) -> Result<Vec<Outcome>, Refusal> {
    check_admin(change, group.id, me, action.description())?;
    if people.len() > MAX_AT_ONCE {
        return Err(Refusal::Invalid(format!("`participants` may name up to {MAX_AT_ONCE} people")));
    }
    let members_before = keys(change, group.id)?;
    let (mut outcomes, mut moved) = (Vec::with_capacity(people.len()), Vec::new());
    for jid in people {
        let person = account::find(change, jid)?;
        let result = match &person {
            None => MemberResult::NotFound,
            Some(person) if action == Action::Add && !person.registered => MemberResult::NotFound,
            Some(person) if action == Action::Add => add(change, me, group, person)?,
            Some(person) => move_member(change, group, person, action)?,
        };
        let invite = match &person {
            Some(person) if result == MemberResult::InviteOnly => {
                Some(invite::invite_one(change, me, group, person.id)?)
            }
            _ => None,
        };
        moved.extend(person.filter(|_| result == MemberResult::Done).map(|it| it.id));
        outcomes.push(Outcome { jid: jid.clone(), result, invite });
    }
    if !moved.is_empty() {
        tell_also(change, me, group.id, action, &moved, &members_before)?;
    }
    Ok(outcomes)
}

/// The account leaves the group. If no admin stays, the longest-standing member becomes one.
pub(crate) fn leave(change: &Change<'_>, me: AccountId, group: &Group) -> Result<(), Refusal> {
    tell(change, me, group.id, Action::Remove, &[me])?;
    go(change, group.id, me)?;
    if change.any("SELECT 1 FROM participant WHERE group_id = ?1 AND rank > 0", (group.id,))? {
        return Ok(());
    }
    let sql = "SELECT account_id FROM participant WHERE group_id = ?1 ORDER BY joined_at, account_id LIMIT 1";
    let Some(heir) = change.first(sql, (group.id,), |row| row.get(0))? else { return Ok(()) };
    set_rank(change, group.id, heir, Rank::Admin)?;
    tell(change, me, group.id, Action::Promote, &[heir])
}

/// Tells the members that people came, went or have another rank.
pub(super) fn tell(
    change: &Change<'_>,
    me: AccountId,
    group: ConversationId,
    action: Action,
    people: &[AccountId],
) -> Result<(), Refusal> {
    tell_also(change, me, group, action, people, &[])
}

/// The same, and tells those who were members a moment ago.
fn tell_also(
    change: &Change<'_>,
    me: AccountId,
    group: ConversationId,
    action: Action,
    people: &[AccountId],
    former: &[AccountId],
) -> Result<(), Refusal> {
    let mut observers = keys(change, group)?;
    observers.extend(former);
    observers.sort_unstable();
    observers.dedup();
    let (place, by) = (change.place(group)?, Person::of(change, me)?);
    let people = Person::all(change, people)?;
    change.emit(&Event::ParticipantsChanged { place, by, action, people }, &observers)
}

/// Makes an account a member.
pub(crate) fn enter(
    change: &Change<'_>,
    group: ConversationId,
    account: AccountId,
    rank: Rank,
) -> Result<(), Refusal> {
    change.run(
        "INSERT INTO participant (group_id, account_id, rank, joined_at) VALUES (?1, ?2, ?3, ?4)",
        (group, account, rank, change.now),
    )?;
    change.run("DELETE FROM personal_invite WHERE group_id = ?1 AND account_id = ?2", (group, account))?;
    chat::touch(change, account, group)
}

/// The keys of all members.
pub(super) fn keys(connection: &Connection, group: ConversationId) -> Result<Vec<AccountId>, Refusal> {
    let sql = "SELECT account_id FROM participant WHERE group_id = ?1";
    Ok(connection.all(sql, (group,), |row| row.get(0))?)
}

pub(super) fn rank(
    connection: &Connection,
    group: ConversationId,
    account: AccountId,
) -> Result<Option<Rank>, Refusal> {
    let sql = "SELECT rank FROM participant WHERE group_id = ?1 AND account_id = ?2";
    Ok(connection.first(sql, (group, account), |row| row.get(0))?)
}

pub(super) fn is_full(connection: &Connection, group: ConversationId) -> Result<bool, Refusal> {
    let sql = "SELECT count(*) FROM participant WHERE group_id = ?1";
    Ok(connection.first(sql, (group,), |row| row.get::<_, i64>(0))?.unwrap_or(0) >= MAX_MEMBERS)
}

fn add(change: &Change<'_>, me: AccountId, group: &Group, person: &Account) -> Result<MemberResult, Refusal> {
    if rank(change, group.id, person.id)?.is_some() {
        return Ok(MemberResult::AlreadySo);
    }
    if is_full(change, group.id)? {
        return Ok(MemberResult::Full);
    }
    let welcome = person.open_to_groups || contact::is_saved(change, person.id, me)?;
    if !welcome || contact::has_blocked(change, person.id, me)? {
        return Ok(MemberResult::InviteOnly);
    }
    enter(change, group.id, person.id, Rank::Member)?;
    Ok(MemberResult::Done)
}

fn move_member(
    change: &Change<'_>,
    group: &Group,
    person: &Account,
    action: Action,
) -> Result<MemberResult, Refusal> {
    let Some(now) = rank(change, group.id, person.id)? else { return Ok(MemberResult::NotFound) };
    let then = match (action, now) {
        (Action::Remove | Action::Demote, Rank::Superadmin) => return Ok(MemberResult::Protected),
        (Action::Remove, _) => {
            go(change, group.id, person.id)?;
            return Ok(MemberResult::Done);
        }
        (Action::Demote, _) => Rank::Member,
        (Action::Add | Action::Promote, _) => now.max(Rank::Admin),
    };
    if now == then {
        return Ok(MemberResult::AlreadySo);
    }
    set_rank(change, group.id, person.id, then)?;
    Ok(MemberResult::Done)
}

fn set_rank(
    change: &Change<'_>,
    group: ConversationId,
    account: AccountId,
    rank: Rank,
) -> Result<(), Refusal> {
    let sql = "UPDATE participant SET rank = ?3 WHERE group_id = ?1 AND account_id = ?2";
    change.run(sql, (group, account, rank))?;
    Ok(())
}

fn go(change: &Change<'_>, group: ConversationId, account: AccountId) -> Result<(), Refusal> {
    change.run("DELETE FROM participant WHERE group_id = ?1 AND account_id = ?2", (group, account))?;
    chat::forget(change, account, group)
}

impl Action {
    fn description(self) -> &'static str {
        match self {
            Self::Add => "add people",
            Self::Remove => "remove people",
            Self::Promote => "make others admins",
            Self::Demote => "take admin rights away",
        }
    }
}

impl ToSql for Rank {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(*self as i64))
    }
}

impl FromSql for Rank {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(match value.as_i64()? {
            0 => Self::Member,
            1 => Self::Admin,
            _ => Self::Superadmin,
        })
    }
}
