//! An API that takes requests and never answers them.

use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};

use crate::process::soon;

pub(crate) struct SilentApi {
    listener: TcpListener,
}

impl SilentApi {
    pub(crate) async fn start() -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.expect("a free port") }
    }

    /// The flag that makes a server use this API.
    pub(crate) fn flag(&self) -> String {
        format!("--base-url=http://{}", self.listener.local_addr().expect("an address"))
    }

    /// Waits for a request: from then on a call is under way.
    pub(crate) async fn request(&self) -> TcpStream {
        soon(async {
            let (mut stream, _) = self.listener.accept().await.expect("a connection");
            let read = stream.read(&mut [0; 1024]).await.expect("a request");
            assert!(read > 0, "the connection closed before the request");
            stream
        })
        .await
    }
}

/// Waits until the other side has closed the connection.
pub(crate) async fn closed(mut stream: TcpStream) {
    soon(async { while stream.read(&mut [0; 1024]).await.is_ok_and(|read| read > 0) {} }).await;
}
