//! How Titan's events refer to people and places.

use serde_json::{Value, json};

use crate::jid::Jid;
use crate::network::event::{Address, Person, Place};
use crate::network::id::AccountId;
use crate::titan::e164;

/// A person, by phone number and LID.
pub(super) fn person(it: &Person) -> Value {
    json!({ "phoneNumber": e164(&it.phone), "lid": lid(it), "mode": "pn" })
}

/// Where something happened, as this account sees it: a person, or a group or channel.
pub(super) fn chat(place: &Place, me: AccountId) -> Value {
    match (&place.address, place.peer_of(me)) {
        (_, Some(peer)) => person(peer),
        (Address::Status { .. }, None) => json!({ "id": Jid::StatusBroadcast.to_string() }),
        _ => json!({ "id": place.jid_for(me) }),
    }
}

/// A person whom a place hides: followers of a channel do not learn who writes in it.
pub(super) fn hidden() -> Value {
    json!({ "phoneNumber": null, "lid": null, "mode": "lid" })
}

/// The account behind a session, in the fields that a session has.
pub(super) fn account(it: &Person) -> Value {
    json!({
        "phoneNumber": e164(&it.phone),
        "pushName": it.push_name,
        "businessName": it.business_name,
        "platform": if it.business_name.is_some() { "smba" } else { "consumer" },
        "lid": lid(it),
    })
}

/// A contact, in the fields that a contact has.
pub(super) fn contact(it: &Person) -> Value {
    json!({
        "phoneNumber": e164(&it.phone),
        "lid": lid(it),
        "pushName": it.push_name,
        "businessName": it.business_name,
    })
}

fn lid(it: &Person) -> String {
    Jid::Lid(it.lid.clone()).to_string()
}
