//! Serving connections, and ending well.
//!
//! A server here outlives what strangers do to it: connections that are opened and left idle, requests that trickle in,
//! headers without end, more connections than there are files. Everything that waits for a client waits for a bounded
//! time, and everything that a client can make grow is bounded.

mod accept;
mod activity;
mod connection;
mod open_files;
mod readiness;
mod seldom;
mod watched;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::tls::Tls;

pub use readiness::Readiness;

use accept::accept;
use connection::Connections;
use seldom::Seldom;

/// How connections are served. Start from [`RunOptions::default`] and change what should be different.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Certificate and key, for HTTPS: plain HTTP.
    pub tls: Option<Tls>,
    /// How many connections are open at once: 20,000, or as many as the process may open files, less an eighth for its
    /// other needs. The soft limit of open files is raised to the hard one first. More connections wait to be accepted
    /// until others end; none are turned away, since those that only wait end soon.
    pub max_connections: usize,
    /// How long a connection may take until its first request, with all its headers, has arrived: 10 s. The handshake of
    /// TLS may take as long.
    pub header_timeout: Duration,
    /// How long a connection may be without a request after that: 75 s.
    pub idle_timeout: Duration,
    /// How large the headers of a request may be, in bytes: 32 KiB. At least 8 KiB.
    pub max_header_bytes: u32,
    /// How many headers a request may have over HTTP/1: 100.
    pub max_headers: usize,
    /// How many requests may be open at once on a connection of HTTP/2: 128.
    pub max_streams: u32,
    /// How long connections and requests are still accepted after [`Readiness`] has been taken back, so that whoever
    /// distributes requests can notice: no time.
    pub grace: Duration,
    /// How long requests in flight may take to end after that: 20 s.
    pub drain: Duration,
    /// Whether the server is ready for requests, for whoever asks.
    pub readiness: Readiness,
    /// Cancelled when no more requests are accepted: whatever would go on for as long as its client likes ends then.
    pub stop: CancellationToken,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            tls: None,
            max_connections: 20_000,
            header_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            max_header_bytes: 32 << 10,
            max_headers: 100,
            max_streams: 128,
            grace: Duration::ZERO,
            drain: Duration::from_secs(20),
            readiness: Readiness::default(),
            stop: CancellationToken::new(),
        }
    }
}

/// How many connections wait to be accepted, where the operating system keeps so many.
const BACKLOG: u32 = 4_096;

/// A listener whose queue holds a burst of connections. Port 0 is any that is free.
///
/// # Errors
/// The address is taken, or is not one of this machine's, or needs more rights.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that is started again takes up its port at once. Elsewhere this means something else.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves an application on a listener until `shutdown` ends, and then until what is in flight has ended too.
///
/// Every request carries [`ConnectInfo<SocketAddr>`](axum::extract::ConnectInfo). A client that goes away takes its
/// requests along: they are dropped where they are.
///
/// When `shutdown` ends: readiness is taken back; after `grace` the listener is closed and `stop` is cancelled; idle
/// connections are closed, others after their answer; what is left after `drain` is cut off.
pub async fn run(
    listener: TcpListener,
    app: Router,
    options: RunOptions,
    shutdown: impl Future<Output = ()>,
) {
    let most = open_files::room_for(options.max_connections);
    let places = Arc::new(Semaphore::new(most));
    let connections = Arc::new(Connections::new(app, &options));
    let tracker = TaskTracker::new();
    let reload = options.tls.clone().map(|tls| tokio::spawn(async move { tls.reload_on_change().await }));

    let closing = async {
        shutdown.await;
        options.readiness.end();
        tokio::time::sleep(options.grace).await;
    };
    tokio::pin!(closing);
    options.readiness.begin();
    let (mut full, mut failing) = (Seldom::default(), Seldom::default());
    loop {
        if places.available_permits() == 0 && full.is_due() {
            tracing::warn!(connections = most, "as many connections are open as there may be: more wait");
        }
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await.ok()?;
            Some((place, accept(&listener, &mut failing).await))
        };
        tokio::select! {
            () = &mut closing => break,
            next = next => {
                let Some((place, (stream, peer))) = next else { break };
                let connections = Arc::clone(&connections);
                tracker.spawn(async move {
                    connections.serve(stream, peer).await;
                    drop(place);
                });
            }
        }
    }
    drop(listener);
    options.stop.cancel();
    connections.finish();
    tracker.close();
    tracing::info!(connections = tracker.len(), "no more requests are accepted");
    if timeout(options.drain, tracker.wait()).await.is_err() {
        tracing::warn!(connections = tracker.len(), "requests still in flight are cut off");
        connections.cut_off();
        tracker.wait().await;
    }
    if let Some(reload) = reload {
        reload.abort();
    }
}
