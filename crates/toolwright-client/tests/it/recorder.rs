//! A transport that keeps every request and answers from a script.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use futures_util::future::{self, BoxFuture};
use reqwest::{Request, Response};
use toolwright_client::{CallContext, Credential, Failure, Transport, Upstream};

#[derive(Debug, Default)]
pub(crate) struct Recorder {
    requests: Mutex<Vec<Request>>,
    script: Mutex<VecDeque<Answer>>,
}

/// What comes of one attempt.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    Status(u16),
    Fails(Failure),
    Never,
}

impl Recorder {
    /// Answers in this order, and `204` when there is nothing left.
    pub(crate) fn new(script: &[Answer]) -> Arc<Self> {
        Arc::new(Self { requests: Mutex::default(), script: Mutex::new(script.iter().cloned().collect()) })
    }

    /// A context whose requests come here, as if to `base_url`.
    pub(crate) fn context(self: &Arc<Self>, base_url: &str, credential: Credential) -> CallContext {
        let upstream = Upstream::builder(base_url).transport(self.clone()).build().unwrap();
        CallContext::new(upstream, credential)
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().iter().map(|request| request.try_clone().unwrap()).collect()
    }

    /// The one request that was made.
    pub(crate) fn only_request(&self) -> Request {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests.remove(0)
    }
}

impl Transport for Recorder {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, Failure>> {
        self.requests.lock().unwrap().push(request);
        match self.script.lock().unwrap().pop_front().unwrap_or(Answer::Status(204)) {
            Answer::Status(status) => {
                let response = http::Response::builder().status(status).body("").unwrap();
                Box::pin(future::ready(Ok(response.into())))
            }
            Answer::Fails(failure) => Box::pin(future::ready(Err(failure))),
            Answer::Never => Box::pin(future::pending()),
        }
    }
}
