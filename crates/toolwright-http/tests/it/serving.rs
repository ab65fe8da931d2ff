//! A server to talk to, and raw connections to it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use toolwright_http::run::{Readiness, RunOptions, listen, run};

/// Longer than anything here takes, on a machine that has much else to do.
pub(crate) const LONG: Duration = Duration::from_mins(1);

pub(crate) struct Serving {
    pub(crate) address: SocketAddr,
    pub(crate) readiness: Readiness,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

pub(crate) fn serve(app: Router, options: RunOptions) -> Serving {
    let listener = listen(([127, 0, 0, 1], 0).into()).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, readiness) = (CancellationToken::new(), options.readiness.clone());
    let task = tokio::spawn(run(listener, app, options, stop.clone().cancelled_owned()));
    Serving { address, readiness, stop, task }
}

impl Serving {
    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// A connection on which this has been sent.
    pub(crate) async fn send(&self, request: impl AsRef<[u8]>) -> TcpStream {
        let mut stream = self.connect().await;
        stream.write_all(request.as_ref()).await.unwrap();
        stream
    }

    /// The whole answer to a request on a connection of its own.
    pub(crate) async fn get(&self, path: &str) -> String {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        rest(self.send(request).await).await
    }

    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    pub(crate) async fn ended(self) {
        timeout(LONG, self.task).await.expect("the server does not end").unwrap();
    }
}

/// What comes until the connection ends. A reset is an end too.
pub(crate) async fn rest(mut stream: TcpStream) -> String {
    let mut read = Vec::new();
    let end = timeout(LONG, stream.read_to_end(&mut read)).await.expect("the connection does not end");
    if let Err(error) = end {
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}");
    }
    String::from_utf8_lossy(&read).into_owned()
}

/// Reads up to the end of the answer of [`hello`], on a connection that is kept.
pub(crate) async fn hello_again(stream: &mut TcpStream) {
    let mut read = Vec::new();
    while !read.ends_with(b"served") {
        let byte = timeout(LONG, stream.read_u8()).await.expect("no answer");
        read.push(byte.unwrap());
    }
    assert!(read.starts_with(b"HTTP/1.1 200 OK"), "{}", read.escape_ascii());
}

pub(crate) fn hello() -> Router {
    Router::new().route("/", get(async || "served"))
}

/// Waits until something is so.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(timeout(LONG, waiting).await.is_ok(), "{what}");
}

/// Tells that it was dropped.
#[derive(Clone, Default)]
pub(crate) struct Flag(Arc<AtomicBool>);

pub(crate) struct RaisedOnDrop(Flag);

impl Flag {
    pub(crate) fn raised_on_drop(&self) -> RaisedOnDrop {
        RaisedOnDrop(self.clone())
    }

    pub(crate) fn raise(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_raised(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) async fn raised(&self, what: &str) {
        until(what, async || self.is_raised()).await;
    }
}

impl Drop for RaisedOnDrop {
    fn drop(&mut self) {
        self.0.raise();
    }
}

impl AsRef<[u8]> for RaisedOnDrop {
    /// More than the buffers of any connection hold.
    fn as_ref(&self) -> &[u8] {
        static ZEROS: [u8; 64 << 20] = [0; 64 << 20];
        &ZEROS
    }
}
