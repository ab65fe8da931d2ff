//! Servers on raw sockets, for what no HTTP library would send.

use std::future::Future;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

/// Hands every connection to `handle` after the head of its first request was read. Returns the base URL.
pub(crate) async fn serve<F>(handle: impl Fn(TcpStream) -> F + Send + 'static) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            if read_head(&mut connection).await {
                tokio::spawn(handle(connection));
            }
        }
    });
    base_url
}

/// Sends these bytes on every connection and closes it.
pub(crate) async fn answering(bytes: &'static [u8]) -> String {
    serve(move |mut connection| async move {
        connection.write_all(bytes).await.unwrap();
        connection.shutdown().await.unwrap();
    })
    .await
}

/// Never answers its first connection. `asked` fires when the request is there, `closed` when the client has gone.
pub(crate) struct Silent {
    pub(crate) base_url: String,
    pub(crate) asked: oneshot::Receiver<()>,
    pub(crate) closed: oneshot::Receiver<()>,
}

pub(crate) async fn silent() -> Silent {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let ((tell_asked, asked), (tell_closed, closed)) = (oneshot::channel(), oneshot::channel());
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        assert!(read_head(&mut connection).await);
        tell_asked.send(()).unwrap();
        let left = connection.read(&mut [0; 64]).await;
        assert!(matches!(left, Ok(0) | Err(_)), "the client sent more: {left:?}");
        tell_closed.send(()).unwrap();
    });
    Silent { base_url, asked, closed }
}

async fn read_head(connection: &mut TcpStream) -> bool {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match connection.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return false,
        }
    }
    true
}
