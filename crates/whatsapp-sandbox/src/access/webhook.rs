//! Webhooks as they are registered: who wants to hear of what, and how to reach them.

use std::fmt;

use http::{HeaderName, HeaderValue};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Type, ValueRef};
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
    pub(crate) owner: Owner,
    /// What its API calls it, if not by its number.
    pub(crate) public_id: Option<String>,
    pub(crate) registration: Registration,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// It hears of events after this one.
    pub(crate) first_event: i64,
    /// The sandbox plays its target as unreachable.
    pub(crate) down: bool,
    /// How many attempts in a row have failed; counted where it is given up after so many.
    pub(crate) failures: u32,
}

/// The APIs that have webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api {
    Titan,
    Kirim,
}

/// Whose a webhook is: it hears of what is told to this owner, and is seen by nobody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) api: Api,
    /// The id of the customer, where the API knows several; empty otherwise.
    pub(crate) tenant: String,
}

impl Owner {
    /// Titan's API, which knows one customer.
    pub(crate) fn titan() -> Self {
        Self { api: Api::Titan, tenant: String::new() }
    }
}

impl Api {
    const NAMES: [(Self, &'static str); 2] = [(Self::Titan, "titan"), (Self::Kirim, "kirim")];
}

impl ToSql for Api {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(Self::NAMES.iter().find(|(it, _)| it == self).map_or("titan", |(_, name)| name).into())
    }
}

impl FromSql for Api {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        Self::NAMES.iter().find(|(_, it)| *it == name).map(|(it, _)| *it).ok_or(FromSqlError::InvalidType)
    }
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
    /// What signs deliveries where an API lets several secrets live at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) secrets: Vec<Secret>,
    /// After so many failed deliveries in a row it is switched off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) give_up_after: Option<u32>,
}

/// A signing secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Secret {
    pub(crate) id: String,
    /// None in a state that was imported: secrets are not exported.
    #[serde(rename = "secret")]
    pub(crate) text: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Option<Timestamp>,
}

impl Secret {
    /// Whether it signs.
    pub(crate) fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|at| now < at)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Secret").field("id", &self.id).finish_non_exhaustive()
    }
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
    /// After 10 and 30 seconds, 2 and 10 minutes, 1, 6 and 24 hours, give or take a fifth; redirects are repeated too.
    Ladder,
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

const COLUMNS: &str =
    "id, registration, created_at, first_event, down, api, tenant, public_id, failures, updated_at";

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
            owner: Owner { api: row.get(5)?, tenant: row.get(6)? },
            public_id: row.get(7)?,
            failures: row.get(8)?,
            updated_at: row.get::<_, Option<Timestamp>>(9)?.unwrap_or(row.get(2)?),
        })
    }
}

/// All webhooks, whosever they are.
pub(crate) fn list(connection: &Connection) -> Result<Vec<Webhook>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM webhook ORDER BY id");
    Ok(connection.all(&sql, (), Webhook::from_row)?)
}

/// The webhooks of an owner, the oldest first.
pub(crate) fn list_of(connection: &Connection, owner: &Owner) -> Result<Vec<Webhook>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM webhook WHERE api = ?1 AND tenant = ?2 ORDER BY id");
    Ok(connection.all(&sql, (owner.api, &owner.tenant), Webhook::from_row)?)
}

/// The webhook with this id.
pub(crate) fn get(connection: &Connection, id: i64) -> Result<Webhook, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM webhook WHERE id = ?1");
    connection.first(&sql, (id,), Webhook::from_row)?.ok_or_else(|| Refusal::NoWebhook(id.to_string()))
}

/// The webhook with this id, if it is this owner's.
pub(crate) fn get_of(connection: &Connection, owner: &Owner, id: i64) -> Result<Webhook, Refusal> {
    let webhook = get(connection, id)?;
    if webhook.owner == *owner { Ok(webhook) } else { Err(Refusal::NoWebhook(id.to_string())) }
}

/// The webhook with this public id, if it is this owner's.
pub(crate) fn find_of(connection: &Connection, owner: &Owner, public_id: &str) -> Result<Webhook, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM webhook WHERE public_id = ?1 AND api = ?2 AND tenant = ?3");
    let found = connection.first(&sql, (public_id, owner.api, &owner.tenant), Webhook::from_row)?;
    found.ok_or_else(|| Refusal::NoWebhook(public_id.to_owned()))
}

/// Registers a webhook. It hears of what happens from now on. Without a key or secret of the caller's it gets a key, so
/// that every delivery is signed.
pub(crate) fn create(
    change: &Change<'_>,
    owner: &Owner,
    public_id: Option<&str>,
    mut registration: Registration,
) -> Result<Webhook, Refusal> {
    registration.check()?;
    if registration.secrets.is_empty() {
        registration.hmac_key.get_or_insert_with(|| change.entropy().token());
    }
    change.run(
        "INSERT INTO webhook (registration, created_at, updated_at, first_event, api, tenant, public_id)
         VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6)",
        (text(&registration)?, change.now, event::newest(change)?, owner.api, &owner.tenant, public_id),
    )?;
    get(change, change.last_insert_rowid())
}

/// Replaces what a webhook says. What waits to be delivered to it goes to the new address, under the new key. One that
/// is enabled again does not hear of what happened meanwhile, and starts without failures.
pub(crate) fn update(change: &Change<'_>, id: i64, registration: &Registration) -> Result<Webhook, Refusal> {
    registration.check()?;
    let before = get(change, id)?;
    let resumes = registration.enabled && !before.registration.enabled;
    let first_event = if resumes { event::newest(change)? } else { before.first_event };
    change.run(
        "UPDATE webhook SET registration = ?2, first_event = ?3, failures = iif(?4, 0, failures), updated_at = ?5
          WHERE id = ?1",
        (id, text(registration)?, first_event, resumes, change.now),
    )?;
    get(change, id)
}

/// Removes a webhook and what waits to be delivered to it.
pub(crate) fn delete(change: &Change<'_>, id: i64) -> Result<(), Refusal> {
    let removed = change.run("DELETE FROM webhook WHERE id = ?1", (id,))?;
    if removed == 0 { Err(Refusal::NoWebhook(id.to_string())) } else { Ok(()) }
}

/// Counts a delivery that was given up, or begins to count anew after one that arrived. A webhook that is given up after
/// so many failures is switched off.
pub(crate) fn ended(change: &Change<'_>, id: i64, failed: bool) -> Result<(), Refusal> {
    let mut webhook = get(change, id)?;
    let Some(most) = webhook.registration.give_up_after else { return Ok(()) };
    let failures = if failed { webhook.failures + 1 } else { 0 };
    webhook.registration.enabled &= failures < most;
    change.run(
        "UPDATE webhook SET registration = ?2, failures = ?3 WHERE id = ?1",
        (id, text(&webhook.registration)?, failures),
    )?;
    Ok(())
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
        let own_secrets = known.map(|it| it.registration.secrets.as_slice()).unwrap_or_default();
        let mut is_new = registration.secrets.is_empty() && registration.hmac_key.is_none();
        if is_new {
            registration.hmac_key = Some(change.entropy().token());
        }
        for secret in registration.secrets.iter_mut().filter(|it| it.text.is_none()) {
            secret.text = own_secrets.iter().find(|it| it.id == secret.id).and_then(|it| it.text.clone());
            if secret.text.is_none() {
                secret.text = Some(format!("whsec_{}", change.entropy().token()));
                is_new = true;
            }
        }
        if is_new {
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
