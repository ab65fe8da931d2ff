//! The kinds of event, in the network's own words.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::told::{Person, Place, Told};
use crate::clock::Timestamp;
use crate::network::call::Phase;
use crate::network::fault::Restriction;
use crate::network::group::member::Action;
use crate::network::id::{AccountId, ConversationId};
use crate::network::presence::Doing;
use crate::network::receipt::Status;
use crate::network::session::State;

/// Something that happened. Each kind says whom it is told to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Event {
    /// A message was sent. Told to the sender, whose other devices learn of it so.
    Message { place: Place, message: Told },
    /// A message has reached recipients. Told to them.
    MessageArrived { place: Place, message: Told },
    /// A message has another text or caption now. Told to everyone who has the message, the sender included.
    MessageEdited { place: Place, message: Told },
    /// A message was deleted for everyone; `message` is what it said before. Told to everyone who had it.
    MessageRevoked { place: Place, message: Told, by: Person },
    /// A message was deleted by an account for itself. Told to the account.
    MessageRemoved { place: Place, message_id: String, by: Person },
    /// Somebody reacted to a message, or took the reaction back. Told to everyone who has the message.
    Reaction { place: Place, message_id: String, author: Person, by: Person, emoji: Option<String> },
    /// A message has come further, for the people in `by` (nobody while it is the server). `overall` is the least of
    /// all recipients. Told to the sender.
    Receipt { place: Place, message_id: String, status: Status, overall: Status, by: Vec<Person> },
    /// Somebody voted in a poll; the vote takes the place of the earlier one, and no options take it back. Told to
    /// everyone who has the poll.
    PollVote { place: Place, message_id: String, author: Person, by: Person, options: Vec<String> },
    /// A message was starred, or the star taken away. Told to the account itself, for stars are private.
    Star { place: Place, message_id: String, by: Person, starred: bool },
    /// Messages of a chat were read. Told to the account itself; the senders get a receipt.
    ChatRead { place: Place, by: Person, message_ids: Vec<String> },
    /// A chat went to the archive or came back. Told to the account itself.
    ChatArchived { place: Place, by: Person, archived: bool },
    /// A chat was muted, or is heard again. Told to the account itself.
    ChatMuted { place: Place, by: Person, muted: bool },
    /// Somebody's presence changed: available or not, or what they do in a chat. Told to those who follow it and may
    /// see it.
    Presence { place: Place, by: Person, available: bool, last_seen: Option<Timestamp>, doing: Option<Doing> },
    /// A group was made, changed or deleted. Told to its members.
    GroupChanged { place: Place, by: Person, change: GroupChange },
    /// People came to a group, left it, or have another rank. Told to the members, and to those who are none any more.
    ParticipantsChanged { place: Place, by: Person, action: Action, people: Vec<Person> },
    /// A channel was made, changed or deleted, or an account has another standing in it. Told as the change says.
    ChannelChanged { place: Place, by: Person, change: ChannelChange },
    /// A session is in another state. Told to its account.
    SessionStatus {
        session: String,
        state: State,
        account: Option<Person>,
        /// How much of the history is there, 0 to 100; 100 unless a session has just been linked.
        synced: u8,
    },
    /// A session shows another QR code. Told to nobody but the session.
    SessionQr { session: String, qr: String, round: i64 },
    /// What a person shows of themselves has changed. Told to whoever has the person among the contacts.
    Contact { person: Person, change: ContactChange },
    /// An account blocked somebody, or took the block back. Told to the account itself.
    Blocked { by: Person, person: Person, blocked: bool },
    /// `WhatsApp` restricts an account until an instant, or has lifted it. Told to the account itself.
    Restricted { person: Person, restriction: Restriction, until: Option<Timestamp> },
    /// A call rings, was taken, refused, missed or ended. Told to both sides.
    Call { id: String, caller: Person, callee: Person, video: bool, phase: Phase },
    /// A label was made, changed or deleted. Told to the account itself.
    Label { by: Person, id: i64, name: String, color: i64, change: LabelChange },
    /// A label was put on a chat or taken off. Told to the account itself.
    LabelChat { place: Place, by: Person, id: i64, name: String, assigned: bool },
    /// A companion of the network has something to tell of its own records. Told to the account itself.
    Record { companion: String, account: AccountId, body: Value },
}

/// What has changed of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GroupChange {
    Created {
        name: String,
    },
    Name(String),
    Description(String),
    Picture,
    /// Only admins may write, or everyone again.
    Announce(bool),
    /// Only admins may change name, description and picture, or everyone again.
    Locked(bool),
    /// The invite code died; this is the new one. Told to admins.
    InviteCode(String),
    Deleted,
}

/// What has changed of a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChannelChange {
    /// Told to the owner.
    Created { name: String },
    /// Told to the account itself.
    Followed,
    /// Told to the account itself.
    Unfollowed,
    /// Told to the account itself.
    Muted(bool),
    /// Told to the owner and the followers.
    Deleted,
}

/// What has changed of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ContactChange {
    PushName,
    About,
    Picture,
    /// The name in the observer's own address book.
    Name,
}

/// What has become of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LabelChange {
    Created,
    Updated,
    Deleted,
}

impl Event {
    /// The conversation in which it happened.
    pub(super) fn conversation(&self) -> Option<ConversationId> {
        match self {
            Self::Message { place, .. }
            | Self::MessageArrived { place, .. }
            | Self::MessageEdited { place, .. }
            | Self::MessageRevoked { place, .. }
            | Self::MessageRemoved { place, .. }
            | Self::Reaction { place, .. }
            | Self::Receipt { place, .. }
            | Self::PollVote { place, .. }
            | Self::Star { place, .. }
            | Self::ChatRead { place, .. }
            | Self::ChatArchived { place, .. }
            | Self::ChatMuted { place, .. }
            | Self::Presence { place, .. }
            | Self::GroupChanged { place, .. }
            | Self::ParticipantsChanged { place, .. }
            | Self::ChannelChanged { place, .. }
            | Self::LabelChat { place, .. } => Some(place.conversation),
            Self::SessionStatus { .. }
            | Self::SessionQr { .. }
            | Self::Contact { .. }
            | Self::Restricted { .. }
            | Self::Call { .. }
            | Self::Blocked { .. }
            | Self::Record { .. }
            | Self::Label { .. } => None,
        }
    }

    /// Whose doing or whose state it is.
    pub(super) fn account(&self) -> Option<AccountId> {
        match self {
            Self::Message { message, .. }
            | Self::MessageArrived { message, .. }
            | Self::MessageEdited { message, .. } => Some(message.sender.account),
            Self::MessageRevoked { by, .. }
            | Self::MessageRemoved { by, .. }
            | Self::Reaction { by, .. }
            | Self::PollVote { by, .. }
            | Self::Star { by, .. }
            | Self::ChatRead { by, .. }
            | Self::ChatArchived { by, .. }
            | Self::ChatMuted { by, .. }
            | Self::Presence { by, .. }
            | Self::GroupChanged { by, .. }
            | Self::ParticipantsChanged { by, .. }
            | Self::ChannelChanged { by, .. }
            | Self::Blocked { by, .. }
            | Self::Label { by, .. }
            | Self::LabelChat { by, .. } => Some(by.account),
            Self::Contact { person, .. } | Self::Restricted { person, .. } => Some(person.account),
            Self::Call { caller, .. } => Some(caller.account),
            Self::SessionStatus { account, .. } => account.as_ref().map(|it| it.account),
            Self::Receipt { by, .. } => match by.as_slice() {
                [one] => Some(one.account),
                _ => None,
            },
            Self::Record { account, .. } => Some(*account),
            Self::SessionQr { .. } => None,
        }
    }

    /// The session that it is about.
    pub(super) fn session(&self) -> Option<&str> {
        match self {
            Self::SessionStatus { session, .. } | Self::SessionQr { session, .. } => Some(session),
            _ => None,
        }
    }
}
