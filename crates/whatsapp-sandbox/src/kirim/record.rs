//! The API's own records of what happens to its numbers on the network: contacts, conversations and messages. They are
//! written in the transaction in which it happens, and stay whatever becomes of the network's.

use serde_json::{Value, json};

use super::failure::Failure;
use super::number::{self, Number};
use crate::access::webhook::{self, Api, Owner};
use crate::clock::Timestamp;
use crate::network::agenda::Task;
use crate::network::event::{Event, Person, Place, Told};
use crate::network::id::{AccountId, ConversationId, MessageId};
use crate::network::receipt::{self, Status};
use crate::network::{Change, Refusal, message as wire};
use crate::store::Sql as _;

pub(super) mod contact;
pub(super) mod content;
pub(super) mod conversation;
pub(super) mod message;

use content::Shown;
use message::{Direction, NewMessage};

/// The name of the companion that keeps these records.
pub(super) const NAME: &str = "kirim";

/// Writes down what has happened to numbers. Groups, channels and status posts are none of the API's business.
pub(super) fn hear(change: &Change<'_>, event: &Event, observers: &[AccountId]) -> Result<(), Refusal> {
    for observer in observers {
        let Some(number) = concerned(change, event, *observer)? else { continue };
        match event {
            Event::Message { place, message } => {
                of_message(change, &number, place, message, Direction::Outbound)?;
            }
            Event::MessageArrived { place, message } => {
                of_message(change, &number, place, message, Direction::Inbound)?;
            }
            Event::Reaction { place, message_id, by, emoji, .. } if by.account != number.account => {
                of_reaction(change, &number, place, message_id, by, emoji.as_deref())?;
            }
            Event::Receipt { message_id, overall, .. } => {
                message::advance(change, &number, message_id, status_word(*overall))?;
            }
            Event::ChatRead { place, .. } => {
                if let Some(peer) = place.peer_of(number.account) {
                    conversation::read(change, &number, &peer.phone, place.conversation)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The number that an account is, if the event is of a kind that is recorded.
fn concerned(change: &Change<'_>, event: &Event, account: AccountId) -> Result<Option<Number>, Refusal> {
    match event {
        Event::Message { .. }
        | Event::MessageArrived { .. }
        | Event::Reaction { .. }
        | Event::Receipt { .. }
        | Event::ChatRead { .. } => number::of_account(change, account),
        _ => Ok(None),
    }
}

/// The status of a message that the network has brought so far.
pub(super) fn status_word(status: Status) -> &'static str {
    match status {
        Status::Pending => "pending",
        Status::Sent => "sent",
        Status::Delivered => "delivered",
        Status::Read | Status::Played => "read",
    }
}

fn of_message(
    change: &Change<'_>,
    number: &Number,
    place: &Place,
    told: &Told,
    direction: Direction,
) -> Result<(), Refusal> {
    let Some(peer) = place.peer_of(number.account).filter(|it| it.account != number.account) else {
        return Ok(());
    };
    let shown = Shown::of(&told.content, told.file.as_ref().map(|it| it.mime_type.as_str()));
    let new = NewMessage {
        wire_id: told.id.clone(),
        direction,
        status: if direction == Direction::Inbound { "received" } else { "pending" },
        shown,
        at: change.now,
    };
    let contact = contact::ensure(change, number, &peer.phone, known_as(change, number, peer)?.as_deref())?;
    message::add(change, number, &contact, &new)?;
    Ok(())
}

fn of_reaction(
    change: &Change<'_>,
    number: &Number,
    place: &Place,
    target: &str,
    by: &Person,
    emoji: Option<&str>,
) -> Result<(), Refusal> {
    if place.peer_of(number.account).is_none() {
        return Ok(());
    }
    let new = NewMessage {
        wire_id: reaction_id(target, by, change.now),
        direction: Direction::Inbound,
        status: "received",
        shown: Shown::reaction(target, emoji),
        at: change.now,
    };
    let contact = contact::ensure(change, number, &by.phone, known_as(change, number, by)?.as_deref())?;
    message::add(change, number, &contact, &new)?;
    Ok(())
}

/// The network gives reactions no id, and the API shows them as messages of their own.
pub(super) fn reaction_id(target: &str, by: &Person, at: Timestamp) -> String {
    format!("{target}-{}-{}", by.phone, at.unix_millis())
}

/// What the number calls a person: by the address book, or as they call themselves.
fn known_as(change: &Change<'_>, number: &Number, person: &Person) -> Result<Option<String>, Refusal> {
    let sql = "SELECT name FROM contact WHERE account_id = ?1 AND peer_id = ?2";
    let saved: Option<String> =
        change.first(sql, (number.account, person.account), |row| row.get(0))?.flatten();
    let own = Some(person.push_name.clone()).filter(|it| !it.is_empty());
    Ok(saved.or_else(|| person.business_name.clone()).or(own))
}

/// Writes down what a number has written and got before it was one.
pub(super) fn catch_up(change: &Change<'_>, number: &Number) -> Result<(), Refusal> {
    let sql = "SELECT message.id FROM message JOIN conversation ON conversation.id = conversation_id
                WHERE kind = 'direct' AND low_id <> high_id AND (low_id = ?1 OR high_id = ?1)
                  AND (sender_id = ?1 OR EXISTS (SELECT 1 FROM receipt
                        WHERE message_id = message.id AND account_id = ?1 AND status >= 2))
                ORDER BY message.id";
    let ids: Vec<MessageId> = change.all(sql, (number.account,), |row| row.get(0))?;
    let mut places: Vec<(ConversationId, String)> = Vec::new();
    for id in ids {
        let message = wire::by_id(change, id)?;
        let place = change.place(message.conversation)?;
        let Some(peer) = place.peer_of(number.account) else { continue };
        let told = Told::of(change, &message)?;
        let inbound = message.sender != number.account;
        let new = NewMessage {
            wire_id: message.wire_id.clone(),
            direction: if inbound { Direction::Inbound } else { Direction::Outbound },
            status: if inbound { "received" } else { status_word(receipt::status(change, id)?) },
            shown: Shown::of(&told.content, told.file.as_ref().map(|it| it.mime_type.as_str())),
            at: message.sent_at,
        };
        let contact =
            contact::ensure(change, number, &peer.phone, known_as(change, number, peer)?.as_deref())?;
        message::add(change, number, &contact, &new)?;
        places.push((message.conversation, peer.phone.clone()));
    }
    places.dedup();
    places.iter().try_for_each(|(place, phone)| conversation::read(change, number, phone, *place))
}

/// Lets an accepted message fail in a moment.
pub(super) fn fail_soon(change: &Change<'_>, id: &str, failure: Failure) -> Result<(), Refusal> {
    let work = json!({ "fail": id, "code": failure.code });
    change.schedule(change.pace().receipt_delay, &Task::Companion { name: NAME.to_owned(), work })
}

/// Does what was put on the agenda.
pub(super) fn perform(change: &Change<'_>, work: &Value) -> Result<(), Refusal> {
    let text = |name: &str| work.get(name).and_then(Value::as_str);
    match (text("fail"), text("code").and_then(Failure::with_code)) {
        (Some(id), Some(failure)) => message::fail(change, id, failure),
        _ => Ok(()),
    }
}

/// Tells webhooks that something of these records has changed; `what` holds the name of the event as `type`.
pub(super) fn tell(change: &Change<'_>, number: &Number, what: Value) -> Result<(), Refusal> {
    let owner = Owner { api: Api::Kirim, tenant: number.organization.clone() };
    if webhook::list_of(change, &owner)?.is_empty() {
        // Who subscribes later hears of what happens then.
        return Ok(());
    }
    let event = Event::Record { companion: NAME.to_owned(), account: number.account, body: what };
    change.emit(&event, &[number.account])
}
