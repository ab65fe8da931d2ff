//! Channels as one account sees and changes them.

use axum::extract::State;
use axum::routing::on;
use whatsapp_sandbox_client::types;

use super::Control;
use super::answer::{Answer, created, data, success};
use super::routes::Route;
use crate::jid::Jid;
use crate::network::channel::{self, Channel};
use crate::network::id::AccountId;
use crate::network::{Refusal, View, account};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("channels_list", |method| on(method, list)),
    ("channels_create", |method| on(method, create)),
    ("channels_follow", |method| on(method, follow)),
    ("channels_unfollow", |method| on(method, unfollow)),
];

/// A channel as it is shown, but for the address of its picture.
struct Shown {
    channel: types::Channel,
    picture_id: Option<String>,
}

impl Shown {
    fn of(view: &View<'_>, me: AccountId, channel: &Channel) -> Result<Self, Refusal> {
        let standing = channel::standing(view, me, channel)?;
        let follows = channel::list(view, me)?.iter().any(|it| it.id == channel.id);
        let role = match (channel.owner == me, follows) {
            (true, _) => types::ChannelRole::Owner,
            (false, true) => types::ChannelRole::Follower,
            (false, false) => types::ChannelRole::None,
        };
        let shown = types::Channel {
            id: channel.jid().to_string(),
            name: channel.name.clone(),
            description: channel.description.clone(),
            owner: account::by_id(view, channel.owner)?.jid().to_string(),
            picture_url: None,
            followers: standing.followers,
            role,
            muted: standing.muted,
        };
        Ok(Self { channel: shown, picture_id: channel.picture_id.clone() })
    }

    fn render(self, control: &Control) -> types::Channel {
        types::Channel { picture_url: control.picture_url(self.picture_id.as_deref()), ..self.channel }
    }
}

async fn list(State(control): State<Control>, At(account): At<String>) -> Answer {
    let channels = control
        .read_as(account, |view, me| {
            let channels = channel::list(view, me)?;
            channels.iter().map(|it| Shown::of(view, me, it)).collect::<Result<Vec<_>, Refusal>>()
        })
        .await?;
    Ok(data(channels.into_iter().map(|it| it.render(&control)).collect::<Vec<_>>()))
}

async fn create(
    State(control): State<Control>,
    At(account): At<String>,
    Body(body): Body<types::CreateChannel>,
) -> Answer {
    let shown = control
        .change_as(account, move |change, me| {
            let description = body.description.as_deref().unwrap_or_default();
            let channel = channel::create(change, me, &body.name, description, None)?;
            Shown::of(change, me, &channel)
        })
        .await?;
    let channel = shown.render(&control);
    // There is no route for one channel: the list of its owner has it.
    Ok(created(&format!("/_sandbox/accounts/{}/channels", channel.owner), channel))
}

async fn follow(
    State(control): State<Control>,
    At((account, channel)): At<(String, String)>,
    Body(body): Body<types::FollowChannel>,
) -> Answer {
    let jid = Jid::parse(&channel).map_err(Refusal::from)?;
    let shown = control
        .change_as(account, move |change, me| {
            let channel = channel::get(change, &jid)?;
            channel::follow(change, me, &channel)?;
            channel::mute(change, me, &channel, body.muted.unwrap_or(false))?;
            Shown::of(change, me, &channel)
        })
        .await?;
    Ok(data(shown.render(&control)))
}

async fn unfollow(State(control): State<Control>, At((account, channel)): At<(String, String)>) -> Answer {
    let jid = Jid::parse(&channel).map_err(Refusal::from)?;
    control
        .change_as(account, move |change, me| channel::unfollow(change, me, &channel::get(change, &jid)?))
        .await?;
    Ok(success())
}
