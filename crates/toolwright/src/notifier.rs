//! Tells clients that a list or a resource has changed.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use rmcp::RoleServer;
use rmcp::model::{
    PromptListChangedNotification, ResourceListChangedNotification, ResourceUpdatedNotification,
    ResourceUpdatedNotificationParam, ServerNotification, ToolListChangedNotification,
};
use rmcp::service::{Peer, SubscriptionSink};

/// How many changes are kept for streams that are about to begin.
const KEPT: usize = 32;

/// Tells the clients of a server that something has changed. Cloning is cheap, and clones tell the same clients.
///
/// A server tells only what it has said that it would: give it the notifier with
/// [`Server::with_notifier`](crate::Server::with_notifier). Clients of the handshake era are told in their sessions,
/// those of the stateless era on the streams that they opened for it.
///
/// Nothing here waits for a client. One that has left a thousand messages unread is not told.
///
/// ```
/// use toolwright::Notifier;
///
/// let notifier = Notifier::new();
/// notifier.resource_updated("notes://1");
/// ```
#[derive(Clone, Default)]
pub struct Notifier(Arc<Mutex<Listeners>>);

#[derive(Default)]
struct Listeners {
    sessions: Vec<Session>,
    streams: Vec<(u64, SubscriptionSink)>,
    next_stream: u64,
    /// The latest changes, the last of which is the one before `next_change`.
    recent: VecDeque<ServerNotification>,
    next_change: u64,
}

/// A client of the handshake era.
struct Session {
    connection: u64,
    peer: Peer<RoleServer>,
    /// The resources of whose changes it wants to be told.
    resources: BTreeSet<String>,
}

impl Notifier {
    /// A notifier that nobody listens to yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The list of tools has changed, for one caller at least.
    pub fn tools_changed(&self) {
        self.tell(ToolListChangedNotification::default().into(), |_| true);
    }

    /// The list of prompts has changed, for one caller at least.
    pub fn prompts_changed(&self) {
        self.tell(PromptListChangedNotification::default().into(), |_| true);
    }

    /// The list of resources has changed, for one caller at least.
    pub fn resources_changed(&self) {
        self.tell(ResourceListChangedNotification::default().into(), |_| true);
    }

    /// Reading this resource gives something else than before.
    pub fn resource_updated(&self, uri: &str) {
        let params = ResourceUpdatedNotificationParam::new(uri);
        let notification = ResourceUpdatedNotification::new(params).into();
        self.tell(notification, |session| session.resources.contains(uri));
    }

    /// Adds a client of the handshake era.
    pub(crate) fn join(&self, connection: u64, peer: &Peer<RoleServer>) {
        self.listeners().session(connection, peer);
    }

    /// Adds a resource to those of whose changes the client is told.
    pub(crate) fn subscribe(&self, connection: u64, peer: &Peer<RoleServer>, uri: String) {
        self.listeners().session(connection, peer).resources.insert(uri);
    }

    /// Takes a resource out again.
    pub(crate) fn unsubscribe(&self, connection: u64, uri: &str) {
        let mut listeners = self.listeners();
        for session in listeners.sessions.iter_mut().filter(|session| session.connection == connection) {
            session.resources.remove(uri);
        }
    }

    /// The number of the next change.
    pub(crate) fn next_change(&self) -> u64 {
        self.listeners().next_change
    }

    /// Adds a stream of the stateless era, until the value that is returned is dropped. It is told first what has changed
    /// since the change of this number.
    pub(crate) fn listen(&self, stream: SubscriptionSink, since: u64) -> Listening {
        let mut listeners = self.listeners();
        let missed = usize::try_from(listeners.next_change.saturating_sub(since)).unwrap_or(KEPT);
        for change in listeners.recent.iter().skip(listeners.recent.len().saturating_sub(missed)) {
            enqueue(stream.send(change.clone()));
        }
        let id = listeners.next_stream;
        listeners.next_stream += 1;
        listeners.streams.push((id, stream));
        Listening { notifier: self.clone(), id }
    }

    fn tell(&self, notification: ServerNotification, wants: impl Fn(&Session) -> bool) {
        let mut listeners = self.listeners();
        for session in listeners.sessions.iter().filter(|session| wants(session)) {
            enqueue(session.peer.send_notification(notification.clone()));
        }
        // A stream knows itself what it may be told.
        for (_, stream) in &listeners.streams {
            enqueue(stream.send(notification.clone()));
        }
        if listeners.recent.len() == KEPT {
            listeners.recent.pop_front();
        }
        listeners.recent.push_back(notification);
        listeners.next_change += 1;
    }

    fn listeners(&self) -> MutexGuard<'_, Listeners> {
        // Nothing that holds the lock leaves it half written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Polled once, a notification stands in the queue of its connection, or has no place there and is given up. Without a
/// budget for this task's turn, which would end a long list of clients early.
fn enqueue<E>(sent: impl Future<Output = Result<(), E>>) {
    let _ = tokio::task::unconstrained(sent).now_or_never();
}

impl Listeners {
    /// The session of a connection, after those that have ended are gone.
    fn session(&mut self, connection: u64, peer: &Peer<RoleServer>) -> &mut Session {
        self.sessions.retain(|session| !session.peer.is_transport_closed());
        let index = self.sessions.iter().position(|session| session.connection == connection);
        let index = index.unwrap_or_else(|| {
            let resources = BTreeSet::new();
            self.sessions.push(Session { connection, peer: peer.clone(), resources });
            self.sessions.len() - 1
        });
        &mut self.sessions[index]
    }
}

/// A stream is told of changes as long as this lives.
pub(crate) struct Listening {
    notifier: Notifier,
    id: u64,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.notifier.listeners().streams.retain(|(id, _)| *id != self.id);
    }
}

impl fmt::Debug for Notifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listeners = self.listeners();
        formatter
            .debug_struct("Notifier")
            .field("sessions", &listeners.sessions.len())
            .field("streams", &listeners.streams.len())
            .finish()
    }
}
