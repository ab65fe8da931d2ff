//! One request on its way: deadline, cancellation, repetitions, and what is logged of it.

use std::time::Duration;

use reqwest::Request;
use tokio::time::{Instant, sleep, sleep_until};
use tracing::debug;

use crate::{CallContext, Captured, Failure, Upstream, body, operation::Route, retry};

/// Sends a prepared request, repeats it where that is safe, and reads the answer, all until the deadline or until the
/// caller gives up. Either ends the request by dropping it, which closes its connection.
pub(crate) async fn perform(
    context: &CallContext,
    // Boxed, as each of the futures from here on has it inside.
    request: Box<Request>,
    route: Route<'_>,
) -> Result<Captured, Failure> {
    let started = Instant::now();
    let upstream = context.upstream();
    let deadline = context.deadline().map_or(started + upstream.limits().timeout, Instant::from_std);
    let mut attempts = 0;
    let result = tokio::select! {
        biased;
        () = context.cancelled() => Err(Failure::Cancelled),
        () = sleep_until(deadline) => {
            Err(Failure::Timeout { after: whole_milliseconds(deadline.saturating_duration_since(started)) })
        }
        result = attempt(upstream, request, route, deadline, &mut attempts) => result,
    };
    log(route, &result, attempts, started);
    result
}

/// Sends the request until an answer is worth giving back, or repeating it would end after the deadline.
async fn attempt(
    upstream: &Upstream,
    mut request: Box<Request>,
    route: Route<'_>,
    deadline: Instant,
    attempts: &mut u32,
) -> Result<Captured, Failure> {
    let repeatable = retry::is_repeatable(&request, route, upstream.limits().repeat_writes);
    loop {
        *attempts += 1;
        let may_repeat = repeatable && *attempts <= upstream.limits().max_retries;
        let spare = if may_repeat { request.try_clone().map(Box::new) } else { None };
        let result = send(upstream, request, *attempts).await;
        let pause = retry::pause(*attempts);
        let worthwhile = retry::is_transient(&result) && Instant::now() + pause < deadline;
        let Some(again) = spare.filter(|_| worthwhile) else { return result };
        sleep(pause).await;
        request = again;
    }
}

async fn send(upstream: &Upstream, request: Box<Request>, attempts: u32) -> Result<Captured, Failure> {
    let mut response = upstream.transport().send(*request).await?;
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let body = body::read(response, upstream.limits().max_response_bytes, upstream.base_url()).await?;
    Ok(Captured { status, headers, body, attempts })
}

/// One event for each request. Neither headers nor bodies, nor the path with its arguments, reach the log.
fn log(route: Route<'_>, result: &Result<Captured, Failure>, attempts: u32, started: Instant) {
    let Route { id, method, template, .. } = route;
    let elapsed = started.elapsed();
    match result {
        Ok(Captured { status, .. }) => {
            let status = status.as_u16();
            debug!(operation = id, method, template, status, ?elapsed, attempts, "answered");
        }
        Err(failure) => debug!(operation = id, method, template, %failure, ?elapsed, attempts, "failed"),
    }
}

/// The time that a message names. A deadline is a moment, so that what is left of it is never a round number.
fn whole_milliseconds(time: Duration) -> Duration {
    Duration::from_millis(u64::try_from(time.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX))
}
