//! Groups.

use axum::extract::State;
use axum::routing::on;
use serde_json::{Value, json};
use titan_api_client::types;

use super::answer::{Answer, created, data, success};
use super::routes::Route;
use super::{Titan, e164, send};
use crate::jid::{Jid, JidError};
use crate::network::group::member::{self, Action, Member, MemberResult, Rank};
use crate::network::group::{self, Group};
use crate::network::id::AccountId;
use crate::network::{Change, Refusal, View, account, picture};
use crate::rest::{At, Body};

mod invites;
mod members;

pub(super) const ROUTES: &[Route] = &[
    ("groups_list", |method| on(method, list)),
    ("groups_create", |method| on(method, create)),
    ("groups_get", |method| on(method, get)),
    ("groups_delete", |method| on(method, delete)),
    ("groups_leave", |method| on(method, leave)),
    ("groups_set_subject", |method| on(method, set_subject)),
    ("groups_set_description", |method| on(method, set_description)),
    ("groups_set_picture", |method| on(method, set_picture)),
    ("groups_get_invite_code", |method| on(method, invites::get)),
    ("groups_revoke_invite", |method| on(method, invites::revoke)),
    ("groups_join_info", |method| on(method, invites::look)),
    ("groups_join", |method| on(method, invites::join)),
    ("groups_get_participants", |method| on(method, members::list)),
    ("groups_add_participants", |method| on(method, members::add)),
    ("groups_remove_participants", |method| on(method, members::remove)),
    ("groups_promote", |method| on(method, members::promote)),
    ("groups_demote", |method| on(method, members::demote)),
];

async fn list(State(titan): State<Titan>, At(session): At<String>) -> Answer {
    let groups = titan
        .read_as(session, |view, me| {
            let groups = group::list(view, me)?.into_iter();
            groups.map(|group| render(view, &group, true)).collect::<Result<Vec<Value>, Refusal>>()
        })
        .await?;
    Ok(data(groups))
}

async fn create(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<types::CreateGroup>,
) -> Answer {
    let people = people(body.participants.iter().map(|it| it.as_str()))?;
    let group = titan
        .change_as(session, move |change, me| {
            let group = group::create(change, me, &body.name)?;
            let outcomes = member::apply(change, me, &group, Action::Add, &people)?;
            let mut fields = render(change, &group, true)?;
            let failed = outcomes.iter().filter(|it| it.result != MemberResult::Done);
            let failed: Vec<Value> = failed.map(|it| members::render(it, Action::Add)).collect();
            if !failed.is_empty() {
                fields["notAdded"] = failed.into();
            }
            Ok(fields)
        })
        .await?;
    Ok(created(group))
}

async fn get(State(titan): State<Titan>, At((session, group)): At<(String, String)>) -> Answer {
    let jid = Jid::parse(&group).map_err(Refusal::from)?;
    let group = titan
        .read_as(session, move |view, me| render(view, &group::of_member(view, me, &jid)?, true))
        .await?;
    Ok(data(group))
}

async fn delete(titan: State<Titan>, At((session, group)): At<(String, String)>) -> Answer {
    act(&titan, session, &group, group::delete).await
}

async fn leave(titan: State<Titan>, At((session, group)): At<(String, String)>) -> Answer {
    act(&titan, session, &group, member::leave).await
}

async fn set_subject(
    titan: State<Titan>,
    At((session, group)): At<(String, String)>,
    Body(body): Body<types::SetSubject>,
) -> Answer {
    act(&titan, session, &group, move |change, me, group| {
        group::set_subject(change, me, group, &body.subject)
    })
    .await
}

async fn set_description(
    titan: State<Titan>,
    At((session, group)): At<(String, String)>,
    Body(body): Body<types::SetDescription>,
) -> Answer {
    act(&titan, session, &group, move |change, me, group| {
        group::set_description(change, me, group, &body.description)
    })
    .await
}

async fn set_picture(
    titan: State<Titan>,
    At((session, group)): At<(String, String)>,
    Body(body): Body<types::SetPicture>,
) -> Answer {
    let source = send::source(body.url, body.base64)?;
    act(&titan, session, &group, move |change, me, group| {
        let id = picture::keep(change, &source)?;
        group::set_picture(change, me, group, &id)
    })
    .await
}

/// Does something to a group that the account is in, and answers that it is done.
async fn act(
    titan: &Titan,
    session: String,
    group: &str,
    work: impl FnOnce(&Change<'_>, AccountId, &Group) -> Result<(), Refusal> + Send + 'static,
) -> Answer {
    let jid = Jid::parse(group).map_err(Refusal::from)?;
    titan
        .change_as(session, move |change, me| work(change, me, &group::of_member(change, me, &jid)?))
        .await?;
    Ok(success())
}

fn people<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Vec<Jid>, Refusal> {
    Ok(texts.map(Jid::parse).collect::<Result<_, JidError>>()?)
}

/// A group; strangers do not see who is in it.
fn render(view: &View<'_>, group: &Group, with_members: bool) -> Result<Value, Refusal> {
    let mut fields = json!({
        "id": group.jid().to_string(),
        "name": group.name,
        "description": group.description,
        "ownerLid": account::by_id(view, group.owner)?.lid_jid().to_string(),
        "createdAt": group.created_at.unix_seconds(),
        "announce": group.announce,
        "locked": group.locked,
    });
    if with_members {
        fields["participants"] = member::list(view, group.id)?.iter().map(render_member).collect();
    }
    Ok(fields)
}

fn render_member(member: &Member) -> Value {
    json!({
        "phoneNumber": e164(&member.account.phone),
        "lid": member.account.lid_jid().to_string(),
        "isAdmin": member.rank >= Rank::Admin,
        "isSuperAdmin": member.rank == Rank::Superadmin,
    })
}
