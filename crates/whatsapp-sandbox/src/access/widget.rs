//! Connect widgets: a page on which an end user links an account to a session that was made for it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::jwt;
use crate::network::session;
use crate::network::{Change, Refusal, View};
use crate::store::Sql as _;

/// How long a widget can be used.
const LIFE: Duration = Duration::from_mins(15);
/// Whom the tokens are for, so that none of another kind passes for one.
const AUDIENCE: &str = "widget";
/// How many characters of a session's name are drawn.
const DRAWN: usize = 8;

/// The ways of linking that a widget offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    All,
    Qr,
    Pairing,
    CloudApi,
}

/// A widget, as its token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Widget {
    aud: String,
    /// The session that it links.
    pub(crate) session: String,
    since: i64,
    pub(crate) mode: Mode,
    /// Where it leads when it is done.
    pub(crate) callback: Option<String>,
    exp: i64,
}

/// Why a widget's token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WidgetProblem {
    #[error("the token of the widget is invalid: it was not made here, or was changed")]
    Invalid,
    #[error("the token of the widget has expired: create another widget")]
    Expired,
    #[error("the session of the widget is gone: create another widget")]
    SessionGone,
}

/// Makes a session, starts it, and gives its name and the token of a widget that links it.
pub(crate) fn create(
    change: &Change<'_>,
    mode: Mode,
    callback: Option<String>,
) -> Result<(String, String), Refusal> {
    let drawn: String = change.entropy().token().to_ascii_lowercase().chars().take(DRAWN).collect();
    let session = session::create(change, &format!("widget-{drawn}"), None, None)?;
    if mode != Mode::CloudApi {
        session::start(change, &session.name)?;
    }
    let widget = Widget {
        aud: AUDIENCE.to_owned(),
        session: session.name.clone(),
        since: session.created_at.unix_millis(),
        mode,
        callback,
        exp: change.now.after(LIFE).unix_seconds(),
    };
    let token = jwt::sign(change, &widget)?;
    Ok((session.name, token))
}

/// The pairing code that waits to be typed, if there is one.
pub(crate) fn shown_code(view: &View<'_>, session: &str) -> Result<Option<String>, Refusal> {
    let sql = "SELECT pair_code FROM session WHERE name = ?1 AND pair_expires > ?2";
    Ok(view.first(sql, (session, view.now), |row| row.get(0))?.flatten())
}

/// The widget that a token belongs to, if it can be used now.
pub(crate) fn open(view: &View<'_>, token: &str) -> Result<Result<Widget, WidgetProblem>, Refusal> {
    let widget: Option<Widget> = jwt::read(view, token)?;
    let Some(widget) = widget.filter(|it| it.aud == AUDIENCE) else {
        return Ok(Err(WidgetProblem::Invalid));
    };
    if view.now.unix_seconds() >= widget.exp {
        return Ok(Err(WidgetProblem::Expired));
    }
    match session::get(view, &widget.session) {
        Ok(session) if session.created_at.unix_millis() == widget.since => Ok(Ok(widget)),
        Ok(_) | Err(Refusal::NoSession(_)) => Ok(Err(WidgetProblem::SessionGone)),
        Err(error) => Err(error),
    }
}
