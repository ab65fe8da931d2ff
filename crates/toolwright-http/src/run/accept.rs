//! Accepting connections, whatever comes in between.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpListener, TcpStream};

use super::Seldom;

/// How long to wait when the process has no file, or no memory, for another connection.
const RECOVER: Duration = Duration::from_millis(200);

/// After how long without a word TCP asks whether the client is still there, and how often it asks again.
const KEEP_ALIVE: (Duration, Duration) = (Duration::from_mins(1), Duration::from_secs(15));

/// For how long the client may leave what is sent unacknowledged, or unread.
#[cfg(any(target_os = "android", target_os = "linux"))]
const UNREAD: Duration = Duration::from_mins(2);

/// The next connection. Failures pass: those of one connection concern no other, and where files or memory are short the
/// connection waits until some are free.
pub(super) async fn accept(listener: &TcpListener, failing: &mut Seldom) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                prepare(&stream);
                return (stream, peer);
            }
            Err(error) if is_of_one_connection(error.kind()) => {}
            Err(error) => {
                if failing.is_due() {
                    tracing::error!(%error, "connections cannot be accepted now");
                }
                tokio::time::sleep(RECOVER).await;
            }
        }
    }
}

fn is_of_one_connection(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionAborted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset)
}

/// Events are sent at once, and clients that are gone without a word are found out.
fn prepare(stream: &TcpStream) {
    let socket = SockRef::from(stream);
    let keep_alive = TcpKeepalive::new().with_time(KEEP_ALIVE.0).with_interval(KEEP_ALIVE.1);
    let prepared = socket.set_tcp_nodelay(true).and_then(|()| socket.set_tcp_keepalive(&keep_alive));
    #[cfg(any(target_os = "android", target_os = "linux"))]
    let prepared = prepared.and_then(|()| socket.set_tcp_user_timeout(Some(UNREAD)));
    if let Err(error) = prepared {
        tracing::debug!(%error, "a connection could not be set up");
    }
}
