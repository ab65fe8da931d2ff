//! Tokens of end users: minted for one session, checked with every request.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::rules::{self, Reach, Rules};
use crate::access::jwt;
use crate::clock::Timestamp;
use crate::jid::Jid;
use crate::network::{Change, Refusal, View, account, session};

/// What every client token begins with.
pub(crate) const PREFIX: &str = "titan_ct_";
/// Whom the tokens are for, so that none of another kind passes for one.
const AUDIENCE: &str = "client";

/// A token to be minted.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) session: String,
    /// The caller's own id for the end user.
    pub(crate) ephemeral_id: String,
    /// The chat that the token is for; needed where the rules bind tokens to one.
    pub(crate) chat: Option<Jid>,
    pub(crate) life: Duration,
}

/// An end user with a token.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) session: String,
    pub(crate) ephemeral_id: String,
    pub(crate) rules: Rules,
    chat: Option<Jid>,
}

/// Why a token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TokenProblem {
    #[error("the client token is invalid: it was not minted here, or was changed")]
    Invalid,
    #[error("the client token has expired: mint another one")]
    Expired,
    #[error("the client token was minted for a session that is gone")]
    SessionGone,
    #[error("the client rules of the session are gone or disabled, so its client tokens open nothing")]
    Off,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    aud: String,
    session: String,
    /// When the session was created: another session of the same name is not meant.
    since: i64,
    sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    chat: Option<String>,
    iat: i64,
    exp: i64,
    jti: String,
}

impl Visitor {
    /// What the end user is called where limits are counted and answers are kept.
    pub(crate) fn name(&self) -> String {
        format!("client/{}/{}", self.session, self.ephemeral_id)
    }

    /// Whether the token reaches a chat. A person is the same under phone number and LID.
    pub(crate) fn reaches(&self, view: &View<'_>, chat: &Jid) -> Result<bool, Refusal> {
        Ok(match (self.rules.reach(), &self.chat) {
            (Reach::Everyone, _) => true,
            (Reach::OneChat, Some(own)) if own == chat => true,
            (Reach::OneChat, Some(own)) => {
                let (own, other) = (person(view, own)?, person(view, chat)?);
                own.is_some() && own == other
            }
            (Reach::OneChat, None) | (Reach::Nobody, _) => false,
        })
    }
}

fn person(view: &View<'_>, jid: &Jid) -> Result<Option<crate::network::id::AccountId>, Refusal> {
    match jid {
        Jid::Phone(_) | Jid::Lid(_) => Ok(account::find(view, jid)?.map(|it| it.id)),
        _ => Ok(None),
    }
}

/// Mints a token, and tells when it ends. The session must have rules that are enabled.
pub(crate) fn mint(change: &Change<'_>, order: &Order) -> Result<(String, Timestamp), Refusal> {
    let session = session::get(change, &order.session)?;
    let Some(rules) = rules::find(change, &session.name)?.filter(|it| it.enabled) else {
        return Err(Refusal::ClientTokensOff(session.name));
    };
    if rules.reach() == Reach::OneChat && order.chat.is_none() {
        return Err(Refusal::ChatWanted(session.name));
    }
    let ends = change.now.after(order.life);
    let claims = Claims {
        aud: AUDIENCE.to_owned(),
        session: session.name,
        since: session.created_at.unix_millis(),
        sub: order.ephemeral_id.clone(),
        chat: order.chat.as_ref().map(Jid::to_string),
        iat: change.now.unix_seconds(),
        exp: ends.unix_seconds(),
        jti: change.entropy().token(),
    };
    Ok((format!("{PREFIX}{}", jwt::sign(change, &claims)?), ends))
}

/// The end user whom a token belongs to, if it opens anything now.
pub(crate) fn verify(view: &View<'_>, token: &str) -> Result<Result<Visitor, TokenProblem>, Refusal> {
    let claims: Option<Claims> = match token.strip_prefix(PREFIX) {
        Some(token) => jwt::read(view, token)?,
        None => None,
    };
    let Some(claims) = claims.filter(|it| it.aud == AUDIENCE) else {
        return Ok(Err(TokenProblem::Invalid));
    };
    if view.now.unix_seconds() >= claims.exp {
        return Ok(Err(TokenProblem::Expired));
    }
    match session::get(view, &claims.session) {
        Ok(session) if session.created_at.unix_millis() == claims.since => {}
        Ok(_) | Err(Refusal::NoSession(_)) => return Ok(Err(TokenProblem::SessionGone)),
        Err(error) => return Err(error),
    }
    let Some(rules) = rules::find(view, &claims.session)?.filter(|it| it.enabled) else {
        return Ok(Err(TokenProblem::Off));
    };
    let chat = claims.chat.as_deref().and_then(|it| Jid::parse(it).ok());
    Ok(Ok(Visitor { session: claims.session, ephemeral_id: claims.sub, rules, chat }))
}
