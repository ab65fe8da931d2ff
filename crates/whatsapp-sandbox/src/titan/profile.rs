//! The account's own profile.

use axum::extract::State;
use axum::routing::on;
use serde_json::json;
use titan_api_client::types;

use super::answer::{Answer, data, success};
use super::routes::Route;
use super::{Titan, e164, send};
use crate::network::{account, picture};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("profile_get", |method| on(method, get)),
    ("profile_set_name", |method| on(method, set_name)),
    ("profile_set_status", |method| on(method, set_status)),
    ("profile_set_picture", |method| on(method, set_picture)),
    ("profile_delete_picture", |method| on(method, delete_picture)),
];

async fn get(State(titan): State<Titan>, At(session): At<String>) -> Answer {
    let me = titan.read_as(session, |view, me| account::by_id(view, me)).await?;
    Ok(data(json!({
        "phoneNumber": e164(&me.phone),
        "lid": me.lid_jid().to_string(),
        "name": me.push_name,
        "status": me.about,
        "profileUrl": titan.picture_url(me.picture_id.as_deref()),
    })))
}

async fn set_name(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<types::SetName>,
) -> Answer {
    titan.change_as(session, move |change, me| account::set_push_name(change, me, &body.name)).await?;
    Ok(success())
}

async fn set_status(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<types::SetStatus>,
) -> Answer {
    titan.change_as(session, move |change, me| account::set_about(change, me, &body.status)).await?;
    Ok(success())
}

async fn set_picture(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<types::SetPicture>,
) -> Answer {
    let source = send::source(body.url, body.base64)?;
    titan
        .change_as(session, move |change, me| {
            let id = picture::keep(change, &source)?;
            account::set_picture(change, me, Some(&id))
        })
        .await?;
    Ok(success())
}

async fn delete_picture(State(titan): State<Titan>, At(session): At<String>) -> Answer {
    titan.change_as(session, |change, me| account::set_picture(change, me, None)).await?;
    Ok(success())
}
