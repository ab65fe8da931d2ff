//! Progress while the API takes its time: a client that wants to know hears that its call goes on.

use std::time::Duration;

use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::{Peer, RoleServer};
use tokio::time::{Instant, interval_at};

use super::handler::Request;
use crate::{Context, Toolset};

/// How often it is told, if nothing else is said: well before a client gives up, and never in a call that is answered as
/// calls usually are.
pub(super) const USUAL: Duration = Duration::from_secs(5);

/// Does the work, and tells the client of this request at each interval for how long it has been going on, where it wants
/// to know and can be told anything before its answer; and what keeps the API from answering, as far as it says.
pub(super) async fn tell_while<T>(
    request: &Request,
    every: Duration,
    toolset: &Toolset,
    context: &Context,
    work: impl Future<Output = T>,
) -> T {
    let Some(token) = request.meta.get_progress_token().filter(|_| context.takes_notifications()) else {
        return work.await;
    };
    tokio::select! {
        biased;
        result = work => result,
        never = beat(&request.peer, token, every, toolset, context) => match never {},
    }
}

async fn beat(
    peer: &Peer<RoleServer>,
    token: ProgressToken,
    every: Duration,
    toolset: &Toolset,
    context: &Context,
) -> std::convert::Infallible {
    let began = Instant::now();
    let mut beats = interval_at(began + every, every);
    loop {
        beats.tick().await;
        let waited = began.elapsed();
        let mut params = ProgressNotificationParam::new(token.clone(), waited.as_secs_f64());
        let message = format!("waiting for the API, {} s so far", waited.as_secs());
        params.message = Some(match toolset.obstacle(context).await {
            Some(obstacle) => format!("{message}. {obstacle}"),
            None => message,
        });
        if let Err(error) = peer.notify_progress(params).await {
            tracing::debug!(%error, "the client could not be told of progress");
        }
    }
}
