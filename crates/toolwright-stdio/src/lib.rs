//! Serve a Toolwright toolset on stdin and stdout, as MCP clients start a server beside themselves.
//!
//! stdout is the protocol: nothing else may write to it. Logs belong on stderr.
//!
//! Each line is one JSON-RPC message of at most [`MAX_LINE_BYTES`]. A line that cannot be used has an answer all the
//! same, and the session goes on:
//!
//! | Line | Answer |
//! | --- | --- |
//! | longer than the limit | -32600 with the `id` of the request |
//! | not JSON | -32700 without an `id` |
//! | JSON, but no JSON-RPC message | -32600, with an `id` where it is a request that has a usable one |
//! | a request with the `id` of one that has no answer yet | -32600 with that `id`; the first is answered too |
//! | empty, or a notification that nobody knows | none |

mod in_flight;
mod lines;
mod message;
mod request_id;
mod transport;

use std::time::Duration;

use rmcp::ServiceExt;
use rmcp::service::{QuitReason, RunningService, ServerInitializeError};
use tokio::sync::oneshot;
use toolwright::Server;
use transport::LineTransport;

pub use lines::MAX_LINE_BYTES;

/// How long calls in flight may go on after stdin has ended. A client has gone then, but a shell pipeline still waits
/// for the answers; clients that wait for the process give it about two seconds.
const GRACE: Duration = Duration::from_millis(1500);

/// How long calls may take to end after they were cancelled.
const WINDING_UP: Duration = Duration::from_secs(3);

/// Why serving ended other than by the client's leaving or by being asked to stop.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StdioError {
    /// The client's first message began no session.
    #[error("the client did not begin a session: {0}")]
    Initialize(String),
    /// The task that serves the session broke.
    #[error("the session broke: {0}")]
    Session(String),
}

/// Serves the process's own stdin and stdout until the client closes stdin or `shutdown` completes.
///
/// A client that leaves, before it began a session or after, is a normal end. Calls that are in flight then have a
/// second and a half to finish; those that have not are cancelled, upstream too, and answered with that. When `shutdown`
/// completes all are cancelled at once.
///
/// # Errors
/// The first message is no request that can begin a session, or the session's task panicked.
pub async fn serve(server: Server, shutdown: impl Future<Output = ()>) -> Result<(), StdioError> {
    serve_on(server, rmcp::transport::stdio_pipes(), shutdown).await
}

/// Serves any pair of a reader and a writer in the same way: a duplex pipe in a test, a socket.
///
/// # Errors
/// As [`serve`].
pub async fn serve_on<R, W>(
    server: Server,
    (input, output): (R, W),
    shutdown: impl Future<Output = ()>,
) -> Result<(), StdioError>
where
    R: tokio::io::AsyncRead + Send + Unpin + 'static,
    W: tokio::io::AsyncWrite + Send + Unpin + 'static,
{
    tokio::pin!(shutdown);
    let (transport, input_ended) = LineTransport::new(input, output);
    let session = tokio::select! {
        session = server.serve(transport) => match session {
            Ok(session) => session,
            Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
            Err(error) => return Err(StdioError::Initialize(error.to_string())),
        },
        () = &mut shutdown => return Ok(()),
    };
    let stop = async {
        tokio::select! {
            () = shutdown => {}
            () = grace(input_ended) => {}
        }
    };
    run(session, stop).await
}

/// Completes when no call should go on because the input has ended.
async fn grace(input_ended: oneshot::Receiver<()>) {
    // Whether it was sent or its sender is gone: there will be no more input.
    input_ended.await.ok();
    tokio::time::sleep(GRACE).await;
}

/// Waits for the session's end, and cancels its calls when `stop` completes.
async fn run<S>(
    session: RunningService<rmcp::RoleServer, S>,
    stop: impl Future<Output = ()>,
) -> Result<(), StdioError>
where
    S: rmcp::Service<rmcp::RoleServer>,
{
    let calls = session.cancellation_token();
    let ended = session.waiting();
    tokio::pin!(ended);
    let reason = tokio::select! {
        reason = &mut ended => reason,
        () = stop => {
            calls.cancel();
            match tokio::time::timeout(WINDING_UP, ended).await {
                Ok(reason) => reason,
                Err(_) => return Ok(()),
            }
        }
    };
    match reason {
        Ok(QuitReason::JoinError(error)) | Err(error) => Err(StdioError::Session(error.to_string())),
        Ok(_) => Ok(()),
    }
}
