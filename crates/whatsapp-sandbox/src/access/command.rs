//! Requests that were accepted to be carried out later. They are stored, so a restart loses none; each is carried out
//! under an idempotency key, so none is carried out twice.

use rusqlite::Row;

use crate::network::{Change, Refusal, View};
use crate::store::Sql as _;

/// A request to be carried out.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    /// The id that comes back with the outcome.
    pub(crate) id: String,
    /// Who asked, as limits and kept answers name the caller.
    pub(crate) caller: String,
    pub(crate) session: String,
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// The idempotency key.
    pub(crate) repeat_key: String,
    pub(crate) body: Vec<u8>,
}

impl Command {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            caller: row.get(1)?,
            session: row.get(2)?,
            method: row.get(3)?,
            target: row.get(4)?,
            repeat_key: row.get(5)?,
            body: row.get(6)?,
        })
    }
}

/// An id for a command.
pub(crate) fn new_id(change: &Change<'_>) -> String {
    format!("cmd-{}", change.entropy().token())
}

/// Keeps a command.
pub(crate) fn accept(change: &Change<'_>, command: &Command) -> Result<(), Refusal> {
    change.run(
        "INSERT INTO command (id, caller, session, method, target, repeat_key, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            &command.id,
            &command.caller,
            &command.session,
            &command.method,
            &command.target,
            &command.repeat_key,
            &command.body,
        ),
    )?;
    Ok(())
}

/// The oldest command.
pub(crate) fn next(view: &View<'_>) -> Result<Option<Command>, Refusal> {
    let sql =
        "SELECT id, caller, session, method, target, repeat_key, body FROM command ORDER BY number LIMIT 1";
    Ok(view.first(sql, (), Command::from_row)?)
}

/// Forgets a command that was carried out.
pub(crate) fn forget(change: &Change<'_>, id: &str) -> Result<(), Refusal> {
    change.run("DELETE FROM command WHERE id = ?1", (id,))?;
    Ok(())
}
