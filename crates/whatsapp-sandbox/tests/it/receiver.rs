//! A webhook's target on loopback, which keeps what it gets.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpListener;

use crate::api::eventually;

/// What a target got.
#[derive(Clone, Debug)]
pub(crate) struct Delivered {
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Bytes,
    pub(crate) body: Value,
    /// What was answered.
    pub(crate) status: StatusCode,
}

/// A target that answers as it is told.
pub(crate) struct Receiver {
    pub(crate) url: String,
    log: Arc<Mutex<Vec<Delivered>>>,
}

impl Receiver {
    /// Answers 200.
    pub(crate) async fn start() -> Self {
        Self::answering(|_| StatusCode::OK).await
    }

    /// Answers with a status that may depend on what came before, this request included.
    pub(crate) async fn answering(
        answer: impl Fn(&[Delivered]) -> StatusCode + Clone + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let log = Arc::<Mutex<Vec<Delivered>>>::default();
        let kept = Arc::clone(&log);
        let router = Router::new().fallback(move |headers: HeaderMap, body: Bytes| {
            let (bytes, body) = (body.clone(), serde_json::from_slice(&body).unwrap());
            let mut log = kept.lock().unwrap();
            log.push(Delivered { headers, bytes, body, status: StatusCode::OK });
            let status = answer(&log);
            log.last_mut().unwrap().status = status;
            async move { status }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, log }
    }

    pub(crate) fn all(&self) -> Vec<Delivered> {
        self.log.lock().unwrap().clone()
    }

    /// The bodies of one kind of event.
    pub(crate) fn bodies(&self, event: &str) -> Vec<Value> {
        self.all().into_iter().map(|it| it.body).filter(|it| it["event"] == event).collect()
    }

    /// The first event of this kind that is what one waits for.
    pub(crate) async fn event(&self, event: &str, enough: impl Fn(&Value) -> bool) -> Value {
        eventually(&format!("{event}, got {:?}", self.names()), || async {
            self.bodies(event).into_iter().find(|it| enough(it))
        })
        .await
    }

    fn names(&self) -> Vec<Value> {
        self.all().into_iter().map(|it| it.body["event"].clone()).collect()
    }
}

/// The first signature of these bytes under this key.
pub(crate) fn signed(key: &str, bytes: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(bytes);
    let hex: Vec<String> = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={}", hex.concat())
}
