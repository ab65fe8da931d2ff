//! What client tokens of a session may do.

use rusqlite::{Connection, Row};

use crate::network::{Change, Refusal, session};
use crate::store::Sql as _;

/// The mode in which a token reaches the one chat that it was made for.
const ONE_CONVERSATION: &str = "conversation";
/// The mode in which a token reaches every chat.
const ANY: &str = "any";

/// The rules of a session.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// Whom tokens may write to. Of a mode that is not known here, nobody.
    pub(crate) recipient_mode: String,
    /// Separated by commas; none if empty.
    pub(crate) allowed_actions: String,
    /// Requests a minute and end user; 0 for no limit.
    pub(crate) rate_limit: u32,
    /// Sends a day and end user; 0 for no limit.
    pub(crate) max_daily: u32,
    /// Separated by commas; all if empty.
    pub(crate) allowed_origins: String,
    pub(crate) enabled: bool,
}

/// Whom a token reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The chat that it was made for.
    OneChat,
    Everyone,
    /// The mode is not known here.
    Nobody,
}

impl Rules {
    /// Whether the rules allow the action.
    pub(crate) fn allow(&self, action: &str) -> bool {
        listed(&self.allowed_actions).any(|it| it == action)
    }

    /// Whether a page of this origin may use the tokens; `None` for what is no page.
    pub(crate) fn allow_origin(&self, origin: Option<&str>) -> bool {
        let mut allowed = listed(&self.allowed_origins).peekable();
        allowed.peek().is_none()
            || origin.is_some_and(|origin| allowed.any(|it| it.eq_ignore_ascii_case(origin)))
    }

    /// Whom tokens may write to.
    pub(crate) fn reach(&self) -> Reach {
        match self.recipient_mode.as_str() {
            ONE_CONVERSATION => Reach::OneChat,
            ANY => Reach::Everyone,
            _ => Reach::Nobody,
        }
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            recipient_mode: row.get(0)?,
            allowed_actions: row.get(1)?,
            rate_limit: row.get(2)?,
            max_daily: row.get(3)?,
            allowed_origins: row.get(4)?,
            enabled: row.get(5)?,
        })
    }
}

fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|it| !it.is_empty())
}

/// The rules of a session, if it has any.
pub(super) fn find(connection: &Connection, session: &str) -> Result<Option<Rules>, Refusal> {
    let sql = "SELECT recipient_mode, allowed_actions, rate_limit, max_daily, allowed_origins, enabled
                 FROM client_rules WHERE session = ?1";
    Ok(connection.first(sql, (session,), Rules::from_row)?)
}

/// The rules of a session.
pub(crate) fn get(connection: &Connection, session: &str) -> Result<Rules, Refusal> {
    session::get(connection, session)?;
    find(connection, session)?.ok_or_else(|| Refusal::NoClientRules(session.to_owned()))
}

/// Replaces the rules of a session.
pub(crate) fn set(change: &Change<'_>, session: &str, rules: &Rules) -> Result<(), Refusal> {
    session::get(change, session)?;
    change.run(
        "INSERT OR REPLACE INTO client_rules VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            session,
            &rules.recipient_mode,
            &rules.allowed_actions,
            rules.rate_limit,
            rules.max_daily,
            &rules.allowed_origins,
            rules.enabled,
        ),
    )?;
    Ok(())
}

/// Deletes the rules of a session, after which its tokens may do nothing.
pub(crate) fn delete(change: &Change<'_>, session: &str) -> Result<(), Refusal> {
    get(change, session)?;
    change.run("DELETE FROM client_rules WHERE session = ?1", (session,))?;
    Ok(())
}
