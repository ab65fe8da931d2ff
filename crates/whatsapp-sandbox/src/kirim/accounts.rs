//! The numbers of the organisation.

use axum::Extension;
use axum::extract::State;
use axum::routing::on;
use serde::Deserialize;
use serde_json::Value;

use super::Kirim;
use super::answer::{Answer, list};
use super::api_key::Caller;
use super::number;
use super::routes::Route;
use crate::network::Refusal;
use crate::rest::Ask;

pub(super) const ROUTES: &[Route] = &[("accounts_list", |method| on(method, all))];

#[derive(Debug, Deserialize)]
struct Part {
    status: Option<String>,
}

async fn all(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    Ask(part): Ask<Part>,
) -> Answer {
    let all = part.status.as_deref() == Some("all");
    let numbers = kirim.network.read(move |view| {
        let numbers = number::list(view, &caller.organization.id)?;
        let rendered: Vec<Value> =
            numbers.iter().map(|it| it.render(view)).collect::<Result<_, Refusal>>()?;
        Ok(rendered.into_iter().filter(|it| all || it["status"] == "connected").collect())
    });
    // As documented it is no page, however many there are.
    Ok(list(numbers.await?, None))
}
