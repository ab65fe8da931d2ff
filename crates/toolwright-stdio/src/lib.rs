//! Serve a Toolwright toolset on stdin and stdout, as MCP clients start a server beside themselves.
//!
//! stdout is the protocol: nothing else may write to it. Logs belong on stderr.

use std::time::Duration;

use rmcp::ServiceExt;
use rmcp::service::{QuitReason, RunningService, ServerInitializeError};
use toolwright::Server;

/// How long calls in flight may take to finish after the client, or the person, asked the server to stop.
const DRAIN: Duration = Duration::from_secs(5);

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
/// A client that leaves, before it began a session or after, is a normal end.
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
    transport: (R, W),
    shutdown: impl Future<Output = ()>,
) -> Result<(), StdioError>
where
    R: tokio::io::AsyncRead + Send + Unpin + 'static,
    W: tokio::io::AsyncWrite + Send + Unpin + 'static,
{
    tokio::pin!(shutdown);
    let session = tokio::select! {
        session = server.serve(transport) => match session {
            Ok(session) => session,
            Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
            Err(error) => return Err(StdioError::Initialize(error.to_string())),
        },
        () = &mut shutdown => return Ok(()),
    };
    run(session, shutdown).await
}

async fn run<S>(
    session: RunningService<rmcp::RoleServer, S>,
    shutdown: impl Future<Output = ()>,
) -> Result<(), StdioError>
where
    S: rmcp::Service<rmcp::RoleServer>,
{
    let stop = session.cancellation_token();
    let ended = session.waiting();
    tokio::pin!(ended);
    let reason = tokio::select! {
        reason = &mut ended => reason,
        () = shutdown => {
            stop.cancel();
            match tokio::time::timeout(DRAIN, ended).await {
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
