//! What the network will do by itself. The entries are in the database, so they outlive the process.

use std::time::{Duration, Instant};

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fault::Restriction;
use super::id::{AccountId, ConversationId, MessageId};
use super::reply::Reply;
use super::{Change, Refusal, call, fault, pairing, people, presence, receipt, reply, session};
use crate::clock::Timestamp;
use crate::store::Sql as _;

/// The most entries that one transaction works through.
const BATCH: u32 = 64;
/// How long one transaction may go on before it lets others write.
const TURN: Duration = Duration::from_micros(500);

/// One thing to do. A session's tasks carry the epoch in which they were made and lapse when it has passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub(crate) enum Task {
    /// The QR code on show expires: a new one, or the end of the attempt.
    RotateQr { session: String, epoch: i64 },
    /// The simulated phone scans the QR code or enters the pairing code.
    PlayPhone { session: String, epoch: i64 },
    /// A paired session reaches the network.
    Connect { session: String, epoch: i64 },
    /// The server has a message: pending becomes sent.
    Accept { message: MessageId },
    /// A message reaches the recipients who can be reached.
    Deliver { message: MessageId },
    /// More of what was waiting for an account reaches it.
    CatchUp { account: AccountId },
    /// The simulated people among the recipients read a message.
    Read { message: MessageId },
    /// The echo contact answers a message.
    Echo { message: MessageId, by: AccountId },
    /// A simulated person listens to a voice message.
    Play { message: MessageId, by: AccountId },
    /// An account answers a message as its rules say.
    Reply { message: MessageId, by: AccountId, reply: Reply },
    /// The next part of an account's history reaches a session.
    Sync { session: String, epoch: i64 },
    /// An account has not written for a while, and is not shown as writing any more.
    EndActivity { account: AccountId, conversation: ConversationId },
    /// A restriction of an account ends.
    EndRestriction { account: AccountId, kind: Restriction },
    /// A call that nobody answers stops ringing.
    EndRinging { call: String },
    /// What a companion of the network has to do.
    Companion { name: String, work: Value },
}

impl ToSql for Task {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(self)
            .map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

impl FromSql for Task {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map_err(FromSqlError::other)
    }
}

/// Does some of what is due, oldest first, and tells when the next entry is. A task that fails is undone and logged, one
/// that cannot be read is logged and removed; neither holds up the others.
pub(super) fn run_due(change: &Change<'_>) -> Result<Option<Timestamp>, Refusal> {
    let due: Vec<(i64, String)> = change.all(
        "SELECT id, task FROM agenda WHERE due_at <= ?1 ORDER BY due_at, id LIMIT ?2",
        (change.now, BATCH),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let begun = Instant::now();
    for (id, task) in due {
        if begun.elapsed() > TURN {
            break;
        }
        change.run("DELETE FROM agenda WHERE id = ?1", (id,))?;
        let task: Task = match serde_json::from_str(&task) {
            Ok(task) => task,
            Err(error) => {
                tracing::error!(task, %error, "an entry of the agenda cannot be read; it was removed");
                continue;
            }
        };
        change.run("SAVEPOINT task", ())?;
        if let Err(error) = perform(change, &task) {
            tracing::warn!(?task, %error, "the simulated network could not do a task");
            change.run("ROLLBACK TO task", ())?;
        }
        change.run("RELEASE task", ())?;
    }
    Ok(change.first("SELECT min(due_at) FROM agenda", (), |row| row.get(0))?.flatten())
}

fn perform(change: &Change<'_>, task: &Task) -> Result<(), Refusal> {
    match task {
        Task::RotateQr { session, epoch } => pairing::rotate(change, session, *epoch),
        Task::PlayPhone { session, epoch } => pairing::play_phone(change, session, *epoch),
        Task::Connect { session, epoch } => session::connect(change, session, *epoch),
        Task::Accept { message } => receipt::accept(change, *message),
        Task::Deliver { message } => receipt::deliver(change, *message),
        Task::CatchUp { account } => receipt::deliver_backlog(change, *account),
        Task::Read { message } => people::read(change, *message),
        Task::Echo { message, by } => people::echo(change, *message, *by),
        Task::Play { message, by } => people::play(change, *message, *by),
        Task::Reply { message, by, reply } => reply::perform(change, *message, *by, reply),
        Task::Sync { session, epoch } => session::sync(change, session, *epoch),
        Task::EndActivity { account, conversation } => {
            presence::end_activity(change, *account, *conversation)
        }
        Task::EndRestriction { account, kind } => fault::end(change, *account, *kind),
        Task::EndRinging { call } => call::end_ringing(change, call),
        Task::Companion { name, work } => change.let_perform(name, work),
    }
}
