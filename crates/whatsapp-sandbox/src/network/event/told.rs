//! People, places and messages as events tell of them: as they were, whatever has changed since.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::jid::Jid;
use crate::network::Refusal;
use crate::network::account::{self, Account};
use crate::network::content::Content;
use crate::network::conversation::{self, Shape};
use crate::network::id::{AccountId, ConversationId};
use crate::network::message::{self, Message};
use crate::store::Sql as _;

/// A person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) account: AccountId,
    /// Digits.
    pub(crate) phone: String,
    /// Digits.
    pub(crate) lid: String,
    pub(crate) push_name: String,
    pub(crate) business_name: Option<String>,
}

/// Where something happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) conversation: ConversationId,
    pub(crate) address: Address,
}

/// What a conversation is, and how it is addressed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub(crate) enum Address {
    /// The chat of two people: each sees it under the other's address. One who writes to oneself is named twice.
    Direct { one: Person, other: Person },
    /// A group, by its JID.
    Group { jid: String },
    /// A channel, by its JID.
    Channel { jid: String },
    /// One account's status posts.
    Status { owner: Person },
}

/// A message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// The id on the wire.
    pub(crate) id: String,
    pub(crate) sender: Person,
    pub(crate) sent_at: Timestamp,
    pub(crate) content: Content,
    /// The file that it carries, if any.
    pub(crate) file: Option<File>,
    /// The id on the wire of the message that it replies to.
    pub(crate) quoted: Option<String>,
    /// Canonical JIDs.
    pub(crate) mentions: Vec<String>,
    pub(crate) forwarded: bool,
}

/// The file of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct File {
    pub(crate) mime_type: String,
    /// Bytes; 0 while it is known by URL only.
    pub(crate) length: i64,
}

impl Person {
    /// The person behind an account.
    pub(crate) fn of(connection: &Connection, id: AccountId) -> Result<Self, Refusal> {
        account::by_id(connection, id).map(Self::from)
    }

    /// The people behind accounts, in the same order.
    pub(crate) fn all(connection: &Connection, ids: &[AccountId]) -> Result<Vec<Self>, Refusal> {
        ids.iter().map(|id| Self::of(connection, *id)).collect()
    }
}

impl From<Account> for Person {
    fn from(it: Account) -> Self {
        let Account { id, phone, lid, push_name, business_name, .. } = it;
        Self { account: id, phone, lid, push_name, business_name }
    }
}

impl Place {
    /// The place that a conversation is.
    pub(crate) fn of(connection: &Connection, id: ConversationId) -> Result<Self, Refusal> {
        let address = match conversation::shape(connection, id)? {
            Shape::Direct(one, other) => {
                Address::Direct { one: Person::of(connection, one)?, other: Person::of(connection, other)? }
            }
            Shape::Group(jid) => Address::Group { jid: jid.to_string() },
            Shape::Channel(jid) => Address::Channel { jid: jid.to_string() },
            Shape::Status(owner) => Address::Status { owner: Person::of(connection, owner)? },
        };
        Ok(Self { conversation: id, address })
    }

    /// The other side of a chat of two, as this account sees it; `None` for other kinds of conversation.
    pub(crate) fn peer_of(&self, observer: AccountId) -> Option<&Person> {
        match &self.address {
            Address::Direct { one, other } if one.account == observer => Some(other),
            Address::Direct { one, .. } => Some(one),
            _ => None,
        }
    }

    /// The JID under which this account sees the place.
    pub(crate) fn jid_for(&self, observer: AccountId) -> String {
        match (&self.address, self.peer_of(observer)) {
            (_, Some(peer)) => Jid::Phone(peer.phone.clone()).to_string(),
            (Address::Group { jid } | Address::Channel { jid }, _) => jid.clone(),
            _ => Jid::StatusBroadcast.to_string(),
        }
    }

    /// Whether it is a group.
    pub(crate) fn is_group(&self) -> bool {
        matches!(self.address, Address::Group { .. })
    }
}

impl Told {
    /// A message as it is now.
    pub(crate) fn of(connection: &Connection, message: &Message) -> Result<Self, Refusal> {
        let file = match message.content.media_id() {
            Some(id) => {
                connection.first("SELECT mime_type, file_length FROM media WHERE id = ?1", (id,), |row| {
                    Ok(File { mime_type: row.get(0)?, length: row.get(1)? })
                })?
            }
            None => None,
        };
        let quoted = match message.quoted {
            Some(id) => Some(message::by_id(connection, id)?.wire_id),
            None => None,
        };
        Ok(Self {
            id: message.wire_id.clone(),
            sender: Person::of(connection, message.sender)?,
            sent_at: message.sent_at,
            content: message.content.clone(),
            file,
            quoted,
            mentions: message.mentions.clone(),
            forwarded: message.forwarded,
        })
    }
}
