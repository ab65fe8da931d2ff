//! What there is to play with.

use serde_json::{Value, json};

use super::{Answer, Shared, data};
use crate::ECHO_NUMBER;
use crate::network::account::{self, Account};
use crate::network::session;
use crate::seed::KEYS;

/// The most people that one answer holds.
const PEOPLE: u32 = 100;

/// The keys, the sessions and the people.
pub(super) async fn show(network: Shared) -> Answer {
    let (sessions, people) =
        network.read(|view| Ok((session::list(view)?, account::first(view, PEOPLE)?))).await?;
    let keys = KEYS.map(|(_, key, label, scopes)| json!({ "key": key, "label": label, "scopes": scopes }));
    Ok(data(&json!({
        "keys": keys,
        "sessions": sessions.into_iter().map(|session| session.name).collect::<Vec<_>>(),
        "people": people.iter().map(person).collect::<Vec<_>>(),
        "echo": ECHO_NUMBER,
    })))
}

fn person(account: &Account) -> Value {
    json!({
        "phoneNumber": format!("+{}", account.phone),
        "name": account.push_name,
        "character": account.character.name(),
    })
}
