//! Templates of a number.

use axum::Extension;
use axum::extract::State;
use axum::routing::on;
use serde::Deserialize;
use serde_json::json;

use super::Kirim;
use super::answer::{Answer, data, list};
use super::api_key::Caller;
use super::page::Window;
use super::routes::Route;
use super::template::{self, Template};
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
    let page = kirim.read_of(caller, id, move |view, number| {
        let status = Some(status.as_str()).filter(|it| *it != "all");
        let after = window.after.as_deref().and_then(|it| it.split_once(' '));
        let found = template::list(view, number, status, part.language.as_deref(), after, window.reach())?;
        let (page, next) = window.cut(found, |it| format!("{} {}", it.name, it.language));
        Ok(list(page.iter().map(Template::render).collect(), next))
    });
    page.await
}

async fn get(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At((number, name)): At<(String, String)>,
) -> Answer {
    let found = kirim.read_of(caller, number, move |view, number| template::named(view, number, &name));
    Ok(data(found.await?.render()))
}

async fn sync(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(number): At<String>,
) -> Answer {
    let it = kirim.change_of(caller, number, template::sync).await?;
    Ok(data(json!({ "created": it.created, "updated": it.updated, "synced": it.seen })))
}
