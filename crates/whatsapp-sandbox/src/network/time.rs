//! The network's clock as it is set and moved by hand. Where it stands, and the seed of all chance, are kept in the
//! database, so that they outlive the process.

use std::sync::atomic::Ordering;
use std::time::Duration;

use rusqlite::Connection;

use super::{Change, Network, Refusal, agenda};
use crate::clock::Timestamp;
use crate::store::Sql as _;

/// The instant at which a manual clock stands, in milliseconds; not there for the system's.
const CLOCK: &str = "clock";
/// The seed, as the signed number with the same bits; not there if the operating system gave it.
const SEED: &str = "seed";

impl Network {
    /// Goes on where an earlier process has left clock and seed. What is given here wins, and is kept.
    pub(crate) async fn resume(&self, clock: Option<Timestamp>, seed: Option<u64>) -> Result<(), Refusal> {
        self.change(move |change| {
            let kept = kept(change, CLOCK)?.map(Timestamp::from_unix_millis);
            change.place_clock(kept)?;
            if clock.is_some() {
                change.set_clock(clock)?;
            }
            let seed = match seed {
                Some(seed) => Some(seed),
                None => self::kept(change, SEED)?.map(i64::cast_unsigned),
            };
            change.resume_seed(seed)
        })
        .await
    }

    /// Takes the time from a clock that stands at this instant, or from the system's. If that is earlier than before,
    /// what is due or ends at an instant does so earlier by as much: nothing waits longer than it would have.
    pub(crate) async fn set_clock(&self, at: Option<Timestamp>) -> Result<(), Refusal> {
        let _alone = self.0.advancing.lock().await;
        self.change(move |change| change.set_clock(at)).await?;
        self.0.moved.send_modify(|moves| *moves += 1);
        // What the pulse waits for is nearer or farther now.
        self.0.woken.notify_one();
        Ok(())
    }

    /// Lets this much time pass on a manual clock: what falls due in it happens one by one, each at its instant, before
    /// this returns. The system's clock cannot be moved.
    pub(crate) async fn advance(&self, by: Duration) -> Result<Timestamp, Refusal> {
        // Each of several that come at once lets its own time pass.
        let _alone = self.0.advancing.lock().await;
        let target = self.as_of(self.generation(), self.pass(by)).await?;
        self.0.moved.send_modify(|moves| *moves += 1);
        self.0.woken.notify_one();
        Ok(target)
    }

    async fn pass(&self, by: Duration) -> Result<Timestamp, Refusal> {
        let target = self.0.clock.stands_at().ok_or(Refusal::SystemClock)?.after(by);
        if target > Timestamp::LAST {
            return Err(Refusal::EndOfTime(Timestamp::LAST));
        }
        let step = move |change: &Change<'_>| {
            let next = agenda::run_due(change)?.filter(|next| *next <= target);
            // Never back: what could not be done in one step is due already.
            change.place_clock(Some(next.unwrap_or(target).max(change.now)))?;
            Ok(next.is_none())
        };
        while !self.change(step).await? {}
        let passed = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.0.advanced.fetch_add(passed, Ordering::SeqCst);
        Ok(target)
    }

    /// How long this network has lived: real time, and what its clock was advanced by. It goes on while a manual clock
    /// stands still, and never back.
    pub(crate) fn age(&self) -> Duration {
        self.0.begun.elapsed() + Duration::from_millis(self.0.advanced.load(Ordering::SeqCst))
    }

    /// Draws from this seed from now on, or from one that the operating system gives.
    pub(crate) async fn reseed(&self, seed: Option<u64>) -> Result<(), Refusal> {
        self.change(move |change| change.reseed(seed)).await
    }
}

impl Change<'_> {
    /// Makes the clock one that stands at this instant, or the system's, and nothing else.
    pub(crate) fn place_clock(&self, at: Option<Timestamp>) -> Result<(), Refusal> {
        keep(self, CLOCK, at.map(Timestamp::unix_millis))?;
        self.world.clock.set(at);
        Ok(())
    }

    fn set_clock(&self, at: Option<Timestamp>) -> Result<(), Refusal> {
        let before = self.world.clock.now();
        self.place_clock(at)?;
        let back = before.since(self.world.clock.now());
        if back.is_zero() { Ok(()) } else { bring_forward(self, back) }
    }

    /// Draws from this seed from its beginning, or from one that the operating system gives.
    pub(crate) fn reseed(&self, seed: Option<u64>) -> Result<(), Refusal> {
        keep(self, SEED, seed.map(u64::cast_signed))?;
        self.entropy().reseed(seed);
        Ok(())
    }

    /// Draws from this seed, but not what was drawn from it before in the state that there is.
    pub(crate) fn resume_seed(&self, seed: Option<u64>) -> Result<(), Refusal> {
        keep(self, SEED, seed.map(u64::cast_signed))?;
        let events = "SELECT seq FROM sqlite_sequence WHERE name = 'event'";
        let events: i64 = self.first(events, (), |row| row.get(0))?.unwrap_or(0);
        self.entropy().resume(seed, events.unsigned_abs());
        Ok(())
    }
}

/// Time has gone back: everything that waits for an instant waits for one that is earlier by as much.
fn bring_forward(change: &Change<'_>, by: Duration) -> Result<(), Refusal> {
    let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    for sql in [
        "UPDATE agenda SET due_at = due_at - ?1",
        "UPDATE delivery SET due_at = due_at - ?1 WHERE due_at IS NOT NULL",
        "UPDATE fault SET until = until - ?1",
        "UPDATE activity SET until = until - ?1",
        "UPDATE session SET until = until - ?1, pair_expires = pair_expires - ?1",
    ] {
        change.run(sql, (by,))?;
    }
    Ok(())
}

fn kept(connection: &Connection, name: &str) -> Result<Option<i64>, Refusal> {
    Ok(connection.first("SELECT value FROM world WHERE name = ?1", (name,), |row| row.get(0))?)
}

fn keep(change: &Change<'_>, name: &str, value: Option<i64>) -> Result<(), Refusal> {
    match value {
        Some(value) => {
            change.run("INSERT OR REPLACE INTO world (name, value) VALUES (?1, ?2)", (name, value))?
        }
        None => change.run("DELETE FROM world WHERE name = ?1", (name,))?,
    };
    Ok(())
}
