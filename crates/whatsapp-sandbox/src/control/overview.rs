//! What there is to play with.

use serde_json::{Value, json};

use super::{Answer, Shared, data};
use crate::access::key;
use crate::network::session;
use crate::seed::KEYS;
use crate::{ECHO_NUMBER, store::Sql as _};

/// The keys, the sessions and the people.
pub(super) async fn show(network: Shared) -> Answer {
    let overview = network
        .read(|view| {
            let sessions: Vec<String> = session::list(view)?.into_iter().map(|session| session.name).collect();
            let people = view.all(
                "SELECT phone, push_name, character FROM account ORDER BY id LIMIT 100",
                (),
                |row| {
                    let (phone, name, character) =
                        (row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?);
                    Ok(json!({ "phoneNumber": format!("+{phone}"), "name": name, "character": character }))
                },
            )?;
            let known: Vec<String> = key::list(view)?.into_iter().map(|key| key.id).collect();
            let keys: Vec<Value> = KEYS
                .into_iter()
                .filter(|(id, ..)| known.iter().any(|it| it == id))
                .map(|(_, secret, label, scopes)| json!({ "key": secret, "label": label, "scopes": scopes }))
                .collect();
            Ok(json!({ "keys": keys, "sessions": sessions, "people": people, "echo": ECHO_NUMBER }))
        })
        .await?;
    Ok(data(&overview))
}
