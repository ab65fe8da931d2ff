//! Presence: who is available, and who is writing. Typing ends by itself.

use std::time::Duration;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

use super::account::{self, Account};
use super::agenda::Task;
use super::conversation::{self, Peer};
use super::event::{Event, Person};
use super::id::{AccountId, ConversationId};
use super::{Change, Refusal, View, privacy};
use crate::clock::Timestamp;
use crate::jid::Jid;
use crate::store::Sql as _;

/// How long an account is shown as writing after it last said so.
const ACTIVITY: Duration = Duration::from_secs(25);

/// What an account does in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Doing {
    Composing,
    Recording,
}

/// What an account sees of a chat's other side.
#[derive(Clone, Debug)]
pub(crate) struct Presence {
    pub(crate) chat: Jid,
    pub(crate) doing: Option<Doing>,
    pub(crate) available: bool,
    pub(crate) last_seen: Option<Timestamp>,
}

/// Shows the account as available or not. Who is not available writes nothing either.
pub(crate) fn set(change: &Change<'_>, me: AccountId, available: bool) -> Result<(), Refusal> {
    let changed = change.run(
        "UPDATE account SET available = ?2, last_seen = iif(?2, last_seen, ?3) WHERE id = ?1 AND available <> ?2",
        (me, available, change.now),
    )?;
    if !available {
        let sql = "SELECT conversation_id FROM activity WHERE account_id = ?1";
        let busy: Vec<ConversationId> = change.all(sql, (me,), |row| row.get(0))?;
        busy.into_iter().try_for_each(|conversation| rest(change, me, conversation))?;
    }
    if changed == 0 {
        return Ok(());
    }
    let sql =
        "SELECT conversation.id FROM conversation WHERE kind = 'direct' AND (low_id = ?1 OR high_id = ?1)
                  AND EXISTS (SELECT 1 FROM presence_subscription WHERE conversation_id = conversation.id)";
    let watched: Vec<ConversationId> = change.all(sql, (me,), |row| row.get(0))?;
    watched.into_iter().try_for_each(|conversation| tell(change, me, conversation, None))
}

/// Shows that the account writes or records in a chat; `None` ends it.
pub(crate) fn act(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    doing: Option<Doing>,
) -> Result<(), Refusal> {
    let Some(doing) = doing else { return rest(change, me, conversation) };
    change.run(
        "INSERT INTO activity (conversation_id, account_id, doing, until) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET doing = excluded.doing, until = excluded.until",
        (conversation, me, doing, change.now.after(ACTIVITY)),
    )?;
    change.schedule(ACTIVITY, &Task::EndActivity { account: me, conversation })?;
    tell(change, me, conversation, Some(doing))
}

/// An account has not said for a while that it still writes.
pub(super) fn end_activity(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
) -> Result<(), Refusal> {
    let sql = "SELECT 1 FROM activity WHERE conversation_id = ?1 AND account_id = ?2 AND until <= ?3";
    if change.any(sql, (conversation, me, change.now))? { rest(change, me, conversation) } else { Ok(()) }
}

/// Begins to follow the presence of a chat.
pub(crate) fn subscribe(change: &Change<'_>, me: AccountId, jid: &Jid) -> Result<(), Refusal> {
    let peer = resolve(change, me, jid)?;
    let conversation = conversation::open(change, me, &peer)?;
    change.run(
        "INSERT OR IGNORE INTO presence_subscription (account_id, conversation_id) VALUES (?1, ?2)",
        (me, conversation),
    )?;
    Ok(())
}

/// The presence of one chat that the account follows.
pub(crate) fn of_chat(view: &View<'_>, me: AccountId, jid: &Jid) -> Result<Presence, Refusal> {
    let peer = resolve(view, me, jid)?;
    let unknown = || Refusal::NotSubscribed(jid.to_string());
    let conversation = conversation::find(view, me, &peer)?.ok_or_else(unknown)?;
    let sql = "SELECT 1 FROM presence_subscription WHERE account_id = ?1 AND conversation_id = ?2";
    if !view.any(sql, (me, conversation))? {
        return Err(unknown());
    }
    observe(view, me, conversation)
}

/// The presence of every chat that the account follows.
pub(crate) fn all(view: &View<'_>, me: AccountId) -> Result<Vec<Presence>, Refusal> {
    let sql =
        "SELECT conversation_id FROM presence_subscription WHERE account_id = ?1 ORDER BY conversation_id";
    let followed: Vec<ConversationId> = view.all(sql, (me,), |row| row.get(0))?;
    followed.into_iter().map(|conversation| observe(view, me, conversation)).collect()
}

/// The account does nothing in the chat any more.
pub(super) fn rest(change: &Change<'_>, me: AccountId, conversation: ConversationId) -> Result<(), Refusal> {
    let sql = "DELETE FROM activity WHERE conversation_id = ?1 AND account_id = ?2";
    if change.run(sql, (conversation, me))? == 0 { Ok(()) } else { tell(change, me, conversation, None) }
}

/// Tells those who follow the chat, and may see it, how an account is there.
fn tell(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    doing: Option<Doing>,
) -> Result<(), Refusal> {
    let sql = "SELECT account_id FROM presence_subscription WHERE conversation_id = ?1 AND account_id <> ?2";
    let followers: Vec<AccountId> = change.all(sql, (conversation, me), |row| row.get(0))?;
    let mut allowed = Vec::with_capacity(followers.len());
    for observer in followers {
        if privacy::shows_presence(change, me, observer)? {
            allowed.push(observer);
        }
    }
    let Account { available, last_seen, .. } = account::by_id(change, me)?;
    let (place, by) = (change.place(conversation)?, Person::of(change, me)?);
    change.emit(&Event::Presence { place, by, available, last_seen, doing }, &allowed)
}

/// A simulated person has looked at the phone.
pub(super) fn glimpse(change: &Change<'_>, person: AccountId) -> Result<(), Refusal> {
    change.run("UPDATE account SET last_seen = ?2 WHERE id = ?1", (person, change.now))?;
    Ok(())
}

fn resolve(view: &View<'_>, me: AccountId, jid: &Jid) -> Result<Peer, Refusal> {
    match conversation::resolve(view, me, jid)? {
        peer @ (Peer::Account(_) | Peer::Group(_)) => Ok(peer),
        Peer::Channel(_) | Peer::Status => Err(Refusal::WrongPeer("presence")),
    }
}

/// What an account may see of the others in a conversation, whether or not it follows their presence.
pub(crate) fn observe(
    view: &View<'_>,
    me: AccountId,
    conversation: ConversationId,
) -> Result<Presence, Refusal> {
    let chat = conversation::jid(view, me, conversation)?;
    let sql = "SELECT account_id, doing FROM activity
                WHERE conversation_id = ?1 AND account_id <> ?2 AND until > ?3 ORDER BY until DESC";
    let busy: Vec<(AccountId, Doing)> =
        view.all(sql, (conversation, me, view.now), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut doing = None;
    for (account, what) in busy {
        if doing.is_none() && privacy::shows_presence(view, account, me)? {
            doing = Some(what);
        }
    }
    let hidden = Presence { chat: chat.clone(), doing, available: false, last_seen: None };
    Ok(match conversation::resolve(view, me, &chat)? {
        Peer::Account(other) if privacy::shows_presence(view, other.id, me)? => {
            Presence { available: other.available, last_seen: other.last_seen, ..hidden }
        }
        _ => hidden,
    })
}

impl Doing {
    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Composing => "composing",
            Self::Recording => "recording",
        }
    }
}

impl ToSql for Doing {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for Doing {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "composing" => Ok(Self::Composing),
            "recording" => Ok(Self::Recording),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}
