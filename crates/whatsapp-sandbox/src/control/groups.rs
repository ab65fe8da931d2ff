//! Groups as one account sees and changes them.

use axum::extract::State;
use axum::routing::on;
use whatsapp_sandbox_client::types;

use super::Control;
use super::answer::{Answer, created, data, success};
use super::routes::Route;
use crate::jid::Jid;
use crate::network::group::member::{Action, Member, Outcome, Rank};
use crate::network::group::{self, Group, invite, member, mode};
use crate::network::id::AccountId;
use crate::network::{Change, Refusal, View, account};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("groups_list", |method| on(method, list)),
    ("groups_create", |method| on(method, create)),
    ("groups_join", |method| on(method, join)),
    ("groups_get", |method| on(method, get)),
    ("groups_update", |method| on(method, update)),
    ("groups_change_participants", |method| on(method, change_participants)),
    ("groups_leave", |method| on(method, leave)),
    ("groups_revoke_invite", |method| on(method, revoke_invite)),
];

/// A group as it is shown, but for the address of its picture.
struct Shown {
    group: types::Group,
    picture_id: Option<String>,
}

impl Shown {
    fn of(view: &View<'_>, me: AccountId, group: &Group) -> Result<Self, Refusal> {
        let members = member::list(view, group.id)?;
        let is_admin = members.iter().any(|it| it.account.id == me && it.rank > Rank::Member);
        let code = is_admin.then(|| group.invite_code.clone());
        let picture_id = group::picture_id(view, group.id)?;
        let group = types::Group {
            id: group.jid().to_string(),
            name: group.name.clone(),
            description: group.description.clone(),
            owner: account::by_id(view, group.owner)?.jid().to_string(),
            created_at: group.created_at.to_string(),
            picture_url: None,
            announce: group.announce,
            locked: group.locked,
            invite_link: code.as_deref().map(invite::link),
            invite_code: code,
            participants: members.into_iter().map(participant).collect(),
        };
        Ok(Self { group, picture_id })
    }

    fn render(self, control: &Control) -> types::Group {
        types::Group { picture_url: control.picture_url(self.picture_id.as_deref()), ..self.group }
    }
}

async fn list(State(control): State<Control>, At(account): At<String>) -> Answer {
    let groups = control
        .read_as(account, |view, me| {
            let groups = group::list(view, me)?;
            groups.iter().map(|group| Shown::of(view, me, group)).collect::<Result<Vec<_>, Refusal>>()
        })
        .await?;
    Ok(data(groups.into_iter().map(|it| it.render(&control)).collect::<Vec<_>>()))
}

async fn create(
    State(control): State<Control>,
    At(account): At<String>,
    Body(body): Body<types::CreateGroup>,
) -> Answer {
    let people = people(body.participants.as_deref().unwrap_or_default())?;
    let who = account.clone();
    let shown = control
        .change_as(account, move |change, me| {
            let group = group::create(change, me, &body.name)?;
            if let Some(description) = &body.description {
                group::set_description(change, me, &group, description)?;
            }
            member::apply(change, me, &group, Action::Add, &people)?;
            Shown::of(change, me, &group::of_member(change, me, &group.jid())?)
        })
        .await?;
    let group = shown.render(&control);
    Ok(created(&format!("/_sandbox/accounts/{who}/groups/{}", group.id), group))
}

async fn join(
    State(control): State<Control>,
    At(account): At<String>,
    Body(body): Body<types::JoinGroup>,
) -> Answer {
    let shown = control
        .change_as(account, move |change, me| Shown::of(change, me, &invite::join(change, me, &body.code)?))
        .await?;
    Ok(data(shown.render(&control)))
}

async fn get(State(control): State<Control>, At((account, group)): At<(String, String)>) -> Answer {
    let jid = Jid::parse(&group).map_err(Refusal::from)?;
    let shown = control
        .read_as(account, move |view, me| Shown::of(view, me, &group::of_member(view, me, &jid)?))
        .await?;
    Ok(data(shown.render(&control)))
}

async fn update(
    State(control): State<Control>,
    At(place): At<(String, String)>,
    Body(body): Body<types::UpdateGroup>,
) -> Answer {
    change(&control, place, move |change, me, group| {
        if let Some(name) = &body.name {
            group::set_subject(change, me, group, name)?;
        }
        if let Some(description) = &body.description {
            group::set_description(change, me, group, description)?;
        }
        if let Some(announce) = body.announce {
            mode::set_announce(change, me, group, announce)?;
        }
        if let Some(locked) = body.locked {
            mode::set_locked(change, me, group, locked)?;
        }
        Ok(())
    })
    .await
}

async fn change_participants(
    State(control): State<Control>,
    At((account, group)): At<(String, String)>,
    Body(body): Body<types::ChangeParticipants>,
) -> Answer {
    let jid = Jid::parse(&group).map_err(Refusal::from)?;
    let people = people(&body.participants)?;
    let action = match body.action {
        types::ChangeParticipantsAction::Add => Action::Add,
        types::ChangeParticipantsAction::Remove => Action::Remove,
        types::ChangeParticipantsAction::Promote => Action::Promote,
        types::ChangeParticipantsAction::Demote => Action::Demote,
    };
    let outcomes = control
        .change_as(account, move |change, me| {
            let group = group::of_member(change, me, &jid)?;
            member::apply(change, me, &group, action, &people)
        })
        .await?;
    Ok(data(outcomes.into_iter().map(result).collect::<Vec<_>>()))
}

async fn leave(State(control): State<Control>, At((account, group)): At<(String, String)>) -> Answer {
    let jid = Jid::parse(&group).map_err(Refusal::from)?;
    control
        .change_as(account, move |change, me| member::leave(change, me, &group::of_member(change, me, &jid)?))
        .await?;
    Ok(success())
}

async fn revoke_invite(State(control): State<Control>, At(place): At<(String, String)>) -> Answer {
    change(&control, place, |change, me, group| invite::revoke(change, me, group).map(|_| ())).await
}

/// Does something to a group, and shows what it is then.
async fn change(
    control: &Control,
    (account, group): (String, String),
    work: impl FnOnce(&Change<'_>, AccountId, &Group) -> Result<(), Refusal> + Send + 'static,
) -> Answer {
    let jid = Jid::parse(&group).map_err(Refusal::from)?;
    let shown = control
        .change_as(account, move |change, me| {
            work(change, me, &group::of_member(change, me, &jid)?)?;
            Shown::of(change, me, &group::of_member(change, me, &jid)?)
        })
        .await?;
    Ok(data(shown.render(control)))
}

fn people(people: &[types::PersonId]) -> Result<Vec<Jid>, Refusal> {
    people.iter().map(|person| Ok(Jid::parse(person)?)).collect()
}

fn participant(member: Member) -> types::Participant {
    types::Participant {
        jid: member.account.jid().to_string(),
        name: member.account.push_name,
        rank: match member.rank {
            Rank::Member => types::ParticipantRank::Member,
            Rank::Admin => types::ParticipantRank::Admin,
            Rank::Superadmin => types::ParticipantRank::Superadmin,
        },
    }
}

fn result(outcome: Outcome) -> types::ParticipantResult {
    types::ParticipantResult {
        jid: outcome.jid.to_string(),
        status: outcome.result.code().into(),
        message: outcome.result.problem().unwrap_or("done").to_owned(),
        invite_code: outcome.invite.map(|invite| invite.code),
    }
}
