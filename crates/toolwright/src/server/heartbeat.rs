//! Progress while the API takes its time: a client that wants to know hears that its call goes on.

use std::time::Duration;

use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::{Peer, RoleServer};
use tokio::time::{Instant, interval_at};

use super::handler::Request;

/// How often it is told, if nothing else is said: well before a client gives up, and never in a call that is answered as
/// calls usually are.
pub(super) const USUAL: Duration = Duration::from_secs(5);

/// Does the work, and tells the client of this request at each interval for how long it has been going on, where it wants
/// to know. `takes` says whether it can be told anything before its answer.
pub(super) async fn tell_while<T>(
    request: &Request,
    every: Duration,
    takes: bool,
    work: impl Future<Output = T>,
) -> T {
    let Some(token) = request.meta.get_progress_token().filter(|_| takes) else {
        return work.await;
    };
    tokio::select! {
        biased;
        result = work => result,
        never = beat(&request.peer, token, every) => match never {},
    }
}

async fn beat(peer: &Peer<RoleServer>, token: ProgressToken, every: Duration) -> std::convert::Infallible {
    let began = Instant::now();
    let mut beats = interval_at(began + every, every);
    loop {
        beats.tick().await;
        let waited = began.elapsed();
        let mut params = ProgressNotificationParam::new(token.clone(), waited.as_secs_f64());
        params.message = Some(format!("waiting for the API, {} s so far", waited.as_secs()));
        if let Err(error) = peer.notify_progress(params).await {
            tracing::debug!(%error, "the client could not be told of progress");
        }
    }
}
