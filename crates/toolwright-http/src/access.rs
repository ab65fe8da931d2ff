//! Who may call, and what the API is shown when they do.
//!
//! The two are chosen apart, and together they make the four modes that a server is run in:
//!
//! | Mode | Who may call | What the API is shown |
//! |---|---|---|
//! | static | [anyone](Access::fixed), or [callers with tokens](Access::with_callers) | one credential, or the caller's own |
//! | forward | [whoever has a key of the API](Access::forward) | the bearer token of the request |
//! | header | [anyone](Access::header), callers with tokens, or OAuth | a key that the caller sends in a header of its own |
//! | oauth | [whoever has a token of the authorization server](Access::oauth) | one credential, such a header, or an exchanged token |
//!
//! An MCP access token never goes to the API: only forwarding sends what stands in `Authorization`, and a server that
//! forwards has no access tokens of its own.

mod bearer;
mod caller_file;
mod caller_token;
mod challenge;
mod exchange;
mod metadata;
mod oauth;
mod remote;

use std::fmt;
use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName};
use toolwright::Granted;
use toolwright::client::Credential;

use crate::{Caller, Fingerprint, Refusal};

pub use caller_file::{CallerFileError, read_callers};
pub use caller_token::{CallerToken, CallerTokenError};
pub use exchange::TokenExchange;
pub use oauth::OAuthConfig;

use bearer::Problem;
use challenge::Challenge;
use exchange::Exchange;
use oauth::OAuth;

/// Who may call, and what the API is shown. Clones are cheap and share what has been fetched.
#[derive(Clone)]
pub struct Access {
    mode: Mode,
    /// No caller gets more than this.
    granted: Granted,
    challenge: Challenge,
}

/// Only what makes sense together can be written.
#[derive(Clone)]
enum Mode {
    /// Anyone may call, and the API is shown this.
    Anyone(Credential),
    /// Whoever holds a key of the API, which stands in `Authorization`.
    Forward,
    /// Whoever holds a key of the API, which stands in this header.
    Header(HeaderName),
    /// Callers with a token that is for this server.
    Known(Callers, Shown),
}

#[derive(Clone)]
enum Callers {
    Tokens(Arc<[CallerToken]>),
    OAuth(Arc<OAuth>),
}

/// What the API is shown for a caller who is known by a token.
#[derive(Clone)]
enum Shown {
    Fixed(Credential),
    Header(HeaderName),
    Exchanged(Arc<Exchange>),
}

/// What the API is shown where callers come with OAuth access tokens, which are not for the API.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum UpstreamCredential {
    /// The same for all callers.
    Fixed(Credential),
    /// The key that the caller sends in this header, with or without `Bearer` before it.
    Header(HeaderName),
    /// A token that the authorization server gives in exchange for the caller's (RFC 8693).
    Exchanged(TokenExchange),
}

/// A choice that cannot be served. No text contains a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccessError {
    /// A URL that is not one, or that nothing secret may be sent to. It is not repeated, as it may hold a password.
    #[error("{what} cannot be used: {reason}")]
    Url {
        /// Which URL: the issuer, say.
        what: &'static str,
        /// What is wrong with it and what to write.
        reason: String,
    },
    /// Nobody could call.
    #[error("there are no callers, so that nobody could call: give at least one, with a name and a token")]
    NoCallers,
    /// Two callers cannot be told apart.
    #[error("the callers `{0}` and `{1}` have the same {2}: give each its own")]
    SameCaller(String, String, &'static str),
    /// `Authorization` already has another meaning.
    #[error(
        "callers cannot have tokens of their own here, as `Authorization` {0}: use tokens with one credential for all, or with the API's key in a header of its own"
    )]
    TokensNotPossible(&'static str),
    /// The access token would go to the API.
    #[error(
        "the API's key cannot come in `Authorization`, which carries the caller's access token: choose a header such as `X-Upstream-Authorization`"
    )]
    HeaderTaken,
}

impl Access {
    /// Mode `static`: the API is shown one credential, whoever calls, and everyone may call. Serve it on the loopback
    /// interface only, or add callers with tokens.
    ///
    /// No caller gets more scopes than `granted`. The same holds in the other modes.
    pub fn fixed(credential: Credential, granted: Granted) -> Self {
        Self::new(Mode::Anyone(credential), granted)
    }

    /// Mode `forward`: the bearer token of each request is a key of the API, and goes there and nowhere else, in
    /// the header that the API wants it in. This is for
    /// products whose MCP key is their API key; it is outside of MCP's OAuth, which forbids it for access tokens.
    pub fn forward(granted: Granted) -> Self {
        Self::new(Mode::Forward, granted)
    }

    /// Mode `header`: each request brings the API's key in a header of its own, such as `X-Upstream-Authorization`, with
    /// or without `Bearer` before it.
    pub fn header(name: HeaderName, granted: Granted) -> Self {
        Self::new(Mode::Header(name), granted)
    }

    /// Mode `oauth`: callers come with access tokens of an authorization server. Nothing is fetched before the first
    /// call.
    ///
    /// Where the process has no provider of cryptography for `jsonwebtoken` yet, one becomes it that verifies asymmetric
    /// signatures with `ring` and does nothing else. A program that makes tokens itself installs its own provider first.
    ///
    /// # Errors
    /// A URL is no URL, or is neither `https` nor on this machine; or the API's key would come in `Authorization`.
    pub fn oauth(
        config: OAuthConfig,
        upstream: UpstreamCredential,
        granted: Granted,
    ) -> Result<Self, AccessError> {
        let shown = match upstream {
            UpstreamCredential::Fixed(credential) => Shown::Fixed(credential),
            UpstreamCredential::Header(name) => Shown::Header(distinct(name)?),
            UpstreamCredential::Exchanged(exchange) => Shown::Exchanged(Arc::new(Exchange::new(&exchange)?)),
        };
        let oauth = OAuth::new(config)?;
        let challenge = oauth.challenge();
        let mode = Mode::Known(Callers::OAuth(Arc::new(oauth)), shown);
        Ok(Self { mode, granted, challenge })
    }

    /// Only callers with one of these tokens may call. A caller gets the scopes of the token, and the API is shown the
    /// token's own key where it has one.
    ///
    /// # Errors
    /// There are none, two have the same name or token, or `Authorization` carries something else in this mode.
    pub fn with_callers(self, tokens: Vec<CallerToken>) -> Result<Self, AccessError> {
        let shown = match self.mode {
            Mode::Anyone(credential) => Shown::Fixed(credential),
            Mode::Header(name) => Shown::Header(distinct(name)?),
            Mode::Known(Callers::Tokens(_), shown) => shown,
            Mode::Forward => return Err(AccessError::TokensNotPossible("carries the API's key")),
            Mode::Known(Callers::OAuth(_), _) => {
                return Err(AccessError::TokensNotPossible("carries OAuth access tokens"));
            }
        };
        caller_token::check_distinct(&tokens)?;
        Ok(Self::new(Mode::Known(Callers::Tokens(tokens.into()), shown), self.granted))
    }

    fn new(mode: Mode, granted: Granted) -> Self {
        Self { mode, granted, challenge: Challenge::default() }
    }

    /// Whether a request without any credential is refused. A server that does not refuse it is for the loopback
    /// interface only.
    pub fn authenticates(&self) -> bool {
        !matches!(self.mode, Mode::Anyone(_))
    }

    /// The headers that carry credentials of callers in this mode. Whatever logs or passes on headers leaves them out.
    pub fn credential_headers(&self) -> Vec<HeaderName> {
        match &self.mode {
            Mode::Header(name) | Mode::Known(_, Shown::Header(name)) => vec![AUTHORIZATION, name.clone()],
            _ => vec![AUTHORIZATION],
        }
    }

    /// Who sent a request with these headers.
    ///
    /// # Errors
    /// The refusal: 401 where a credential is missing or not valid, 400 where it cannot be read or, beside a valid one,
    /// the API's key is missing, and 503 where it cannot be checked at the moment.
    pub async fn caller(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        match &self.mode {
            Mode::Anyone(credential) => Ok(Caller {
                fingerprint: Fingerprint::anonymous(),
                granted: self.granted.clone(),
                credential: credential.clone(),
            }),
            Mode::Forward => self.keyholder(self.token(headers)?),
            Mode::Header(name) => match key(headers, name)? {
                Some(key) => self.keyholder(key),
                None => Err(challenge::missing_key(name)),
            },
            Mode::Known(callers, shown) => self.known(headers, callers, shown).await,
        }
    }

    /// Whoever holds this key of the API.
    fn keyholder(&self, key: &str) -> Result<Caller, Refusal> {
        let credential = Credential::key(key).map_err(|_| self.challenge.no_token(Problem::Unprintable))?;
        Ok(Caller { fingerprint: Fingerprint::of("key", key), granted: self.granted.clone(), credential })
    }

    /// A caller with a token that is for this server.
    async fn known(&self, headers: &HeaderMap, callers: &Callers, shown: &Shown) -> Result<Caller, Refusal> {
        let token = self.token(headers)?;
        let rejected = |rejected| self.challenge.rejected(&rejected);
        let (fingerprint, granted, own) = match callers {
            Callers::Tokens(tokens) => {
                let found = caller_token::find(tokens, token);
                let caller =
                    found.ok_or_else(|| self.challenge.invalid_token("this server does not know it"))?;
                (caller.fingerprint(), caller.granted().and(&self.granted), caller.credential())
            }
            Callers::OAuth(oauth) => {
                let subject = oauth.verify(token).await.map_err(rejected)?;
                (subject.fingerprint, subject.granted.and(&self.granted), None)
            }
        };
        let credential = match shown {
            Shown::Fixed(credential) => own.unwrap_or(credential).clone(),
            Shown::Exchanged(exchange) => exchange.credential(token).await.map_err(rejected)?,
            Shown::Header(name) => match (key(headers, name)?, own) {
                (Some(key), _) => self.keyholder(key)?.credential,
                (None, Some(own)) => own.clone(),
                (None, None) => return Err(challenge::missing_key_beside_token(name)),
            },
        };
        Ok(Caller { fingerprint, granted, credential })
    }

    fn token<'a>(&self, headers: &'a HeaderMap) -> Result<&'a str, Refusal> {
        bearer::token(headers).map_err(|problem| self.challenge.no_token(problem))
    }

    /// Refuses a call whose scopes the caller does not have: 403, with all scopes of the operation in one challenge.
    ///
    /// `needed` are the scopes of the operation, `missing` those among them that the caller lacks.
    pub fn insufficient_scope(&self, needed: &[String], missing: &[&str]) -> Refusal {
        self.challenge.insufficient_scope(needed, missing, &self.granted)
    }

    /// Where clients read which authorization server to ask (RFC 9728): at `/.well-known/oauth-protected-resource`, and
    /// below it at the path of the resource. None without OAuth.
    pub fn metadata_routes(&self) -> Option<axum::Router> {
        match &self.mode {
            Mode::Known(Callers::OAuth(oauth), _) => Some(metadata::routes(oauth.resource())),
            _ => None,
        }
    }
}

/// A header for the API's key that is not where the access token is.
fn distinct(name: HeaderName) -> Result<HeaderName, AccessError> {
    if name == AUTHORIZATION { Err(AccessError::HeaderTaken) } else { Ok(name) }
}

fn key<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Refusal> {
    bearer::key(headers, name).map_err(|problem| challenge::unreadable_key(name, problem))
}

impl fmt::Debug for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = match &self.mode {
            Mode::Anyone(_) => "anyone".to_owned(),
            Mode::Forward => "keys of the API in authorization".to_owned(),
            Mode::Header(name) => format!("keys of the API in {name}"),
            Mode::Known(Callers::Tokens(tokens), shown) => {
                format!("{} caller tokens, {shown:?}", tokens.len())
            }
            Mode::Known(Callers::OAuth(oauth), shown) => format!("tokens of {}, {shown:?}", oauth.issuer()),
        };
        formatter
            .debug_struct("Access")
            .field("mode", &mode)
            .field("granted", &self.granted)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(_) => formatter.write_str("one credential for the API"),
            Self::Header(name) => write!(formatter, "keys of the API in {name}"),
            Self::Exchanged(_) => formatter.write_str("exchanged tokens for the API"),
        }
    }
}
