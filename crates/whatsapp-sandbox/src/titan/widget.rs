//! The connect widget: a page on which an end user links an account.

use axum::extract::{Query, State};
use axum::response::IntoResponse as _;
use axum::routing::on;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use http::{StatusCode, Uri};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Titan;
use super::answer::{Answer, Problem, bare_created};
use super::routes::Route;
use crate::access::widget::{self, Mode, Widget};
use crate::jid::Jid;
use crate::network::session::{self, State as Phase};
use crate::network::{Change, Refusal, pairing};
use crate::rest::{Ask, Body};

mod page;

pub(super) const ROUTES: &[Route] = &[
    ("widget_create_session", |method| on(method, create)),
    ("widget_connect", |method| on(method, connect)),
];

/// Where the page is.
const CONNECT: &str = "/widget/connect";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Create {
    mode: Mode,
    callback_url: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Connect {
    token: String,
    phone_number: Option<String>,
}

/// What the page has to show.
#[derive(Debug, Default)]
struct Sight {
    /// The text of the QR code.
    qr: Option<String>,
    /// The pairing code that waits to be typed.
    code: Option<String>,
    /// The phone number, once the account is linked.
    linked: Option<String>,
}

/// The token of a page's address: each page has its own limit, whatever others ask without a key.
pub(super) fn calling(uri: &Uri) -> Option<String> {
    let query: Query<Connect> = Query::try_from_uri(uri).ok().filter(|_| uri.path() == CONNECT)?;
    Some(query.0.token.chars().take(64).collect())
}

/// The widget's address and token, and the session that it will link.
async fn create(State(titan): State<Titan>, Body(body): Body<Create>) -> Answer {
    let (session, token) =
        titan.network.change(move |change| widget::create(change, body.mode, body.callback_url)).await?;
    let url = format!("{}{CONNECT}?token={token}", titan.url);
    let made = json!({ "widgetUrl": url, "widgetToken": token, "session": session });
    Ok(bare_created(Map::from_iter([("success".to_owned(), Value::Bool(true)), ("data".to_owned(), made)])))
}

/// The page. The token in the address is the credential.
async fn connect(State(titan): State<Titan>, Ask(query): Ask<Connect>) -> Answer {
    let phone = query.phone_number.as_deref().map(Jid::parse).transpose().map_err(Refusal::from)?;
    let token = query.token.clone();
    let opened = titan
        .network
        .change(move |change| match widget::open(change, &token)? {
            Ok(widget) => look(change, &widget, phone.as_ref()).map(|sight| Ok((widget, sight))),
            Err(problem) => Ok(Err(problem)),
        })
        .await?;
    let (widget, sight) =
        opened.map_err(|problem| Problem::new(StatusCode::UNAUTHORIZED, problem.to_string()))?;
    let (html, policy) = page::render(&query.token, &widget, &sight);
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    Ok((headers, html).into_response())
}

/// What there is to show now. A session that has given up waiting begins again, since somebody is here to link it.
fn look(change: &Change<'_>, widget: &Widget, phone: Option<&Jid>) -> Result<Sight, Refusal> {
    let name = &widget.session;
    let mut session = session::get(change, name)?;
    if let Some(account) = session.account(change)? {
        return Ok(Sight { linked: Some(super::e164(&account.phone)), ..Sight::default() });
    }
    if widget.mode == Mode::CloudApi {
        return Ok(Sight::default());
    }
    if !session.state.is_running() {
        session = session::start(change, name)?;
    }
    if session.state != Phase::Pairing {
        return Ok(Sight::default());
    }
    let offers = |mode: Mode| widget.mode == mode || widget.mode == Mode::All;
    let code = match phone {
        Some(phone) if offers(Mode::Pairing) => Some(pairing::code(change, name, phone)?.text),
        _ => widget::shown_code(change, name)?,
    };
    let qr = if offers(Mode::Qr) { Some(pairing::qr(change, name)?) } else { None };
    Ok(Sight { qr, code, linked: None })
}
