//! Webhooks as they are registered.

use std::net::IpAddr;

use rusqlite::{Connection, Row};
use url::{Host, Url};

use crate::clock::Timestamp;
use crate::network::{Change, Refusal};
use crate::store::Sql as _;

/// A webhook. Lists and objects are kept as the JSON text in which they came.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    pub(crate) id: i64,
    pub(crate) url: String,
    /// A JSON array of names; empty for all events.
    pub(crate) events: String,
    /// The one session that it listens to; all, if `None`.
    pub(crate) session: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) enabled: bool,
    pub(crate) headers: String,
    pub(crate) retries: String,
    pub(crate) hmac_key: Option<String>,
    pub(crate) created_at: Timestamp,
}

const COLUMNS: &str = "id, url, events, session, label, enabled, headers, retries, hmac_key, created_at";

impl Webhook {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            url: row.get(1)?,
            events: row.get(2)?,
            session: row.get(3)?,
            label: row.get(4)?,
            enabled: row.get(5)?,
            headers: row.get(6)?,
            retries: row.get(7)?,
            hmac_key: row.get(8)?,
            created_at: row.get(9)?,
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

/// Registers a webhook, whose id and instant do not count; the id that it gets.
pub(crate) fn create(change: &Change<'_>, new: &Webhook) -> Result<i64, Refusal> {
    check_url(&new.url)?;
    change.run(
        "INSERT INTO webhook (url, events, session, label, enabled, headers, retries, hmac_key, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        (
            &new.url,
            &new.events,
            &new.session,
            &new.label,
            new.enabled,
            &new.headers,
            &new.retries,
            &new.hmac_key,
            change.now,
        ),
    )?;
    Ok(change.last_insert_rowid())
}

/// Replaces what a webhook says.
pub(crate) fn update(change: &Change<'_>, webhook: &Webhook) -> Result<(), Refusal> {
    check_url(&webhook.url)?;
    change.run(
        "UPDATE webhook SET url = ?2, events = ?3, session = ?4, label = ?5, enabled = ?6, headers = ?7, retries = ?8,
                hmac_key = ?9 WHERE id = ?1",
        (
            webhook.id,
            &webhook.url,
            &webhook.events,
            &webhook.session,
            &webhook.label,
            webhook.enabled,
            &webhook.headers,
            &webhook.retries,
            &webhook.hmac_key,
        ),
    )?;
    Ok(())
}

/// Removes a webhook.
pub(crate) fn delete(change: &Change<'_>, id: i64) -> Result<(), Refusal> {
    let removed = change.run("DELETE FROM webhook WHERE id = ?1", (id,))?;
    if removed == 0 { Err(Refusal::NoWebhook(id.to_string())) } else { Ok(()) }
}

/// Refuses what is not `https` to a public host.
fn check_url(text: &str) -> Result<(), Refusal> {
    let refused = |why: &str| Err(Refusal::Invalid(format!("`url` {why}")));
    let Ok(url) = Url::parse(text) else { return refused("is no URL") };
    if url.scheme() != "https" {
        return refused("must begin with https://");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refused("must not carry a user name or password: use `headers`");
    }
    let private = match url.host() {
        None => return refused("has no host"),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost"
                || !name.contains('.')
                || [".localhost", ".local", ".internal", ".lan"].iter().any(|it| name.ends_with(it))
        }
        Some(Host::Ipv4(address)) => is_private(address.into()),
        Some(Host::Ipv6(address)) => is_private(address.to_canonical()),
    };
    if private { refused("must not lead to a private or local address") } else { Ok(()) }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => {
            let [first, second, ..] = it.octets();
            it.is_private()
                || it.is_loopback()
                || it.is_link_local()
                || it.is_unspecified()
                || it.is_broadcast()
                || it.is_multicast()
                || it.is_documentation()
                || first == 0
                || (first == 100 && (64..128).contains(&second))
        }
        IpAddr::V6(it) => {
            it.is_loopback()
                || it.is_unspecified()
                || it.is_multicast()
                || it.is_unique_local()
                || it.is_unicast_link_local()
        }
    }
}
