//! Sessions that nobody uses leave the memory, and come back when they are used again.
//!
//! A session that is open takes some 70 kB: a task, its channels and caches. Clients keep sessions for hours and use them for
//! minutes. What it takes to open one again, the parameters of its `initialize`, stands in what replicas share, whence
//! `rmcp` restores it on the next request, here or elsewhere.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use futures_util::{Stream, StreamExt as _};
use rmcp::model::{ClientJsonRpcMessage, ClientRequest, ServerJsonRpcMessage};
use rmcp::transport::WorkerTransport;
use rmcp::transport::streamable_http_server::session::local::{
    LocalSessionManager, LocalSessionManagerError, LocalSessionWorker,
};
use rmcp::transport::streamable_http_server::session::{
    RestoreOutcome, ServerSseMessage, SessionId, SessionManager,
};
use tokio::time::Instant;

use crate::shared::SharedState;

/// How long a session with subscriptions, or a level of logging, is kept without a use: they are lost when it is parked.
const WITH_STATE: Duration = Duration::from_hours(1);
/// How often is looked for sessions to park, at most.
const ROUND: Duration = Duration::from_secs(5);
/// How long it may take until a replica notices that a session was ended on another.
const ENDED_ELSEWHERE: Duration = Duration::from_secs(5);

/// The sessions of the handshake era in this process: those in use, and when each was used last.
pub(super) struct ParkingSessions {
    open: LocalSessionManager,
    uses: Mutex<HashMap<SessionId, Use>>,
    shared: Arc<dyn SharedState>,
    /// How long a session is kept without a use.
    park_after: Duration,
    rounds: OnceLock<()>,
    this: Weak<Self>,
}

/// How a session was last used.
struct Use {
    last: Instant,
    /// When it was last known not to be ended on another replica.
    known: Instant,
    /// Each answer or stream that is open holds one more of these.
    streams: Arc<()>,
    has_state: bool,
}

impl Use {
    fn new() -> Self {
        let now = Instant::now();
        Self { last: now, known: now, streams: Arc::new(()), has_state: false }
    }

    fn is_over(&self, park_after: Duration) -> bool {
        let kept = if self.has_state { WITH_STATE.max(park_after) } else { park_after };
        Arc::strong_count(&self.streams) == 1 && self.last.elapsed() >= kept
    }
}

/// An answer or a stream of a session that is open. The session was used last when it ends.
struct InUse {
    _stream: Arc<()>,
    id: SessionId,
    sessions: Weak<ParkingSessions>,
}

impl Drop for InUse {
    fn drop(&mut self) {
        if let Some(sessions) = self.sessions.upgrade()
            && let Some(used) = sessions.uses().get_mut(&self.id)
        {
            used.last = Instant::now();
        }
    }
}

impl ParkingSessions {
    /// Sessions are parked when they have not been used for this long.
    pub(super) fn new(shared: Arc<dyn SharedState>, park_after: Duration) -> Arc<Self> {
        Arc::new_cyclic(|this| {
            let mut open = LocalSessionManager::default();
            // A session ends here by being parked or closed, and never under a stream that waits for events.
            open.session_config.keep_alive = None;
            let uses = Mutex::default();
            Self { open, uses, shared, park_after, rounds: OnceLock::new(), this: this.clone() }
        })
    }

    /// How many sessions are in memory.
    pub(super) async fn count(&self) -> usize {
        self.open.sessions.read().await.len()
    }

    fn uses(&self) -> MutexGuard<'_, HashMap<SessionId, Use>> {
        self.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a session is used now.
    fn used(&self, id: &SessionId) -> InUse {
        let mut uses = self.uses();
        let it = uses.entry(id.clone()).or_insert_with(Use::new);
        it.last = Instant::now();
        InUse { _stream: Arc::clone(&it.streams), id: id.clone(), sessions: self.this.clone() }
    }

    /// Keeps the session from being parked for as long as the stream is there.
    fn hold<S: Stream>(&self, id: &SessionId, stream: S) -> impl Stream<Item = S::Item> + use<S> {
        let in_use = self.used(id);
        stream.inspect(move |_| {
            let _ = &in_use;
        })
    }

    /// Begins the rounds with the first session, since only then there is surely a runtime to do them.
    fn begin_rounds(&self) {
        self.rounds.get_or_init(|| {
            let (this, round) = (self.this.clone(), ROUND.min(self.park_after / 4));
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(round).await;
                    let Some(sessions) = this.upgrade() else { return };
                    sessions.park_unused().await;
                }
            });
        });
    }

    async fn park_unused(&self) {
        let unused: Vec<SessionId> = {
            let mut uses = self.uses();
            uses.extract_if(|_, used| used.is_over(self.park_after)).map(|(id, _)| id).collect()
        };
        for id in &unused {
            self.drop_open(id).await;
        }
        if !unused.is_empty() {
            tracing::debug!(sessions = unused.len(), "parked");
        }
    }

    /// Ends a session in this process only.
    async fn drop_open(&self, id: &SessionId) {
        if let Err(error) = self.open.close_session(id).await {
            tracing::debug!(%error, "a session had ended by itself");
        }
    }

    /// Whether another replica was told to end the session. Asked seldom, so that it costs next to nothing.
    async fn is_ended_elsewhere(&self, id: &SessionId) -> bool {
        {
            let mut uses = self.uses();
            let Some(it) = uses.get_mut(id) else { return false };
            if it.known.elapsed() < ENDED_ELSEWHERE {
                return false;
            }
            it.known = Instant::now();
        }
        self.shared.is_session_ended(id).await
    }
}

impl SessionManager for ParkingSessions {
    type Error = LocalSessionManagerError;
    type Transport = WorkerTransport<LocalSessionWorker>;

    async fn create_session(&self) -> Result<(SessionId, Self::Transport), Self::Error> {
        self.begin_rounds();
        let (id, transport) = self.open.create_session().await?;
        self.used(&id);
        Ok((id, transport))
    }

    async fn initialize_session(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<ServerJsonRpcMessage, Self::Error> {
        self.open.initialize_session(id, message).await
    }

    async fn has_session(&self, id: &SessionId) -> Result<bool, Self::Error> {
        if !self.open.has_session(id).await? {
            return Ok(false);
        }
        if self.is_ended_elsewhere(id).await {
            self.close_session(id).await?;
            return Ok(false);
        }
        self.used(id);
        Ok(true)
    }

    async fn close_session(&self, id: &SessionId) -> Result<(), Self::Error> {
        self.uses().remove(id);
        self.open.close_session(id).await
    }

    async fn create_stream(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        if leaves_state(&message)
            && let Some(used) = self.uses().get_mut(id)
        {
            used.has_state = true;
        }
        let stream = self.open.create_stream(id, message).await?;
        Ok(self.hold(id, stream))
    }

    async fn accept_message(&self, id: &SessionId, message: ClientJsonRpcMessage) -> Result<(), Self::Error> {
        self.open.accept_message(id, message).await
    }

    async fn create_standalone_stream(
        &self,
        id: &SessionId,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        let stream = self.open.create_standalone_stream(id).await?;
        Ok(self.hold(id, stream))
    }

    async fn resume(
        &self,
        id: &SessionId,
        last_event_id: String,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        let stream = self.open.resume(id, last_event_id).await?;
        Ok(self.hold(id, stream))
    }

    async fn restore_session(&self, id: SessionId) -> Result<RestoreOutcome<Self::Transport>, Self::Error> {
        self.begin_rounds();
        self.used(&id);
        self.open.restore_session(id).await
    }
}

/// Whether the server remembers something of a message for as long as the session is open.
fn leaves_state(message: &ClientJsonRpcMessage) -> bool {
    let ClientJsonRpcMessage::Request(request) = message else { return false };
    matches!(request.request, ClientRequest::SubscribeRequest(_) | ClientRequest::SetLevelRequest(_))
}
