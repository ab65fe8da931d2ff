//! Translation between phone numbers and LIDs.

use axum::extract::State;
use axum::routing::on;
use serde_json::{Value, json};
use titan_api_client::types;

use super::answer::{Answer, Problem, data};
use super::routes::Route;
use super::{Titan, e164};
use crate::jid::Jid;
use crate::network::{Refusal, account};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[("lids_resolve", |method| on(method, resolve))];

async fn resolve(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<types::ResolveLids>,
) -> Answer {
    if body.jids.is_empty() {
        return Err(Problem::invalid("`jids` must name at least one person"));
    }
    let people = titan
        .read_as(session, move |view, _| {
            let jids = body.jids.iter();
            jids.map(|text| {
                let jid = Jid::parse(text)?;
                Ok(match account::find(view, &jid)? {
                    Some(account) => json!({
                        "phoneNumber": e164(&account.phone),
                        "jid": account.jid().to_string(),
                        "lid": account.lid_jid().to_string(),
                    }),
                    None => unknown(&jid),
                })
            })
            .collect::<Result<Vec<Value>, Refusal>>()
        })
        .await?;
    Ok(data(people))
}

/// Nobody has this identifier: the other one stays open.
fn unknown(jid: &Jid) -> Value {
    match jid {
        Jid::Lid(_) => json!({ "phoneNumber": null, "jid": null, "lid": jid.to_string() }),
        _ => json!({ "phoneNumber": null, "jid": jid.to_string(), "lid": null }),
    }
}
