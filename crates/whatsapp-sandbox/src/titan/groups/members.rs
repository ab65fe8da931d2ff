//! Members of groups.

use axum::extract::State;
use serde_json::{Value, json};
use titan_api_client::types;

use crate::jid::Jid;
use crate::network::group::invite;
use crate::network::group::member::{self, Action, Outcome};
use crate::network::{Refusal, group};
use crate::rest::{At, Body};
use crate::titan::Titan;
use crate::titan::answer::{Answer, Problem, data};

pub(super) async fn list(State(titan): State<Titan>, At((session, group)): At<(String, String)>) -> Answer {
    let jid = Jid::parse(&group).map_err(Refusal::from)?;
    let members = titan
        .read_as(session, move |view, me| member::list(view, group::of_member(view, me, &jid)?.id))
        .await?;
    Ok(data(members.iter().map(super::render_member).collect::<Vec<_>>()))
}

pub(super) async fn add(
    titan: State<Titan>,
    At((session, group)): At<(String, String)>,
    Body(body): Body<types::ParticipantList>,
) -> Answer {
    apply(&titan, session, &group, Action::Add, &body).await
}

pub(super) async fn remove(
    titan: State<Titan>,
    At((session, group)): At<(String, String)>,
    Body(body): Body<types::ParticipantList>,
) -> Answer {
    apply(&titan, session, &group, Action::Remove, &body).await
}

pub(super) async fn promote(
    titan: State<Titan>,
    At((session, group)): At<(String, String)>,
    Body(body): Body<types::ParticipantList>,
) -> Answer {
    apply(&titan, session, &group, Action::Promote, &body).await
}

pub(super) async fn demote(
    titan: State<Titan>,
    At((session, group)): At<(String, String)>,
    Body(body): Body<types::ParticipantList>,
) -> Answer {
    apply(&titan, session, &group, Action::Demote, &body).await
}

async fn apply(
    titan: &Titan,
    session: String,
    group: &str,
    action: Action,
    body: &types::ParticipantList,
) -> Answer {
    if body.participants.is_empty() {
        return Err(Problem::invalid("`participants` must name at least one person"));
    }
    let jid = Jid::parse(group).map_err(Refusal::from)?;
    let people = super::people(body.participants.iter().map(|it| it.as_str()))?;
    let outcomes = titan
        .change_as(session, move |change, me| {
            let group = group::of_member(change, me, &jid)?;
            member::apply(change, me, &group, action, &people)
        })
        .await?;
    Ok(data(outcomes.iter().map(|outcome| render(outcome, action)).collect::<Vec<_>>()))
}

/// What became of one person.
pub(super) fn render(outcome: &Outcome, action: Action) -> Value {
    let done = match action {
        Action::Add => "added",
        Action::Remove => "removed",
        Action::Promote => "made an admin",
        Action::Demote => "no admin any more",
    };
    let mut fields = json!({
        "jid": outcome.jid.to_string(),
        "status": outcome.result.code(),
        "message": outcome.result.problem().unwrap_or(done),
    });
    if let Some(invite) = &outcome.invite {
        fields["invite"] = json!({
            "code": invite.code,
            "link": invite::link(&invite.code),
            "expiresAt": invite.expires_at.to_string(),
        });
    }
    fields
}
