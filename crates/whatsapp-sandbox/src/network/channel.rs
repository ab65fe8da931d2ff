//! Channels: one account posts, others follow.

use std::time::Duration;

use rusqlite::{Connection, Row};

use super::event::{ChannelChange, Event, Person};
use super::id::{AccountId, ConversationId};
use super::{Change, Refusal, chat, conversation};
use crate::jid::Jid;
use crate::store::Sql as _;

/// How far back a new follower sees.
const HISTORY: Duration = Duration::from_hours(24 * 30);

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
        "SELECT {COLUMNS} FROM channel WHERE deleted = 0 AND (owner_id = ?1
            OR id IN (SELECT channel_id FROM follower WHERE account_id = ?1)) ORDER BY id"
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
    let sql = format!("SELECT {COLUMNS} FROM channel WHERE digits = ?1 AND deleted = 0");
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
    tell(change, me, id, ChannelChange::Created { name: name.to_owned() }, &[me])?;
    get(change, &Jid::Newsletter(digits))
}

/// Deletes a channel for good; only its owner may.
pub(crate) fn delete(change: &Change<'_>, me: AccountId, channel: &Channel) -> Result<(), Refusal> {
    check_owner(channel, me, "delete it")?;
    let sql = "SELECT account_id FROM follower WHERE channel_id = ?1";
    let mut people: Vec<AccountId> = change.all(sql, (channel.id,), |row| row.get(0))?;
    people.push(me);
    tell(change, me, channel.id, ChannelChange::Deleted, &people)?;
    people.into_iter().try_for_each(|person| chat::forget(change, person, channel.id))?;
    // The row stays: its messages still belong to it.
    change.run("DELETE FROM follower WHERE channel_id = ?1", (channel.id,))?;
    change.run("UPDATE channel SET deleted = 1 WHERE id = ?1", (channel.id,))?;
    Ok(())
}

/// Follows a channel, whose posts of the last 30 days come along as read; following it twice changes nothing.
pub(crate) fn follow(change: &Change<'_>, me: AccountId, channel: &Channel) -> Result<(), Refusal> {
    if channel.owner == me {
        return Err(Refusal::Unfit("an account cannot follow its own channel"));
    }
    let sql = "INSERT OR IGNORE INTO follower (channel_id, account_id) VALUES (?1, ?2)";
    if change.run(sql, (channel.id, me))? == 0 {
        return Ok(());
    }
    chat::touch(change, me, channel.id)?;
    // What came while the account followed earlier is there already; it may have been on its way.
    change.run(
        "INSERT INTO receipt (message_id, account_id, status, delivered_at, read_at)
         SELECT id, ?2, 3, ?3, ?3 FROM message
          WHERE conversation_id = ?1 AND accepted = 1 AND revoked_at IS NULL AND sent_at > ?4
         ON CONFLICT DO NOTHING",
        (channel.id, me, change.now, change.now.before(HISTORY)),
    )?;
    tell(change, me, channel.id, ChannelChange::Followed, &[me])
}

/// Stops following a channel.
pub(crate) fn unfollow(change: &Change<'_>, me: AccountId, channel: &Channel) -> Result<(), Refusal> {
    let sql = "DELETE FROM follower WHERE channel_id = ?1 AND account_id = ?2";
    if change.run(sql, (channel.id, me))? == 0 {
        return Err(Refusal::NotFollowing);
    }
    chat::forget(change, me, channel.id)?;
    tell(change, me, channel.id, ChannelChange::Unfollowed, &[me])
}

/// Mutes a followed channel, or takes that back.
pub(crate) fn mute(
    change: &Change<'_>,
    me: AccountId,
    channel: &Channel,
    muted: bool,
) -> Result<(), Refusal> {
    let sql = "UPDATE follower SET muted = ?3 WHERE channel_id = ?1 AND account_id = ?2";
    if change.run(sql, (channel.id, me, muted))? == 0 {
        return Err(Refusal::NotFollowing);
    }
    tell(change, me, channel.id, ChannelChange::Muted(muted), &[me])
}

fn tell(
    change: &Change<'_>,
    me: AccountId,
    channel: ConversationId,
    what: ChannelChange,
    observers: &[AccountId],
) -> Result<(), Refusal> {
    let (place, by) = (change.place(channel)?, Person::of(change, me)?);
    change.emit(&Event::ChannelChanged { place, by, change: what }, observers)
}

/// Refuses what only the owner of the channel may do.
pub(super) fn check_owner(channel: &Channel, me: AccountId, action: &'static str) -> Result<(), Refusal> {
    if channel.owner == me {
        Ok(())
    } else {
        Err(Refusal::NotOwner { owner: "owner of the channel", action })
    }
}
