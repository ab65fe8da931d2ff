//! Channels: one account posts, others follow.

use rusqlite::{Connection, Row};

use super::id::{AccountId, ConversationId};
use super::{Change, Refusal, chat, conversation};
use crate::jid::Jid;
use crate::store::Sql as _;

/// A channel.
#[derive(Clone, Debug)]
pub(crate) struct Channel {
    pub(crate) id: ConversationId,
    digits: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) owner: AccountId,
    pub(crate) picture_id: Option<String>,
}

/// What an account has to do with a channel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) followers: i64,
    pub(crate) muted: bool,
}

const COLUMNS: &str = "channel.id, digits, name, description, owner_id, picture_id";

impl Channel {
    /// The channel's address.
    pub(crate) fn jid(&self) -> Jid {
        Jid::Newsletter(self.digits.clone())
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            digits: row.get(1)?,
            name: row.get(2)?,
            description: row.get(3)?,
            owner: row.get(4)?,
            picture_id: row.get(5)?,
        })
    }
}

/// The channels that the account owns or follows.
pub(crate) fn list(connection: &Connection, me: AccountId) -> Result<Vec<Channel>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM channel WHERE owner_id = ?1
            OR id IN (SELECT channel_id FROM follower WHERE account_id = ?1) ORDER BY id"
    );
    Ok(connection.all(&sql, (me,), Channel::from_row)?)
}

/// The channel at this address. Channels are public.
pub(crate) fn get(connection: &Connection, jid: &Jid) -> Result<Channel, Refusal> {
    let Jid::Newsletter(digits) = jid else {
        return Err(Refusal::Invalid(format!(
            "{jid} is no channel: the JID of a channel ends in @newsletter"
        )));
    };
    let sql = format!("SELECT {COLUMNS} FROM channel WHERE digits = ?1");
    connection.first(&sql, (digits,), Channel::from_row)?.ok_or_else(|| Refusal::NoChannel(jid.to_string()))
}

/// What the account has to do with the channel.
pub(crate) fn standing(
    connection: &Connection,
    me: AccountId,
    channel: &Channel,
) -> Result<Standing, Refusal> {
    let sql = "SELECT count(*) FROM follower WHERE channel_id = ?1";
    let followers = connection.first(sql, (channel.id,), |row| row.get(0))?.unwrap_or(0);
    let sql = "SELECT muted FROM follower WHERE channel_id = ?1 AND account_id = ?2";
    let muted: Option<bool> = connection.first(sql, (channel.id, me), |row| row.get(0))?;
    Ok(Standing { followers, muted: muted.unwrap_or(false) })
}

/// Makes a channel.
pub(crate) fn create(
    change: &Change<'_>,
    me: AccountId,
    name: &str,
    description: &str,
    picture_id: Option<&str>,
) -> Result<Channel, Refusal> {
    if name.trim().is_empty() || name.chars().count() > 100 {
        return Err(Refusal::Invalid("the name of a channel must have 1 to 100 characters".to_owned()));
    }
    let id = conversation::begin(change, "channel")?;
    let digits = change.entropy().group_digits();
    change.run(
        "INSERT INTO channel (id, digits, name, description, owner_id, picture_id, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (id, &digits, name, description, me, picture_id, change.now),
    )?;
    chat::touch(change, me, id)?;
    get(change, &Jid::Newsletter(digits))
}

/// Deletes a channel for good; only its owner may.
pub(crate) fn delete(change: &Change<'_>, me: AccountId, channel: &Channel) -> Result<(), Refusal> {
    check_owner(channel, me, "delete it")?;
    change.run("DELETE FROM follower WHERE channel_id = ?1", (channel.id,))?;
    change.run("DELETE FROM chat WHERE conversation_id = ?1", (channel.id,))?;
    change.run("DELETE FROM channel WHERE id = ?1", (channel.id,))?;
    Ok(())
}

/// Follows a channel; following it twice changes nothing.
pub(crate) fn follow(change: &Change<'_>, me: AccountId, channel: &Channel) -> Result<(), Refusal> {
    if channel.owner == me {
        return Err(Refusal::Invalid("an account cannot follow its own channel".to_owned()));
    }
    let sql = "INSERT OR IGNORE INTO follower (channel_id, account_id) VALUES (?1, ?2)";
    change.run(sql, (channel.id, me))?;
    chat::touch(change, me, channel.id)
}

/// Stops following a channel.
pub(crate) fn unfollow(change: &Change<'_>, me: AccountId, channel: &Channel) -> Result<(), Refusal> {
    let sql = "DELETE FROM follower WHERE channel_id = ?1 AND account_id = ?2";
    if change.run(sql, (channel.id, me))? == 0 {
        return Err(Refusal::NotFollowing);
    }
    chat::forget(change, me, channel.id)
}

/// Mutes a followed channel, or takes that back.
pub(crate) fn mute(
    change: &Change<'_>,
    me: AccountId,
    channel: &Channel,
    muted: bool,
) -> Result<(), Refusal> {
    let sql = "UPDATE follower SET muted = ?3 WHERE channel_id = ?1 AND account_id = ?2";
    if change.run(sql, (channel.id, me, muted))? == 0 { Err(Refusal::NotFollowing) } else { Ok(()) }
}

/// Refuses what only the owner of the channel may do.
pub(super) fn check_owner(channel: &Channel, me: AccountId, action: &'static str) -> Result<(), Refusal> {
    if channel.owner == me {
        Ok(())
    } else {
        Err(Refusal::NotOwner { owner: "owner of the channel", action })
    }
}
