//! Templates of a number.

use axum::Extension;
use axum::extract::State;
use axum::routing::on;
use serde::Deserialize;
use serde_json::json;

use super::answer::{Answer, data, list};
use super::organization::Caller;
use super::page::Window;
use super::routes::Route;
use super::template::{self, Template};
use super::{Kirim, number};
use crate::rest::{Ask, At};

pub(super) const ROUTES: &[Route] = &[
    ("templates_list", |method| on(method, all)),
    ("templates_sync", |method| on(method, sync)),
    ("templates_get", |method| on(method, get)),
];

#[derive(Debug, Deserialize)]
struct Part {
    status: Option<String>,
    language: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

async fn all(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
    Ask(part): Ask<Part>,
) -> Answer {
    let status = part.status.unwrap_or_else(|| "approved".to_owned());
    let scope = format!("templates {id} {status} {:?}", part.language);
    let window = Window::open(part.limit, part.cursor.as_deref(), scope)?;
    let (page, next) = kirim
        .network
        .read(move |view| {
            let number = number::of(view, &caller.organization.id, &id)?;
            let status = Some(status.as_str()).filter(|it| *it != "all");
            let after = window.after.as_deref().and_then(|it| it.split_once(' '));
            let found =
                template::list(view, &number, status, part.language.as_deref(), after, window.reach())?;
            Ok(window.cut(found, |it| format!("{} {}", it.name, it.language)))
        })
        .await?;
    Ok(list(page.iter().map(Template::render).collect(), next))
}

async fn get(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At((number, name)): At<(String, String)>,
) -> Answer {
    let found = kirim.network.read(move |view| {
        let number = number::of(view, &caller.organization.id, &number)?;
        template::named(view, &number, &name)
    });
    Ok(data(found.await?.render()))
}

async fn sync(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(number): At<String>,
) -> Answer {
    let synced = kirim.network.change(move |change| {
        let number = number::of(change, &caller.organization.id, &number)?;
        template::sync(change, &number)
    });
    let it = synced.await?;
    Ok(data(json!({ "created": it.created, "updated": it.updated, "synced": it.seen })))
}
