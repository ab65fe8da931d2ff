//! Who gets a message.

use super::conversation::Peer;
use super::id::AccountId;
use super::{Change, Refusal, contact};
use crate::store::Sql as _;

/// The accounts that a message of `sender` to `peer` may reach. Whoever has blocked the sender gets nothing, and the
/// sender is not told.
pub(super) fn of(change: &Change<'_>, sender: AccountId, peer: &Peer) -> Result<Vec<AccountId>, Refusal> {
    match peer {
        Peer::Account(other) if other.id == sender => Ok(Vec::new()),
        Peer::Account(other) if contact::has_blocked(change, other.id, sender)? => Ok(Vec::new()),
        Peer::Account(other) => Ok(vec![other.id]),
        Peer::Group(group) => Ok(change.all(
            "SELECT account_id FROM participant WHERE group_id = ?1 AND account_id <> ?2",
            (group.id, sender),
            |row| row.get(0),
        )?),
        Peer::Channel(channel) => Ok(change.all(
            "SELECT account_id FROM follower WHERE channel_id = ?1 AND account_id <> ?2",
            (channel.id, sender),
            |row| row.get(0),
        )?),
        Peer::Status => Ok(change.all(
            "SELECT peer_id FROM contact WHERE account_id = ?1 AND name IS NOT NULL AND blocked = 0
                AND EXISTS (SELECT 1 FROM contact back WHERE back.account_id = contact.peer_id
                               AND back.peer_id = ?1 AND back.blocked = 0)",
            (sender,),
            |row| row.get(0),
        )?),
    }
}
