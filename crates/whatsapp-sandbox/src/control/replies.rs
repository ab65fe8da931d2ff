//! Accounts that answer by themselves.

use std::time::Duration;

use axum::extract::State;
use axum::routing::on;
use whatsapp_sandbox_client::types;

use super::Control;
use super::account as who;
use super::answer::{Answer, Problem, created, data, success};
use super::routes::Route;
use crate::network::reply::{self, Reply, Rule};
use crate::network::{Refusal, View, account};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("replies_list", |method| on(method, list)),
    ("replies_create", |method| on(method, create)),
    ("replies_delete", |method| on(method, delete)),
];

/// How long an account takes to answer, unless it is told otherwise.
const DELAY: Duration = Duration::from_secs(1);

async fn list(State(control): State<Control>, At(account): At<String>) -> Answer {
    let rules = control
        .read_as(account, |view, me| {
            let rules = reply::list(view, me)?;
            rules.into_iter().map(|rule| render(view, rule)).collect::<Result<Vec<_>, Refusal>>()
        })
        .await?;
    Ok(data(rules))
}

async fn create(
    State(control): State<Control>,
    At(account): At<String>,
    Body(body): Body<types::CreateReply>,
) -> Answer {
    let reply = match (body.text, body.reaction) {
        (Some(text), None) if body.quote == Some(true) => Reply::Quote(text),
        (Some(text), None) => Reply::Text(text),
        (None, Some(emoji)) => Reply::React(emoji),
        _ => return Err(Problem::invalid("give `text` or `reaction`, and not both")),
    };
    let millis = body.delay_milliseconds.and_then(|millis| u64::try_from(millis).ok());
    let delay = millis.map_or(DELAY, Duration::from_millis);
    let rule = control
        .network
        .change(move |change| {
            let me = who::find(change, &account)?.id;
            render(change, reply::add(change, me, &body.matching, &reply, delay)?)
        })
        .await?;
    let location = format!("/_sandbox/accounts/{}/replies/{}", rule.account, rule.id);
    Ok(created(&location, rule))
}

async fn delete(State(control): State<Control>, At((account, id)): At<(String, i64)>) -> Answer {
    let found = control
        .network
        .change(move |change| {
            let me = who::find(change, &account)?.id;
            reply::remove(change, me, id)
        })
        .await?;
    if found {
        Ok(success())
    } else {
        Err(Problem::not_found(format!("this account has no scripted reply {id}")))
    }
}

fn render(view: &View<'_>, rule: Rule) -> Result<types::Reply, Refusal> {
    let (text, quote, reaction) = match rule.reply {
        Reply::Text(text) => (Some(text), false, None),
        Reply::Quote(text) => (Some(text), true, None),
        Reply::React(emoji) => (None, false, Some(emoji)),
    };
    Ok(types::Reply {
        id: rule.id,
        account: account::by_id(view, rule.account)?.jid().to_string(),
        matching: rule.matching,
        text,
        quote,
        reaction,
        delay_milliseconds: i64::try_from(rule.delay.as_millis()).unwrap_or(i64::MAX),
    })
}
