//! Answers that are given again when a send is repeated under the same idempotency key.

use std::time::Duration;

use rusqlite::types::Type;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::network::{Change, Refusal, View};
use crate::store::Sql as _;

/// How long an answer is kept.
const LIFETIME: Duration = Duration::from_hours(24);
/// The most characters of a key.
const MAX_KEY: usize = 255;

/// JSON as it is compared: the same, in whatever order its fields stand.
pub(crate) fn canonical(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}

/// One request as far as repeating it is concerned.
#[derive(Clone, Debug)]
pub(crate) struct Repeatable {
    caller: String,
    key: String,
    request: [u8; 32],
}

impl Repeatable {
    /// A request of this caller under this idempotency key; `request` is all that must be the same.
    pub(crate) fn new(caller: &str, key: &str, request: &[u8]) -> Result<Self, Refusal> {
        if key.is_empty() || key.len() > MAX_KEY || !key.bytes().all(|it| it.is_ascii_graphic()) {
            return Err(Refusal::Invalid(format!(
                "the idempotency key must be 1 to {MAX_KEY} visible ASCII characters"
            )));
        }
        Ok(Self::under_any_key(caller, key, request))
    }

    /// The same under a key of which it is known that it is one.
    pub(crate) fn under_any_key(caller: &str, key: &str, request: &[u8]) -> Self {
        Self { caller: caller.to_owned(), key: key.to_owned(), request: Sha256::digest(request).into() }
    }

    /// The answer that the request got before. Another request under the same key is refused.
    pub(crate) fn earlier_answer(&self, view: &View<'_>) -> Result<Option<Value>, Refusal> {
        let sql = "SELECT request, answer FROM kept_answer
                    WHERE caller = ?1 AND key = ?2 AND created_at > ?3";
        let found: Option<([u8; 32], Value)> =
            view.first(sql, (&self.caller, &self.key, view.now.before(LIFETIME)), |row| {
                let answer: String = row.get(1)?;
                let answer = serde_json::from_str(&answer).map_err(|error| {
                    rusqlite::Error::FromSqlConversionFailure(1, Type::Text, error.into())
                })?;
                Ok((row.get(0)?, answer))
            })?;
        match found {
            Some((request, _)) if request != self.request => Err(Refusal::IdempotencyKeyReused),
            found => Ok(found.map(|(_, answer)| answer)),
        }
    }

    /// Keeps the answer for whoever repeats the request.
    pub(crate) fn record(&self, change: &Change<'_>, answer: &Value) -> Result<(), Refusal> {
        change.run("DELETE FROM kept_answer WHERE created_at <= ?1", (change.now.before(LIFETIME),))?;
        change.run(
            "INSERT OR REPLACE INTO kept_answer (caller, key, request, answer, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            (&self.caller, &self.key, self.request, answer.to_string(), change.now),
        )?;
        Ok(())
    }
}

/// Gives the answer that the request got before; if it is the first of its kind, does the work and keeps the answer in
/// the same transaction.
pub(crate) fn once(
    change: &Change<'_>,
    repeatable: Option<&Repeatable>,
    work: impl FnOnce() -> Result<Value, Refusal>,
) -> Result<Value, Refusal> {
    let Some(repeatable) = repeatable else { return work() };
    if let Some(answer) = repeatable.earlier_answer(change)? {
        return Ok(answer);
    }
    let answer = work()?;
    repeatable.record(change, &answer)?;
    Ok(answer)
}
