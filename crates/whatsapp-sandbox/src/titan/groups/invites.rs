//! Invite links.

use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use titan_api_client::types;

use crate::jid::Jid;
use crate::network::Refusal;
use crate::network::group::{self, invite};
use crate::rest::{Ask, At, Body};
use crate::titan::Titan;
use crate::titan::answer::{Answer, data};

/// The invite to look at.
#[derive(Debug, Deserialize)]
pub(super) struct InviteQuery {
    code: String,
}

pub(super) async fn get(State(titan): State<Titan>, At((session, group)): At<(String, String)>) -> Answer {
    let jid = Jid::parse(&group).map_err(Refusal::from)?;
    let code = titan
        .read_as(session, move |view, me| {
            let group = group::of_member(view, me, &jid)?;
            invite::code(view, me, &group).map(str::to_owned)
        })
        .await?;
    Ok(data(render(&code)))
}

pub(super) async fn revoke(State(titan): State<Titan>, At((session, group)): At<(String, String)>) -> Answer {
    let jid = Jid::parse(&group).map_err(Refusal::from)?;
    let code = titan
        .change_as(session, move |change, me| {
            invite::revoke(change, me, &group::of_member(change, me, &jid)?)
        })
        .await?;
    Ok(data(render(&code)))
}

pub(super) async fn look(
    State(titan): State<Titan>,
    At(session): At<String>,
    Ask(query): Ask<InviteQuery>,
) -> Answer {
    let group = titan
        .read_as(session, move |view, me| super::render(view, &invite::look(view, me, &query.code)?, false))
        .await?;
    Ok(data(group))
}

pub(super) async fn join(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<types::JoinGroup>,
) -> Answer {
    let group = titan.change_as(session, move |change, me| invite::join(change, me, &body.code)).await?;
    Ok(data(json!({ "id": group.jid().to_string() })))
}

fn render(code: &str) -> Value {
    json!({ "code": code, "link": invite::link(code) })
}
