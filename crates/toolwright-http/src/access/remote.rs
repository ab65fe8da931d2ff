//! What is asked of the authorization server, over HTTP.

use std::time::Duration;

use serde_json::{Map, Value};
use toolwright::client::{
    CallContext, Captured, Credential, Failure, GenericOperation, GenericRequest, QueryStyle, RequestBody,
    StatusCode, Upstream, execute,
};
use url::{Position, Url};

use super::AccessError;

/// Callers wait for the answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// No set of keys and no token is nearly as large.
const MAX_BYTES: u64 = 512 << 10;

/// One address that is asked. Redirects are not followed, and nothing goes over a network in plain text.
#[derive(Debug, Clone)]
pub(super) struct Remote {
    upstream: Upstream,
    url: Url,
    what: &'static str,
}

/// Why there is no answer that can be used. The texts contain no body and no header.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum RemoteError {
    #[error("{0}")]
    Failure(#[from] Failure),
    #[error("{url} answered {status}")]
    Status { url: Url, status: StatusCode },
    #[error("{url} answered something that is no JSON object of the kind that is wanted: {wanted}")]
    Unusable { url: Url, wanted: &'static str },
    #[error("{0}")]
    Address(#[from] AccessError),
}

impl Remote {
    /// `what` says in messages and in the log what is asked there.
    pub(super) fn new(what: &'static str, url: &Url) -> Result<Self, AccessError> {
        let wrong = |reason: String| AccessError::Url { what, reason };
        let origin = &url[..Position::BeforePath];
        let upstream = Upstream::builder(origin)
            .timeout(TIMEOUT)
            .max_response_bytes(MAX_BYTES)
            .max_retries(1)
            .user_agent(concat!("toolwright-http/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| wrong(error.to_string()))?;
        if upstream.is_insecure() {
            return Err(wrong(
                "it is neither `https` nor on this machine, so that others could read or change \
                              what is sent"
                    .to_owned(),
            ));
        }
        Ok(Self { upstream, url: url.clone(), what })
    }

    /// Another address, on the same connections where it is of the same server.
    pub(super) fn sibling(&self, what: &'static str, url: &Url) -> Result<Self, AccessError> {
        if url[..Position::BeforePath] == self.url[..Position::BeforePath] {
            return Ok(Self { upstream: self.upstream.clone(), url: url.clone(), what });
        }
        Self::new(what, url)
    }

    /// A JSON document.
    pub(super) async fn get(&self) -> Result<Captured, RemoteError> {
        let request = self.request("GET");
        let captured = self.send(request, Credential::None).await?;
        if captured.status == StatusCode::OK {
            return Ok(captured);
        }
        Err(RemoteError::Status { url: self.shown(), status: captured.status })
    }

    /// The answer to a form, whatever its status.
    pub(super) async fn post(
        &self,
        form: Map<String, Value>,
        credential: Credential,
    ) -> Result<Captured, RemoteError> {
        self.send(self.request("POST").body(RequestBody::Form(form)), credential).await
    }

    /// The error of an answer that lacks something.
    pub(super) fn unusable(&self, wanted: &'static str) -> RemoteError {
        RemoteError::Unusable { url: self.shown(), wanted }
    }

    fn request(&self, method: &str) -> GenericRequest {
        let operation = GenericOperation::new(self.what, method, self.url.path());
        let request = GenericRequest::new(operation).header("Accept", "application/json");
        self.url.query_pairs().fold(request, |request, (name, value)| {
            request.query(&name, Value::from(&*value), QueryStyle::Repeated)
        })
    }

    async fn send(&self, request: GenericRequest, credential: Credential) -> Result<Captured, RemoteError> {
        let context = CallContext::new(self.upstream.clone(), credential);
        execute(&context, request).await;
        match context.outcome() {
            Some(outcome) => Ok(outcome?),
            None => Err(Failure::Cancelled.into()),
        }
    }

    /// The URL as messages have it.
    fn shown(&self) -> Url {
        let mut url = self.url.clone();
        url.set_query(None);
        url
    }
}
