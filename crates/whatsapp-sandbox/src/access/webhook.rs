//! Webhooks as they are registered.

use std::net::IpAddr;

use rusqlite::{Connection, Row};
use url::{Host, Url};

use crate::clock::Timestamp;
use crate::network::{Change, Refusal};
use crate::store::Sql as _;

/// A webhook.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    pub(crate) id: i64,
    /// What was registered, as JSON in the shape of the API that it was registered with.
    pub(crate) registration: String,
    pub(crate) created_at: Timestamp,
}

impl Webhook {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { id: row.get(0)?, registration: row.get(1)?, created_at: row.get(2)? })
    }
}

/// All webhooks.
pub(crate) fn list(connection: &Connection) -> Result<Vec<Webhook>, Refusal> {
    let sql = "SELECT id, registration, created_at FROM webhook ORDER BY id";
    Ok(connection.all(sql, (), Webhook::from_row)?)
}

/// The webhook with this id.
pub(crate) fn get(connection: &Connection, id: i64) -> Result<Webhook, Refusal> {
    let sql = "SELECT id, registration, created_at FROM webhook WHERE id = ?1";
    connection.first(sql, (id,), Webhook::from_row)?.ok_or_else(|| Refusal::NoWebhook(id.to_string()))
}

/// Registers a webhook.
pub(crate) fn create(change: &Change<'_>, url: &str, registration: &str) -> Result<Webhook, Refusal> {
    check_url(url)?;
    change
        .run("INSERT INTO webhook (registration, created_at) VALUES (?1, ?2)", (registration, change.now))?;
    get(change, change.last_insert_rowid())
}

/// Replaces what a webhook says.
pub(crate) fn update(
    change: &Change<'_>,
    id: i64,
    url: &str,
    registration: &str,
) -> Result<Webhook, Refusal> {
    check_url(url)?;
    change.run("UPDATE webhook SET registration = ?2 WHERE id = ?1", (id, registration))?;
    get(change, id)
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
        Some(Host::Domain(name)) => is_private_name(name.trim_end_matches('.')),
        Some(Host::Ipv4(address)) => is_private(address.into()),
        Some(Host::Ipv6(address)) => is_private(address.to_canonical()),
    };
    if private { refused("must not lead to a private or local address") } else { Ok(()) }
}

fn is_private_name(name: &str) -> bool {
    !name.contains('.')
        || [".localhost", ".local", ".internal", ".lan"].iter().any(|suffix| name.ends_with(suffix))
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => {
            let [first, second, ..] = it.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            it.is_private()
                || it.is_loopback()
                || it.is_link_local()
                || it.is_broadcast()
                || it.is_multicast()
                || it.is_documentation()
                || first == 0
                || is_shared
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
