//! Channels.

use axum::extract::State;
use axum::routing::on;
use serde_json::{Value, json};
use titan_api_client::types;

use super::Titan;
use super::answer::{Answer, created, data, success};
use super::routes::Route;
use crate::jid::Jid;
use crate::network::channel::{self, Channel, Standing};
use crate::network::id::AccountId;
use crate::network::media::Source;
use crate::network::{Change, Refusal, picture};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("channels_list", |method| on(method, list)),
    ("channels_create", |method| on(method, create)),
    ("channels_get", |method| on(method, get)),
    ("channels_delete", |method| on(method, delete)),
    ("channels_follow", |method| on(method, follow)),
    ("channels_unfollow", |method| on(method, unfollow)),
    ("channels_mute", |method| on(method, mute)),
    ("channels_unmute", |method| on(method, unmute)),
];

async fn list(State(titan): State<Titan>, At(session): At<String>) -> Answer {
    let channels = titan
        .read_as(session, |view, me| {
            let channels = channel::list(view, me)?.into_iter();
            channels
                .map(|channel| Ok((channel::standing(view, me, &channel)?, channel)))
                .collect::<Result<Vec<_>, Refusal>>()
        })
        .await?;
    let rendered = channels.iter().map(|(standing, channel)| render(&titan, channel, *standing));
    Ok(data(rendered.collect::<Vec<_>>()))
}

async fn create(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<types::CreateChannel>,
) -> Answer {
    let (channel, standing) = titan
        .change_as(session, move |change, me| {
            let picture = match &body.profile_url {
                Some(url) => Some(picture::keep(change, &Source::Url(url.clone()))?),
                None => None,
            };
            let description = body.description.as_deref().unwrap_or_default();
            let channel = channel::create(change, me, &body.name, description, picture.as_deref())?;
            Ok((channel.clone(), channel::standing(change, me, &channel)?))
        })
        .await?;
    Ok(created(render(&titan, &channel, standing)))
}

async fn get(State(titan): State<Titan>, At((session, channel)): At<(String, String)>) -> Answer {
    let jid = Jid::parse(&channel).map_err(Refusal::from)?;
    let (channel, standing) = titan
        .read_as(session, move |view, me| {
            let channel = channel::get(view, &jid)?;
            Ok((channel.clone(), channel::standing(view, me, &channel)?))
        })
        .await?;
    Ok(data(render(&titan, &channel, standing)))
}

async fn delete(titan: State<Titan>, At((session, channel)): At<(String, String)>) -> Answer {
    act(&titan, session, &channel, channel::delete).await
}

async fn follow(titan: State<Titan>, At((session, channel)): At<(String, String)>) -> Answer {
    act(&titan, session, &channel, channel::follow).await
}

async fn unfollow(titan: State<Titan>, At((session, channel)): At<(String, String)>) -> Answer {
    act(&titan, session, &channel, channel::unfollow).await
}

async fn mute(titan: State<Titan>, At((session, channel)): At<(String, String)>) -> Answer {
    act(&titan, session, &channel, |change, me, channel| channel::mute(change, me, channel, true)).await
}

async fn unmute(titan: State<Titan>, At((session, channel)): At<(String, String)>) -> Answer {
    act(&titan, session, &channel, |change, me, channel| channel::mute(change, me, channel, false)).await
}

async fn act(
    titan: &Titan,
    session: String,
    channel: &str,
    work: impl FnOnce(&Change<'_>, AccountId, &Channel) -> Result<(), Refusal> + Send + 'static,
) -> Answer {
    let jid = Jid::parse(channel).map_err(Refusal::from)?;
    titan.change_as(session, move |change, me| work(change, me, &channel::get(change, &jid)?)).await?;
    Ok(success())
}

fn render(titan: &Titan, channel: &Channel, standing: Standing) -> Value {
    json!({
        "id": channel.jid().to_string(),
        "name": channel.name,
        "description": channel.description,
        "followers": standing.followers,
        "muted": standing.muted,
        "profileUrl": titan.picture_url(channel.picture_id.as_deref()),
    })
}
