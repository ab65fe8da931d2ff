//! Webhooks as they are registered: who wants to hear of what, and how to reach them.

use http::{HeaderName, HeaderValue};
use rusqlite::types::Type;
use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::network::{Change, Refusal, event};
use crate::store::Sql as _;

/// The most headers that a webhook may add.
const MAX_HEADERS: usize = 50;
/// The most repeats of a failed delivery.
const MAX_ATTEMPTS: u32 = 100;
/// The longest delay before a repeat, in seconds: a day.
const MAX_DELAY: u64 = 24 * 60 * 60;
/// Headers that a delivery sets itself.
const RESERVED: [&str; 8] = [
    "host",
    "content-length",
    "content-type",
    "content-encoding",
    "connection",
    "transfer-encoding",
    "upgrade",
    "te",
];

/// A webhook.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    pub(crate) id: i64,
    pub(crate) registration: Registration,
    pub(crate) created_at: Timestamp,
    /// It hears of events after this one.
    pub(crate) first_event: i64,
    /// The sandbox plays its target as unreachable.
    pub(crate) down: bool,
}

/// What was registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Registration {
    pub(crate) url: String,
    /// Names of events, in the words of the API; none, or `*` among them, stands for all.
    #[serde(default)]
    pub(crate) events: Vec<String>,
    /// The session that it is for; all of them if there is none.
    #[serde(default)]
    pub(crate) session: Option<String>,
    #[serde(default)]
    pub(crate) label: Option<String>,
    /// Signs deliveries. Webhooks registered by an earlier version may have none.
    #[serde(default)]
    pub(crate) hmac_key: Option<String>,
    #[serde(default)]
    pub(crate) headers: Vec<Header>,
    #[serde(default)]
    pub(crate) retries: Retries,
    #[serde(default = "yes")]
    pub(crate) enabled: bool,
}

/// A header that is added to deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// How a failed delivery is repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Retries {
    /// How often, after the first attempt.
    pub(crate) attempts: u32,
    /// Seconds before the first repeat.
    pub(crate) delay_seconds: u64,
    pub(crate) policy: Policy,
}

/// How the delay grows from repeat to repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Policy {
    Constant,
    Linear,
    Exponential,
}

impl Default for Retries {
    fn default() -> Self {
        Self { attempts: 5, delay_seconds: 2, policy: Policy::Exponential }
    }
}

fn yes() -> bool {
    true
}

impl Registration {
    /// Whether it wants to hear of this event of this session.
    pub(crate) fn wants(&self, event: &str, session: &str) -> bool {
        self.enabled
            && self.session.as_deref().is_none_or(|it| it == session)
            && (self.events.is_empty() || self.events.iter().any(|it| it == "*" || it == event))
    }

    /// Refuses what a delivery could not carry out. The address is for [`crate::egress`] to judge.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.headers.len() > MAX_HEADERS {
            return Err(Refusal::Invalid(format!("`headers` may have up to {MAX_HEADERS} entries")));
        }
        self.headers.iter().try_for_each(Header::check)?;
        if self.retries.attempts > MAX_ATTEMPTS {
            return Err(Refusal::Invalid(format!("`retries.attempts` may be up to {MAX_ATTEMPTS}")));
        }
        if self.retries.delay_seconds > MAX_DELAY {
            return Err(Refusal::Invalid(format!("`retries.delaySeconds` may be up to {MAX_DELAY}")));
        }
        Ok(())
    }
}

impl Header {
    fn check(&self) -> Result<(), Refusal> {
        let Self { name, value } = self;
        let Ok(parsed) = HeaderName::from_bytes(name.as_bytes()) else {
            return Err(Refusal::Invalid(format!("`headers` names `{name}`, which is no name of a header")));
        };
        if RESERVED.contains(&parsed.as_str()) || parsed.as_str().starts_with("x-webhook-") {
            return Err(Refusal::Invalid(format!(
                "`headers` names `{name}`, which deliveries set themselves"
            )));
        }
        match HeaderValue::from_str(value) {
            Ok(_) => Ok(()),
            Err(_) => {
                Err(Refusal::Invalid(format!("`headers` gives `{name}` a value that no header can have")))
            }
        }
    }
}

const COLUMNS: &str = "id, registration, created_at, first_event, down";

impl Webhook {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let registration: String = row.get(1)?;
        let registration = serde_json::from_str(&registration)
            .map_err(|error| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, error.into()))?;
        Ok(Self {
            id: row.get(0)?,
            registration,
            created_at: row.get(2)?,
            first_event: row.get(3)?,
            down: row.get(4)?,
        })
    }
}

/// All webhooks.
pub(crate) fn list(connection: &Connection) -> Result<Vec<Webhook>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM webhook ORDER BY id");
    Ok(connection.all(&sql, (), Webhook::from_row)?)
}

/// The webhook with this id.
pub(crate) fn get(connection: &Connection, id: i64) -> Result<Webhook, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM webhook WHERE id = ?1");
    connection.first(&sql, (id,), Webhook::from_row)?.ok_or_else(|| Refusal::NoWebhook(id.to_string()))
}

/// Registers a webhook. It hears of what happens from now on. Without a key of the caller's it gets one, so that every
/// delivery is signed.
pub(crate) fn create(change: &Change<'_>, mut registration: Registration) -> Result<Webhook, Refusal> {
    registration.check()?;
    registration.hmac_key.get_or_insert_with(|| change.entropy().token());
    change.run(
        "INSERT INTO webhook (registration, created_at, first_event) VALUES (?1, ?2, ?3)",
        (text(&registration)?, change.now, event::newest(change)?),
    )?;
    get(change, change.last_insert_rowid())
}

/// Replaces what a webhook says. What waits to be delivered to it goes to the new address, under the new key. One that
/// is enabled again does not hear of what happened meanwhile.
pub(crate) fn update(change: &Change<'_>, id: i64, registration: &Registration) -> Result<Webhook, Refusal> {
    registration.check()?;
    let before = get(change, id)?;
    let resumes = registration.enabled && !before.registration.enabled;
    let first_event = if resumes { event::newest(change)? } else { before.first_event };
    change.run(
        "UPDATE webhook SET registration = ?2, first_event = ?3 WHERE id = ?1",
        (id, text(registration)?, first_event),
    )?;
    get(change, id)
}

/// Removes a webhook and what waits to be delivered to it.
pub(crate) fn delete(change: &Change<'_>, id: i64) -> Result<(), Refusal> {
    let removed = change.run("DELETE FROM webhook WHERE id = ?1", (id,))?;
    if removed == 0 { Err(Refusal::NoWebhook(id.to_string())) } else { Ok(()) }
}

/// Plays the target as unreachable, or as reachable again.
pub(crate) fn set_down(change: &Change<'_>, id: i64, down: bool) -> Result<Webhook, Refusal> {
    change.run("UPDATE webhook SET down = ?2 WHERE id = ?1", (id, down))?;
    get(change, id)
}

/// A state was read in, which holds no secrets: a webhook that was there before under the same id and address gets its
/// own back, any other that has no key gets a new one. The ids of the latter.
pub(crate) fn recall_secrets(change: &Change<'_>, before: &[Webhook]) -> Result<Vec<i64>, Refusal> {
    let mut new_keys = Vec::new();
    for Webhook { id, mut registration, .. } in list(change)? {
        let known = before.iter().find(|it| it.id == id && it.registration.url == registration.url);
        if let Some(Webhook { registration: own, .. }) = known {
            registration.hmac_key = registration.hmac_key.or_else(|| own.hmac_key.clone());
            if registration.headers.is_empty() {
                registration.headers.clone_from(&own.headers);
            }
        }
        if registration.hmac_key.is_none() {
            registration.hmac_key = Some(change.entropy().token());
            new_keys.push(id);
        }
        change.run("UPDATE webhook SET registration = ?2 WHERE id = ?1", (id, text(&registration)?))?;
    }
    Ok(new_keys)
}

fn text(registration: &Registration) -> Result<String, Refusal> {
    Ok(serde_json::to_string(registration)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?)
}
