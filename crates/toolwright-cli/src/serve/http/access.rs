//! Who may call, and what the API is shown, as the settings say.

use std::path::Path;

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};
use toolwright::Granted;
use toolwright::client::HeaderName;
use toolwright_http::access::{
    Access, CallerToken, OAuthConfig, TokenExchange, UpstreamCredential, read_callers,
};

use crate::connection::Connection;
use crate::settings::{Settings, UsageError};

const CLIENT_KEY: &str = "client_key";
const CLIENT_KEY_FILE: &str = "client_key_file";
const EXCHANGE_SECRET: &str = "exchange_client_secret_file";
const UPSTREAM_HEADER: &str = "x-upstream-authorization";

/// The choice of the settings. The file with tokens is read each time, so that asking again takes up its changes.
///
/// `scopes` are all that the tools need, which clients read before they ask for a token.
pub(super) fn of(settings: &Settings, connection: &Connection, scopes: &[String]) -> anyhow::Result<Access> {
    let granted = settings.granted().clone();
    let access = match settings.text("credentials").unwrap_or("static") {
        "forward" => Access::forward(granted),
        "header" => Access::header(upstream_header(settings)?, granted),
        "oauth" => return oauth(settings, connection, scopes),
        _ => Access::fixed(connection.credential().clone(), granted),
    };
    let mut callers: Vec<CallerToken> = client(settings)?.into_iter().collect();
    let mut place =
        settings.place(if settings.path(CLIENT_KEY_FILE).is_some() { CLIENT_KEY_FILE } else { CLIENT_KEY });
    if let Some(path) = settings.path("caller_tokens_file") {
        place = settings.place("caller_tokens_file");
        callers.extend(read_callers(path).map_err(|error| wrong(&place, error))?);
    }
    if callers.is_empty() {
        Ok(access)
    } else {
        access.with_callers(callers).map_err(|error| wrong(&place, error))
    }
}

/// Whoever has the one key for clients, if there is one.
fn client(settings: &Settings) -> anyhow::Result<Option<CallerToken>> {
    let (key, place) = match (settings.text(CLIENT_KEY), settings.path(CLIENT_KEY_FILE)) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => {
            let places = [CLIENT_KEY, CLIENT_KEY_FILE].map(|key| settings.place(key));
            return Err(wrong(&places.join(" and "), "both give the key: remove one"));
        }
        (Some(key), None) => (SecretString::from(key), settings.place(CLIENT_KEY)),
        (None, Some(path)) => (secret(settings, CLIENT_KEY_FILE, path)?, settings.place(CLIENT_KEY_FILE)),
    };
    let client = CallerToken::new("client", key.expose_secret(), Granted::all());
    client.map(Some).map_err(|error| wrong(&place, error))
}

fn oauth(settings: &Settings, connection: &Connection, scopes: &[String]) -> anyhow::Result<Access> {
    let tokens = ["caller_tokens_file", CLIENT_KEY, CLIENT_KEY_FILE];
    if let Some((setting, _)) = settings.found().find(|(setting, _)| tokens.contains(&setting.key)) {
        return Err(wrong(
            &settings.place(setting.key),
            "callers have OAuth access tokens with `credentials = \"oauth\"`: remove it",
        ));
    }
    let needed = |key: &str| {
        settings
            .text(key)
            .ok_or_else(|| UsageError::new(format!("{} needs `{key}` too", settings.place("credentials"))))
    };
    let mut config =
        OAuthConfig::new(needed("oauth_issuer")?, needed("oauth_resource")?).with_scopes(scopes.to_vec());
    for audience in settings.list("oauth_audiences").unwrap_or_default() {
        config = config.with_audience(audience);
    }
    if let Some(initial) = settings.list("oauth_initial_scopes") {
        config = config.with_initial_scopes(initial.to_vec());
    }
    if let Some(url) = settings.text("oauth_jwks_url") {
        config = config.with_jwks_url(url);
    }
    let place = settings.place("credentials");
    let upstream = upstream_credential(settings, connection)?;
    Access::oauth(config, upstream, settings.granted().clone()).map_err(|error| wrong(&place, error))
}

/// What the API is shown for callers with access tokens: what they are exchanged for, a key in a header where one is
/// named, or else the configured key.
fn upstream_credential(settings: &Settings, connection: &Connection) -> anyhow::Result<UpstreamCredential> {
    if let Some(url) = settings.text("exchange_url") {
        return Ok(UpstreamCredential::Exchanged(exchange(settings, url)?));
    }
    if settings.text("upstream_header").is_some() {
        return Ok(UpstreamCredential::Header(upstream_header(settings)?));
    }
    Ok(UpstreamCredential::Fixed(connection.credential().clone()))
}

fn exchange(settings: &Settings, url: &str) -> anyhow::Result<TokenExchange> {
    let mut exchange = TokenExchange::new(url);
    if let Some(audience) = settings.text("exchange_audience") {
        exchange = exchange.with_audience(audience);
    }
    if let Some(client) = settings.text("exchange_client_id") {
        let secret =
            settings.path(EXCHANGE_SECRET).map(|path| secret(settings, EXCHANGE_SECRET, path)).transpose()?;
        exchange = exchange.with_client(client, secret);
    }
    Ok(exchange)
}

fn secret(settings: &Settings, setting: &str, path: &Path) -> anyhow::Result<SecretString> {
    let place = settings.place(setting);
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{place}: {} cannot be read", path.display()))?;
    Ok(SecretString::from(text.trim()))
}

fn upstream_header(settings: &Settings) -> anyhow::Result<HeaderName> {
    let name = settings.text("upstream_header").unwrap_or(UPSTREAM_HEADER);
    name.parse().map_err(|_| wrong(&settings.place("upstream_header"), "no name of a header"))
}

fn wrong(place: &str, what: impl std::fmt::Display) -> anyhow::Error {
    UsageError::new(format!("{place}: {what}")).into()
}
