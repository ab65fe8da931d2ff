//! Conversations: what two people, a group, a channel or an account's status posts have in common.
//!
//! Phone number and LID lead to one account, and two accounts to one conversation, so a chat never splits in two.

use rusqlite::Connection;

use super::account::{self, Account};
use super::channel::{self, Channel};
use super::group::{self, Group};
use super::id::{AccountId, ConversationId};
use super::{Change, Refusal};
use crate::jid::Jid;
use crate::store::Sql as _;

/// Whom a JID leads to.
#[derive(Clone, Debug)]
pub(crate) enum Peer {
    Account(Account),
    Group(Group),
    Channel(Channel),
    Status,
}

/// Looks a JID up on the network. A group is found only by its members.
pub(crate) fn resolve(connection: &Connection, me: AccountId, jid: &Jid) -> Result<Peer, Refusal> {
    Ok(match jid {
        Jid::Phone(_) | Jid::Lid(_) => Peer::Account(account::expect(connection, jid)?),
        Jid::Group(_) => Peer::Group(group::of_member(connection, me, jid)?),
        Jid::Newsletter(_) => Peer::Channel(channel::get(connection, jid)?),
        Jid::StatusBroadcast => Peer::Status,
    })
}

/// The conversation between the account and the peer, if there is one yet.
pub(crate) fn find(
    connection: &Connection,
    me: AccountId,
    peer: &Peer,
) -> Result<Option<ConversationId>, Refusal> {
    let (kind, low, high) = match peer {
        Peer::Group(group) => return Ok(Some(group.id)),
        Peer::Channel(channel) => return Ok(Some(channel.id)),
        Peer::Account(other) => ("direct", me.min(other.id), me.max(other.id)),
        Peer::Status => ("status", me, me),
    };
    let sql = "SELECT id FROM conversation WHERE kind = ?1 AND low_id = ?2 AND high_id = ?3";
    Ok(connection.first(sql, (kind, low, high), |row| row.get(0))?)
}

/// The conversation between the account and the peer, begun if there is none yet.
pub(crate) fn open(change: &Change<'_>, me: AccountId, peer: &Peer) -> Result<ConversationId, Refusal> {
    if let Some(conversation) = find(change, me, peer)? {
        return Ok(conversation);
    }
    let (kind, other) = match peer {
        Peer::Account(other) => ("direct", other.id),
        _ => ("status", me),
    };
    let sql = "INSERT INTO conversation (kind, low_id, high_id) VALUES (?1, ?2, ?3)";
    change.run(sql, (kind, me.min(other), me.max(other)))?;
    Ok(change.last_insert_rowid().into())
}

/// A new conversation that a group or channel will hang on.
pub(super) fn begin(change: &Change<'_>, kind: &str) -> Result<ConversationId, Refusal> {
    change.run("INSERT INTO conversation (kind) VALUES (?1)", (kind,))?;
    Ok(change.last_insert_rowid().into())
}

/// The chat that the account has at this address, or the refusal that says it has none.
pub(crate) fn existing(connection: &Connection, me: AccountId, jid: &Jid) -> Result<ConversationId, Refusal> {
    let peer = resolve(connection, me, jid)?;
    find(connection, me, &peer)?.ok_or_else(|| Refusal::NoChat(jid.to_string()))
}

/// What a conversation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Two people, or one who writes to oneself.
    Direct(AccountId, AccountId),
    Group(Jid),
    Channel(Jid),
    /// The status posts of one account.
    Status(AccountId),
}

/// What the conversation with this key is.
pub(super) fn shape(connection: &Connection, id: ConversationId) -> Result<Shape, Refusal> {
    let sql = "SELECT kind, low_id, high_id, coalesce(group_chat.digits, channel.digits)
                 FROM conversation
                 LEFT JOIN group_chat ON group_chat.id = conversation.id
                 LEFT JOIN channel ON channel.id = conversation.id
                WHERE conversation.id = ?1";
    let (kind, pair, digits) = connection
        .first(sql, (id,), |row| {
            let pair: (Option<AccountId>, Option<AccountId>) = (row.get(1)?, row.get(2)?);
            Ok((row.get::<_, String>(0)?, pair, row.get(3)?))
        })?
        .ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    Ok(match (kind.as_str(), pair, digits) {
        ("group", _, Some(digits)) => Shape::Group(Jid::Group(digits)),
        ("channel", _, Some(digits)) => Shape::Channel(Jid::Newsletter(digits)),
        ("direct", (Some(low), Some(high)), _) => Shape::Direct(low, high),
        (_, (Some(owner), _), _) => Shape::Status(owner),
        // The channel was deleted, and its digits with it.
        _ => return Err(rusqlite::Error::QueryReturnedNoRows.into()),
    })
}

/// The address of a conversation as one of its members sees it.
pub(crate) fn jid(connection: &Connection, me: AccountId, id: ConversationId) -> Result<Jid, Refusal> {
    Ok(match shape(connection, id)? {
        Shape::Group(jid) | Shape::Channel(jid) => jid,
        Shape::Direct(low, high) => account::by_id(connection, if low == me { high } else { low })?.jid(),
        Shape::Status(_) => Jid::StatusBroadcast,
    })
}
