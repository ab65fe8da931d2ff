//! A token of the API in exchange for the caller's token (RFC 8693).

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::time::Instant;
use toolwright::client::{Captured, Credential, StatusCode};
use url::Url;
use url::form_urlencoded::byte_serialize;

use super::AccessError;
use super::caller_token::digest;
use super::oauth::{Rejected, TokenProblem};
use super::remote::Remote;

const WHAT: &str = "the URL of the token exchange";

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// How many callers' tokens are kept. Beyond that, those that have expired go, and then all.
const CAPACITY: usize = 4_096;

/// How long a token is kept whose server does not say how long it lives.
const UNKNOWN_LIFE: Duration = Duration::from_mins(1);

/// How long a refusal or a failure is kept, so that callers who come at once do not all wait for the same.
const FAILURE_LIFE: Duration = Duration::from_secs(5);

/// So long before its end a token is not used any more: it must outlive the call.
const MARGIN: Duration = Duration::from_secs(30);

/// Where and how callers' tokens are exchanged for tokens of the API.
#[derive(Debug, Clone)]
pub struct TokenExchange {
    url: String,
    client: Option<(String, Option<SecretString>)>,
    audience: Option<String>,
    scopes: Option<String>,
}

impl TokenExchange {
    /// At this token endpoint of the authorization server.
    pub fn new(url: &str) -> Self {
        Self { url: url.trim().to_owned(), client: None, audience: None, scopes: None }
    }

    /// As this client. Its secret goes in `Authorization: Basic`; a client without one only says who it is.
    #[must_use]
    pub fn with_client(mut self, id: &str, secret: impl Into<Option<SecretString>>) -> Self {
        self.client = Some((id.to_owned(), secret.into()));
        self
    }

    /// For this service, as the authorization server calls the API.
    #[must_use]
    pub fn with_audience(mut self, audience: &str) -> Self {
        self.audience = Some(audience.to_owned());
        self
    }

    /// With these scopes, separated by spaces. Without them the authorization server decides.
    #[must_use]
    pub fn with_scopes(mut self, scopes: &str) -> Self {
        self.scopes = Some(scopes.to_owned());
        self
    }
}

/// Exchanges tokens, and keeps what it got until shortly before it expires.
pub(super) struct Exchange {
    endpoint: Remote,
    /// What every request says.
    form: Map<String, Value>,
    client: Credential,
    /// By the digest of the caller's token. Who holds the lock of an entry asks; the others wait for the answer.
    kept: Mutex<HashMap<[u8; 32], Entry>>,
}

type Entry = Arc<tokio::sync::Mutex<Option<Kept>>>;

/// What came of an exchange, and how long it holds.
struct Kept {
    outcome: Result<Credential, Rejected>,
    until: Instant,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    token_type: String,
    expires_in: Option<u64>,
}

#[derive(Default, Deserialize)]
struct Refused {
    error: String,
}

/// Why there is no token. The texts contain nothing that was sent or answered, except an error code of the standard.
#[derive(Debug, thiserror::Error)]
enum ExchangeError {
    #[error(transparent)]
    Remote(#[from] super::remote::RemoteError),
    #[error(
        "the authorization server refused the exchange with `{0}`: check the client, its permissions and the audience"
    )]
    Refused(&'static str),
    #[error("the authorization server answered the exchange with {0}")]
    Status(StatusCode),
}

impl Exchange {
    pub(super) fn new(config: &TokenExchange) -> Result<Self, AccessError> {
        let url = Url::parse(&config.url)
            .map_err(|error| AccessError::Url { what: WHAT, reason: format!("it is no URL: {error}") })?;
        let mut form = Map::new();
        let mut say = |name: &str, value: &str| form.insert(name.to_owned(), value.into());
        say("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
        say("subject_token_type", ACCESS_TOKEN);
        say("requested_token_type", ACCESS_TOKEN);
        if let Some(audience) = &config.audience {
            say("audience", audience);
        }
        if let Some(scopes) = &config.scopes {
            say("scope", scopes);
        }
        let client = match &config.client {
            Some((id, Some(secret))) => basic(id, secret)?,
            Some((id, None)) => {
                say("client_id", id);
                Credential::None
            }
            None => Credential::None,
        };
        Ok(Self { endpoint: Remote::new(WHAT, &url)?, form, client, kept: Mutex::default() })
    }

    /// What the API is shown for the caller with this token.
    pub(super) async fn credential(&self, token: &str) -> Result<Credential, Rejected> {
        let entry = self.entry(digest(token));
        let mut kept = entry.lock().await;
        if let Some(kept) = kept.as_ref().filter(|kept| Instant::now() < kept.until) {
            return kept.outcome.clone();
        }
        let (outcome, life) = match self.exchange(token).await {
            Ok((credential, life)) => (Ok(credential), life),
            Err(rejected) => (Err(rejected), FAILURE_LIFE),
        };
        *kept = Some(Kept { outcome: outcome.clone(), until: Instant::now() + life });
        outcome
    }

    fn entry(&self, digest: [u8; 32]) -> Entry {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= CAPACITY && !kept.contains_key(&digest) {
            let now = Instant::now();
            kept.retain(|_, entry| {
                entry.try_lock().is_ok_and(|kept| kept.as_ref().is_some_and(|kept| now < kept.until))
            });
            if kept.len() >= CAPACITY {
                kept.clear();
            }
        }
        Arc::clone(kept.entry(digest).or_default())
    }

    /// A credential, and for how long it can be used.
    async fn exchange(&self, token: &str) -> Result<(Credential, Duration), Rejected> {
        let mut form = self.form.clone();
        form.insert("subject_token".to_owned(), token.into());
        let answer = match self.endpoint.post(form, self.client.clone()).await {
            Ok(answer) if answer.status == StatusCode::OK => self.read(&answer),
            Ok(answer) => return Err(refused(&answer)),
            Err(error) => Err(error.into()),
        };
        answer.map_err(|error| unavailable(&error))
    }

    fn read(&self, answer: &Captured) -> Result<(Credential, Duration), ExchangeError> {
        let wanted = "a bearer token";
        let granted: Granted =
            serde_json::from_slice(&answer.body).map_err(|_| self.endpoint.unusable(wanted))?;
        if !granted.token_type.eq_ignore_ascii_case("bearer") {
            return Err(self.endpoint.unusable(wanted).into());
        }
        let credential =
            Credential::bearer(&granted.access_token).map_err(|_| self.endpoint.unusable(wanted))?;
        let life = granted.expires_in.map_or(UNKNOWN_LIFE, Duration::from_secs).min(Duration::from_hours(24));
        Ok((credential, life.saturating_sub(MARGIN).max(life / 2)))
    }
}

/// The answer to a refusal: either the caller's token is not good enough, or this server is not.
fn refused(answer: &Captured) -> Rejected {
    let refused: Refused = serde_json::from_slice(&answer.body).unwrap_or_default();
    match known(&refused.error) {
        Some("invalid_grant" | "invalid_request") if answer.status.is_client_error() => {
            TokenProblem::NotExchanged.into()
        }
        Some(code) => unavailable(&ExchangeError::Refused(code)),
        None => unavailable(&ExchangeError::Status(answer.status)),
    }
}

fn unavailable(error: &ExchangeError) -> Rejected {
    tracing::warn!(%error, "a token cannot be exchanged for one of the API");
    Rejected::Unavailable(match error {
        ExchangeError::Refused(_) => {
            "the authorization server gives this server no tokens of the API: whoever runs it finds the reason in its log"
        }
        _ => "the authorization server cannot be asked for a token of the API: try again later",
    })
}

/// An error code of the standards, so that nothing else of an answer reaches a log.
fn known(code: &str) -> Option<&'static str> {
    let codes = [
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "unauthorized_client",
        "unsupported_grant_type",
        "invalid_scope",
        "invalid_target",
        "access_denied",
    ];
    codes.into_iter().find(|known| *known == code)
}

/// RFC 6749, section 2.3.1: both parts are encoded like a form before they are joined.
fn basic(id: &str, secret: &SecretString) -> Result<Credential, AccessError> {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret.expose_secret().trim())));
    Credential::header("authorization", &format!("Basic {pair}"))
        .map_err(|error| AccessError::Url { what: WHAT, reason: error.to_string() })
}

impl fmt::Debug for Exchange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Exchange").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}
