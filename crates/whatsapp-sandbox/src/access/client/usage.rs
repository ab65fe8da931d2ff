//! How much each end user has sent today. It is stored, so that a restart gives nobody another day's worth.

use std::time::Duration;

use super::Visitor;
use crate::clock::Timestamp;
use crate::network::{Change, Refusal};
use crate::store::Sql as _;

const DAY_SECONDS: i64 = 86_400;

fn day(now: Timestamp) -> i64 {
    now.unix_seconds().div_euclid(DAY_SECONDS)
}

/// Counts one send, unless it is one too many: then it tells when the next day begins.
pub(crate) fn reserve(change: &Change<'_>, visitor: &Visitor) -> Result<Result<(), Duration>, Refusal> {
    let today = day(change.now);
    change.run("DELETE FROM client_usage WHERE day < ?1", (today,))?;
    let counted = change.run(
        "INSERT INTO client_usage (session, ephemeral_id, day, sends) VALUES (?1, ?2, ?3, 1)
         ON CONFLICT DO UPDATE SET sends = sends + 1 WHERE sends < ?4",
        (&visitor.session, &visitor.ephemeral_id, today, visitor.rules.max_daily),
    )?;
    if counted > 0 {
        return Ok(Ok(()));
    }
    let left = (today + 1) * DAY_SECONDS - change.now.unix_seconds();
    Ok(Err(Duration::from_secs(u64::try_from(left).unwrap_or(1))))
}

/// Takes a send back that was refused.
pub(crate) fn release(change: &Change<'_>, visitor: &Visitor) -> Result<(), Refusal> {
    change.run(
        "UPDATE client_usage SET sends = sends - 1 WHERE session = ?1 AND ephemeral_id = ?2 AND day = ?3 AND sends > 0",
        (&visitor.session, &visitor.ephemeral_id, day(change.now)),
    )?;
    Ok(())
}
