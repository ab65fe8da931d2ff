//! What there is to play with.

use axum::extract::State;
use axum::routing::on;
use whatsapp_sandbox_client::types;

use super::Control;
use super::account::{character, e164};
use super::answer::{Answer, data};
use super::routes::Route;
use crate::ECHO_NUMBER;
use crate::network::account::{self, Account};
use crate::network::{Refusal, View, session};
use crate::seed::{KEYS, KIRIM_KEYS};
use crate::store::Sql as _;

pub(super) const ROUTES: &[Route] = &[("overview_get", |method| on(method, show))];

/// The most accounts that the overview names.
const ACCOUNTS: u32 = 100;

/// The keys, the organisations, the sessions, the first accounts and how much there is.
async fn show(State(control): State<Control>) -> Answer {
    let found = control.network.read(|view| {
        let organizations = super::kirim::organizations(view)?;
        Ok((session::list(view)?, account::first(view, ACCOUNTS)?, organizations, count(view)?))
    });
    let (sessions, accounts, kirim_organizations, counts) = found.await?;
    let kirim_keys = KIRIM_KEYS.map(|(key, organization)| types::SeededKirimKey {
        key: key.to_owned(),
        organization: organization.to_owned(),
    });
    Ok(data(types::Overview {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        url: control.url.to_string(),
        keys: KEYS.into_iter().map(|(_, key, label, scopes)| seeded(key, label, scopes)).collect(),
        kirim_keys: kirim_keys.into(),
        kirim_organizations,
        sessions: sessions.into_iter().map(|session| session.name).collect(),
        accounts: accounts.into_iter().map(summary).collect(),
        counts,
        clock: super::clock::render(&control),
        echo: ECHO_NUMBER.to_owned(),
    }))
}

fn seeded(key: &str, label: &str, scopes: &str) -> types::SeededKey {
    types::SeededKey { key: key.to_owned(), label: label.to_owned(), scopes: scopes.to_owned() }
}

fn summary(account: Account) -> types::AccountSummary {
    types::AccountSummary {
        phone_number: e164(&account.phone),
        jid: account.jid().to_string(),
        name: account.push_name,
        character: character(account.character),
    }
}

fn count(view: &View<'_>) -> Result<types::Counts, Refusal> {
    let rows =
        |sql: &str| -> Result<i64, Refusal> { Ok(view.first(sql, (), |row| row.get(0))?.unwrap_or(0)) };
    Ok(types::Counts {
        accounts: rows("SELECT count(*) FROM account")?,
        groups: rows("SELECT count(DISTINCT group_id) FROM participant")?,
        channels: rows("SELECT count(*) FROM channel WHERE deleted = 0")?,
        messages: rows("SELECT count(*) FROM message")?,
        sessions: rows("SELECT count(*) FROM session")?,
        webhooks: rows("SELECT count(*) FROM webhook")?,
    })
}
