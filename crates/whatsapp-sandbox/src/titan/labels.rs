//! Labels of business accounts.

use axum::extract::State;
use axum::routing::on;
use serde_json::{Value, json};
use titan_api_client::types;

use super::Titan;
use super::answer::{Answer, Problem, created, data, success};
use super::partial::Part;
use super::routes::Route;
use crate::jid::{Jid, JidError};
use crate::network::label::{self, Label};
use crate::network::{Refusal, conversation};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("labels_list", |method| on(method, list)),
    ("labels_create", |method| on(method, create)),
    ("labels_update", |method| on(method, update)),
    ("labels_delete", |method| on(method, delete)),
    ("labels_assign", |method| on(method, assign)),
    ("labels_unassign", |method| on(method, unassign)),
    ("labels_get_chat", |method| on(method, get_chat)),
    ("labels_set_chat", |method| on(method, set_chat)),
];

async fn list(State(titan): State<Titan>, At(session): At<String>) -> Answer {
    let name = session.clone();
    let labels = titan
        .read_as(session, move |view, me| {
            Part::of(view, &name, label::list(view, me)?.iter().map(render).collect())
        })
        .await?;
    Ok(labels.answer())
}

async fn create(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<types::CreateLabel>,
) -> Answer {
    let label =
        titan.change_as(session, move |change, me| label::create(change, me, &body.name, body.color)).await?;
    Ok(created(render(&label)))
}

async fn update(
    State(titan): State<Titan>,
    At((session, id)): At<(String, String)>,
    Body(body): Body<types::UpdateLabel>,
) -> Answer {
    let label = titan
        .change_as(session, move |change, me| {
            let mut label = label::get(change, me, &id)?;
            label.name = body.name.unwrap_or(label.name);
            label.color = body.color.unwrap_or(label.color);
            label::update(change, me, &label)?;
            Ok(label)
        })
        .await?;
    Ok(data(render(&label)))
}

async fn delete(State(titan): State<Titan>, At((session, id)): At<(String, String)>) -> Answer {
    titan
        .change_as(session, move |change, me| label::delete(change, me, &label::get(change, me, &id)?))
        .await?;
    Ok(success())
}

async fn assign(
    titan: State<Titan>,
    At((session, id)): At<(String, String)>,
    Body(body): Body<types::LabelChats>,
) -> Answer {
    set(&titan, session, id, &body, true).await
}

async fn unassign(
    titan: State<Titan>,
    At((session, id)): At<(String, String)>,
    Body(body): Body<types::LabelChats>,
) -> Answer {
    set(&titan, session, id, &body, false).await
}

async fn set(titan: &Titan, session: String, id: String, body: &types::LabelChats, assigned: bool) -> Answer {
    if body.chat_ids.is_empty() {
        return Err(Problem::invalid("`chatIds` must name at least one chat"));
    }
    let chats = body.chat_ids.iter().map(|it| Jid::parse(it)).collect::<Result<Vec<_>, JidError>>();
    let chats = chats.map_err(Refusal::from)?;
    titan
        .change_as(session, move |change, me| {
            let label = label::get(change, me, &id)?;
            chats.iter().try_for_each(|chat| {
                let conversation = conversation::existing(change, me, chat)?;
                label::assign(change, me, &label, conversation, assigned)
            })
        })
        .await?;
    Ok(success())
}

async fn get_chat(State(titan): State<Titan>, At((session, chat)): At<(String, String)>) -> Answer {
    let chat = Jid::parse(&chat).map_err(Refusal::from)?;
    let labels = titan
        .read_as(session, move |view, me| label::of_chat(view, me, conversation::existing(view, me, &chat)?))
        .await?;
    Ok(data(labels.iter().map(render).collect::<Vec<_>>()))
}

async fn set_chat(
    State(titan): State<Titan>,
    At((session, chat)): At<(String, String)>,
    Body(body): Body<types::SetChatLabels>,
) -> Answer {
    let chat = Jid::parse(&chat).map_err(Refusal::from)?;
    titan
        .change_as(session, move |change, me| {
            let conversation = conversation::existing(change, me, &chat)?;
            let wanted: Vec<Label> =
                body.labels.iter().map(|id| label::get(change, me, id)).collect::<Result<_, Refusal>>()?;
            for label in label::of_chat(change, me, conversation)? {
                if wanted.iter().all(|it| it.id != label.id) {
                    label::assign(change, me, &label, conversation, false)?;
                }
            }
            wanted.iter().try_for_each(|label| label::assign(change, me, label, conversation, true))
        })
        .await?;
    Ok(success())
}

fn render(label: &Label) -> Value {
    json!({ "id": label.id.to_string(), "name": label.name, "color": label.color })
}
