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

/// The oldest command of each session, by its number; the oldest of all first.
pub(crate) fn first_of_each(view: &View<'_>) -> Result<Vec<(i64, String)>, Refusal> {
    // From one session to the next by the index, however many commands wait in each.
    let sql = "WITH RECURSIVE waiting (session) AS (
                   SELECT min(session) FROM command
                   UNION ALL
                   SELECT (SELECT min(session) FROM command WHERE session > waiting.session)
                     FROM waiting WHERE waiting.session IS NOT NULL)
               SELECT (SELECT min(number) FROM command WHERE command.session = waiting.session) AS number, session
                 FROM waiting WHERE session IS NOT NULL ORDER BY number";
    Ok(view.all(sql, (), |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// The command with this number, if it still waits.
pub(crate) fn get(view: &View<'_>, number: i64) -> Result<Option<Command>, Refusal> {
    let sql = "SELECT id, caller, session, method, target, repeat_key, body FROM command WHERE number = ?1";
    Ok(view.first(sql, (number,), Command::from_row)?)
}

/// Forgets a command that was carried out.
pub(crate) fn forget(change: &Change<'_>, id: &str) -> Result<(), Refusal> {
    change.run("DELETE FROM command WHERE id = ?1", (id,))?;
    Ok(())
}
