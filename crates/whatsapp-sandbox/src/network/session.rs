//! Sessions: linked devices, each of which acts for one account.

use rusqlite::{Connection, Row};

use super::account::{self, Account};
use super::id::AccountId;
use super::{Change, Refusal};
use crate::clock::Timestamp;
use crate::store::Sql as _;

mod connection;
mod state;

pub(crate) use connection::link;
pub(super) use connection::{connect, drop_out, enter, reconnect, sync};
pub(crate) use state::State;

use connection::{begin, went_offline};

/// A session as it is now.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) name: String,
    pub(crate) account: Option<AccountId>,
    pub(crate) state: State,
    /// Counts the starts and stops.
    pub(crate) epoch: i64,
    pub(crate) proxy: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// How much of the account's history has come, in percent: 100 unless it has just been linked.
    pub(crate) synced: u8,
    /// When the state ends by itself, if it is one that does and this is known.
    pub(crate) until: Option<Timestamp>,
}

const COLUMNS: &str = "name, account_id, state, epoch, proxy, created_at, updated_at, synced, until";

impl Session {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            name: row.get(0)?,
            account: row.get(1)?,
            state: row.get(2)?,
            epoch: row.get(3)?,
            proxy: row.get(4)?,
            created_at: row.get(5)?,
            updated_at: row.get(6)?,
            synced: row.get(7)?,
            until: row.get(8)?,
        })
    }

    /// The account that the session acts for, if it is paired.
    pub(crate) fn account(&self, connection: &Connection) -> Result<Option<Account>, Refusal> {
        self.account.map(|id| account::by_id(connection, id)).transpose()
    }
}

/// All sessions, by name; those that belong to an API come last.
pub(crate) fn list(connection: &Connection) -> Result<Vec<Session>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM session ORDER BY name GLOB '_*', name");
    Ok(connection.all(&sql, (), Session::from_row)?)
}

/// The session with this name.
pub(crate) fn get(connection: &Connection, name: &str) -> Result<Session, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM session WHERE name = ?1");
    connection
        .first(&sql, (name,), Session::from_row)?
        .ok_or_else(|| Refusal::NoSession(name.chars().take(64).collect()))
}

/// The sessions that are linked to an account, by name.
pub(crate) fn of_account(connection: &Connection, account: AccountId) -> Result<Vec<Session>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM session WHERE account_id = ?1 ORDER BY name");
    Ok(connection.all(&sql, (account,), Session::from_row)?)
}

/// The account that a connected session acts for: what every operation on `WhatsApp` itself begins with.
pub(crate) fn acting(connection: &Connection, name: &str) -> Result<AccountId, Refusal> {
    let session = get(connection, name)?;
    match (session.state, session.account) {
        (State::Connected, Some(account)) => Ok(account),
        (state, _) => Err(Refusal::NotConnected {
            session: session.name,
            state: state.description(),
            remedy: state.remedy(session.account.is_some()),
        }),
    }
}

/// Makes a session, which is not started yet.
pub(crate) fn create(
    change: &Change<'_>,
    name: &str,
    proxy: Option<&str>,
    config: Option<&str>,
) -> Result<Session, Refusal> {
    if !is_name(name) {
        return Err(Refusal::Invalid(
            "`name` must be 1 to 64 letters, digits, dots, dashes or underscores, and begin with a letter or digit"
                .to_owned(),
        ));
    }
    check_proxy(proxy)?;
    if change.any("SELECT 1 FROM session WHERE name = ?1", (name,))? {
        return Err(Refusal::SessionExists(name.to_owned()));
    }
    change.run(
        "INSERT INTO session (name, state, proxy, config, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        (name, State::New, proxy, config, change.now),
    )?;
    get(change, name)
}

/// Makes a session for an API that has one device of its own, which is not started yet. Its name begins with an
/// underscore, so that [`create`] cannot make it.
pub(crate) fn reserve(change: &Change<'_>, name: &str) -> Result<Session, Refusal> {
    change.run(
        "INSERT INTO session (name, state, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)",
        (name, State::New, change.now),
    )?;
    get(change, name)
}

/// Whether a session of this name belongs to an API that has one device of its own, and not to whoever names sessions.
pub(crate) fn is_reserved(name: &str) -> bool {
    name.starts_with('_')
}

/// Replaces the proxy or the configuration; `None` leaves it as it is.
pub(crate) fn configure(
    change: &Change<'_>,
    name: &str,
    proxy: Option<&str>,
    config: Option<&str>,
) -> Result<Session, Refusal> {
    check_proxy(proxy)?;
    change.run(
        "UPDATE session SET proxy = coalesce(?2, proxy), config = coalesce(?3, config), updated_at = ?4 WHERE name = ?1",
        (name, proxy, config, change.now),
    )?;
    get(change, name)
}

/// Removes a session and unlinks it from its account.
pub(crate) fn delete(change: &Change<'_>, name: &str) -> Result<(), Refusal> {
    if get(change, name)?.account.is_some() {
        log_out(change, name)?;
    }
    change.run("DELETE FROM session WHERE name = ?1", (name,))?;
    // Another session of that name counts its epochs from the beginning.
    change.run("DELETE FROM agenda WHERE task ->> 'session' = ?1", (name,))?;
    Ok(())
}

/// Starts a session: a paired one connects, another one shows a QR code. A running session stays as it is.
pub(crate) fn start(change: &Change<'_>, name: &str) -> Result<Session, Refusal> {
    let session = get(change, name)?;
    if session.state.is_running() {
        return Ok(session);
    }
    begin(change, &session)
}

/// Stops a session; it stays paired.
pub(crate) fn stop(change: &Change<'_>, name: &str) -> Result<Session, Refusal> {
    let session = get(change, name)?;
    // A banned session would come back by itself.
    if !session.state.is_running() && session.state != State::TemporaryBan {
        return Ok(session);
    }
    drop_out(change, &session, State::ManualStop, None)
}

/// Stops a session if need be, and starts it again.
pub(crate) fn restart(change: &Change<'_>, name: &str) -> Result<Session, Refusal> {
    let session = get(change, name)?;
    let session = begin(change, &session)?;
    went_offline(change, session.account)?;
    Ok(session)
}

/// Unlinks a session from its account; it has to be paired again.
pub(crate) fn log_out(change: &Change<'_>, name: &str) -> Result<Session, Refusal> {
    let session = get(change, name)?;
    let Some(account) = session.account else { return Err(Refusal::NotPaired(name.to_owned())) };
    // Whoever was linked is told first.
    drop_out(change, &session, State::LoggedOut, None)?;
    change.run("UPDATE session SET account_id = NULL, synced = 100 WHERE name = ?1", (name,))?;
    went_offline(change, Some(account))?;
    get(change, name)
}

/// The session, if it is still in the state and epoch that a task was made for.
pub(super) fn still(
    connection: &Connection,
    name: &str,
    epoch: i64,
    state: State,
) -> Result<Option<Session>, Refusal> {
    match get(connection, name) {
        Ok(session) if session.epoch == epoch && session.state == state => Ok(Some(session)),
        Ok(_) | Err(Refusal::NoSession(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|it: char| it.is_ascii_alphanumeric())
        && name.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'.' | b'_' | b'-'))
}

fn check_proxy(proxy: Option<&str>) -> Result<(), Refusal> {
    let fits = |text: &str| {
        url::Url::parse(text)
            .is_ok_and(|url| url.has_host() && matches!(url.scheme(), "http" | "https" | "socks5"))
    };
    if proxy.is_none_or(fits) {
        Ok(())
    } else {
        Err(Refusal::Invalid(
            "`proxy` must be a URL that begins with http://, https:// or socks5://".to_owned(),
        ))
    }
}
