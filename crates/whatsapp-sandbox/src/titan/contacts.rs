//! Contacts.

use axum::extract::State;
use axum::routing::on;
use serde_json::{Value, json};
use titan_api_client::types;

use super::answer::{Answer, Problem, data, success};
use super::partial::Part;
use super::routes::Route;
use super::{Titan, e164};
use crate::jid::Jid;
use crate::network::contact::{self, Contact};
use crate::network::{Refusal, account};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("contacts_list", |method| on(method, list)),
    ("contacts_check", |method| on(method, check)),
    ("contacts_get", |method| on(method, get)),
    ("contacts_picture", |method| on(method, picture)),
    ("contacts_block", |method| on(method, block)),
    ("contacts_unblock", |method| on(method, unblock)),
];

async fn list(State(titan): State<Titan>, At(session): At<String>) -> Answer {
    let name = session.clone();
    let contacts = titan
        .read_as(session, move |view, me| {
            Part::of(view, &name, contact::list(view, me)?.iter().map(render).collect())
        })
        .await?;
    Ok(contacts.answer())
}

async fn check(
    State(titan): State<Titan>,
    At(session): At<String>,
    Body(body): Body<types::CheckNumbers>,
) -> Answer {
    if body.phone_numbers.is_empty() {
        return Err(Problem::invalid("`phoneNumbers` must name at least one number"));
    }
    let checks = titan
        .read_as(session, move |view, _| {
            let numbers = body.phone_numbers.iter();
            numbers
                .map(|number| {
                    let jid = Jid::parse(number)?;
                    if !matches!(jid, Jid::Phone(_) | Jid::Lid(_)) {
                        return Err(Refusal::Invalid(format!("`{jid}` is no phone number")));
                    }
                    let found = account::dialled(view, &jid)?;
                    Ok(json!({
                        "phoneNumber": number.to_string(),
                        "exists": found.is_some(),
                        "jid": found.as_ref().map(|it| it.jid().to_string()),
                        "lid": found.as_ref().map(|it| it.lid_jid().to_string()),
                    }))
                })
                .collect::<Result<Vec<Value>, Refusal>>()
        })
        .await?;
    Ok(data(checks))
}

async fn get(State(titan): State<Titan>, At((session, person)): At<(String, String)>) -> Answer {
    let contact = find(&titan, session, &person).await?;
    let mut fields = render(&contact);
    fields["profileUrl"] = picture_of(&titan, &contact);
    Ok(data(fields))
}

async fn picture(State(titan): State<Titan>, At((session, person)): At<(String, String)>) -> Answer {
    let contact = find(&titan, session, &person).await?;
    Ok(data(json!({ "url": picture_of(&titan, &contact) })))
}

async fn block(titan: State<Titan>, At((session, person)): At<(String, String)>) -> Answer {
    set_block(&titan, session, &person, true).await
}

async fn unblock(titan: State<Titan>, At((session, person)): At<(String, String)>) -> Answer {
    set_block(&titan, session, &person, false).await
}

async fn set_block(titan: &Titan, session: String, person: &str, blocked: bool) -> Answer {
    let jid = Jid::parse(person).map_err(Refusal::from)?;
    titan
        .change_as(session, move |change, me| {
            contact::block(change, me, &account::expect(change, &jid)?, blocked)
        })
        .await?;
    Ok(success())
}

async fn find(titan: &Titan, session: String, person: &str) -> Result<Contact, Problem> {
    let jid = Jid::parse(person).map_err(Refusal::from)?;
    titan.read_as(session, move |view, me| contact::of(view, me, account::expect(view, &jid)?)).await
}

/// The picture, unless the person hides it.
fn picture_of(titan: &Titan, contact: &Contact) -> Value {
    let id = contact.account.picture_id.as_deref().filter(|_| !contact.hidden);
    titan.picture_url(id).into()
}

fn render(contact: &Contact) -> Value {
    json!({
        "phoneNumber": e164(&contact.account.phone),
        "pushName": contact.account.push_name,
        "name": contact.name,
        "businessName": contact.account.business_name,
        "lid": contact.account.lid_jid().to_string(),
    })
}
