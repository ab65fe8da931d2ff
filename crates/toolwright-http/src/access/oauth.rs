//! OAuth 2.1 as a resource server sees it: access tokens are signed by an authorization server, whose keys are fetched.

mod cache;
mod claims;
mod keys;
mod signatures;
mod source;

use std::collections::HashSet;
use std::sync::Arc;

use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header};
use toolwright::client::Upstream;
use url::Url;

use super::AccessError;
use super::challenge::Challenge;
use super::metadata;
use cache::KeyCache;
use claims::{Claims, Subject};
use source::KeySource;

/// How far the clocks of the authorization server and of this machine may be apart, in seconds.
const LEEWAY_S: u64 = 30;

/// The signatures that are accepted: asymmetric ones only, so that nobody can sign with a public key as if it were a
/// secret.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
];

/// Which access tokens are accepted. They are JWTs (RFC 9068, or plain ones) with an asymmetric signature, of this
/// issuer, for this resource, not expired. Opaque tokens are not accepted, as this server asks nobody about single tokens.
#[derive(Debug, Clone)]
pub struct OAuthConfig {
    issuer: String,
    resource: String,
    audiences: Vec<String>,
    jwks_url: Option<String>,
    scopes: Vec<String>,
    initial_scopes: Vec<String>,
}

impl OAuthConfig {
    /// Tokens of the authorization server `issuer`, written exactly as it writes itself, for the endpoint whose public URL
    /// is `resource`, such as `https://mcp.example.com/mcp`.
    pub fn new(issuer: &str, resource: &str) -> Self {
        Self {
            issuer: issuer.trim().to_owned(),
            resource: resource.trim().to_owned(),
            audiences: Vec::new(),
            jwks_url: None,
            scopes: Vec::new(),
            initial_scopes: Vec::new(),
        }
    }

    /// Where the keys are. Without it, the authorization server's metadata say so (RFC 8414, or OpenID Connect).
    #[must_use]
    pub fn with_jwks_url(mut self, url: &str) -> Self {
        self.jwks_url = Some(url.trim().to_owned());
        self
    }

    /// Another audience under which the authorization server knows this server, for those that cannot write the
    /// resource's URL into tokens.
    #[must_use]
    pub fn with_audience(mut self, audience: &str) -> Self {
        self.audiences.push(audience.to_owned());
        self
    }

    /// All scopes that mean something here, which the metadata list. Wildcards are for tokens, and not listed.
    #[must_use]
    pub fn with_scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The scopes that a client without a token is told to ask for at first. Without them clients ask for all that the
    /// metadata list.
    #[must_use]
    pub fn with_initial_scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.initial_scopes = scopes.into_iter().map(Into::into).collect();
        self
    }
}

/// What this server is to clients.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) name: String,
    pub(super) url: Url,
    pub(super) issuer: String,
    pub(super) scopes: Vec<String>,
}

/// Checks access tokens.
pub(super) struct OAuth {
    resource: Resource,
    initial_scopes: Vec<String>,
    validation: Validation,
    keys: Arc<KeyCache>,
}

/// Why a token is refused. The texts never repeat it, nor anything in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum TokenProblem {
    #[error(
        "it is opaque, and this server takes signed JWTs only: have the authorization server issue those"
    )]
    Opaque,
    #[error(
        "it is encrypted, and this server takes signed JWTs only: have the authorization server issue those"
    )]
    Encrypted,
    #[error("its header cannot be read, or names no signature of {}", accepted())]
    Header,
    #[error("its signature is of a kind that is not accepted; accepted are {}", accepted())]
    Algorithm,
    #[error("its header has a type that is not that of an access token: `at+jwt` or `JWT`")]
    Type,
    #[error("its header has critical parameters, none of which this server knows")]
    Critical,
    #[error("it is signed with a key that the authorization server does not publish")]
    UnknownKey,
    #[error("its signature is not valid")]
    Signature,
    #[error("its claims cannot be read")]
    Claims,
    #[error("its claim `{0}` is missing or of the wrong kind")]
    Claim(&'static str),
    #[error("it has expired: get a new one")]
    Expired,
    #[error("it is not valid yet: compare the clocks of the two servers")]
    NotYet,
    #[error("it is of another issuer than the authorization server of this server")]
    Issuer,
    #[error("it is for another resource: ask for a token with this server's URL as `resource`")]
    Audience,
    #[error("the authorization server does not exchange it for one of the API: get a new one")]
    NotExchanged,
}

/// A token that does not let its caller in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rejected {
    /// It will never do.
    Token(TokenProblem),
    /// Nobody can tell at the moment.
    Unavailable(&'static str),
}

impl From<TokenProblem> for Rejected {
    fn from(problem: TokenProblem) -> Self {
        Self::Token(problem)
    }
}

impl OAuth {
    pub(super) fn new(config: OAuthConfig) -> Result<Self, AccessError> {
        signatures::install();
        let issuer = parse("the issuer", &config.issuer)?;
        let url = resource_url(&config.resource)?;
        let source = match &config.jwks_url {
            Some(jwks) => KeySource::given(&parse("the URL of the keys", jwks)?)?,
            None => KeySource::discovered(&config.issuer, &issuer)?,
        };
        let validation = validation(&config, &url);
        let OAuthConfig { issuer, resource: name, scopes, initial_scopes, .. } = config;
        let scopes = scopes.into_iter().filter(|scope| !scope.contains('*')).collect();
        let resource = Resource { name, url, issuer, scopes };
        Ok(Self { resource, initial_scopes, validation, keys: Arc::new(KeyCache::new(source)) })
    }

    pub(super) fn resource(&self) -> &Resource {
        &self.resource
    }

    pub(super) fn issuer(&self) -> &str {
        &self.resource.issuer
    }

    pub(super) fn challenge(&self) -> Challenge {
        Challenge {
            resource_metadata: Some(metadata::url(&self.resource.url)),
            initial_scopes: self.initial_scopes.clone(),
        }
    }

    /// Who a token stands for, and what it allows.
    pub(super) async fn verify(&self, token: &str) -> Result<Subject, Rejected> {
        let header = header(token)?;
        let keys = self.keys.fitting(header.kid.as_deref(), header.alg).await?;
        let mut validation = self.validation.clone();
        validation.algorithms = vec![header.alg];
        let mut problem = TokenProblem::UnknownKey;
        // More than one only where the token does not say which.
        for key in keys {
            match decode::<Claims>(token, key.decoding(), &validation) {
                Ok(token) => return Ok(token.claims.subject(&self.resource.issuer)?),
                Err(error) => problem = read(&error),
            }
            if problem != TokenProblem::Signature {
                break;
            }
        }
        Err(problem.into())
    }
}

/// The header of a token whose form is that of an access token.
fn header(token: &str) -> Result<Header, TokenProblem> {
    match token.split('.').count() {
        3 => {}
        5 => return Err(TokenProblem::Encrypted),
        _ => return Err(TokenProblem::Opaque),
    }
    let header = decode_header(token).map_err(|_| TokenProblem::Header)?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(TokenProblem::Algorithm);
    }
    if header.crit.is_some() {
        return Err(TokenProblem::Critical);
    }
    let kinds = ["jwt", "at+jwt", "application/at+jwt"];
    if header.typ.as_ref().is_some_and(|typ| !kinds.contains(&typ.to_ascii_lowercase().as_str())) {
        return Err(TokenProblem::Type);
    }
    Ok(header)
}

/// What the library found, in our words.
fn read(error: &Error) -> TokenProblem {
    match error.kind() {
        ErrorKind::ExpiredSignature => TokenProblem::Expired,
        ErrorKind::ImmatureSignature => TokenProblem::NotYet,
        ErrorKind::InvalidIssuer => TokenProblem::Issuer,
        ErrorKind::InvalidAudience => TokenProblem::Audience,
        ErrorKind::MissingRequiredClaim(claim) | ErrorKind::InvalidClaimFormat(claim) => {
            let names = ["exp", "nbf", "iss", "aud"];
            names.into_iter().find(|name| name == claim).map_or(TokenProblem::Claims, TokenProblem::Claim)
        }
        ErrorKind::Json(_) | ErrorKind::Utf8(_) => TokenProblem::Claims,
        _ => TokenProblem::Signature,
    }
}

fn validation(config: &OAuthConfig, resource: &Url) -> Validation {
    // The resource with and without a slash at its end is the same.
    let bare = |text: &str| text.trim_end_matches('/').to_owned();
    let written = [bare(&config.resource), bare(resource.as_str())];
    let slashed = written.iter().map(|text| format!("{text}/"));
    let audiences: HashSet<String> =
        written.iter().cloned().chain(slashed).chain(config.audiences.iter().cloned()).collect();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.leeway = LEEWAY_S;
    validation.validate_nbf = true;
    validation.aud = Some(audiences);
    validation.set_issuer(&[&config.issuer]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    validation
}

fn accepted() -> String {
    ALGORITHMS.map(|algorithm| format!("{algorithm:?}")).join(", ")
}

fn parse(what: &'static str, text: &str) -> Result<Url, AccessError> {
    Url::parse(text).map_err(|error| AccessError::Url { what, reason: format!("it is no URL: {error}") })
}

/// The public URL of the endpoint, which stands in tokens and metadata.
fn resource_url(text: &str) -> Result<Url, AccessError> {
    let what = "the resource";
    let wrong = |reason: &str| AccessError::Url { what, reason: reason.to_owned() };
    let url = parse(what, text)?;
    // The same rules as for the URL of an API: no user, no query, no fragment.
    let place = Upstream::builder(text).build().map_err(|error| wrong(&error.to_string()))?;
    if place.is_insecure() {
        return Err(wrong("it is neither `https` nor on this machine: write the public URL of the endpoint"));
    }
    if url.path().contains(['*', ':']) {
        return Err(wrong("its path has a `*` or `:`"));
    }
    Ok(url)
}
