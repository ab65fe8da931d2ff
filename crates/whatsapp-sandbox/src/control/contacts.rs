//! Address books, and who is blocked.

use axum::extract::State;
use axum::routing::on;
use whatsapp_sandbox_client::types;

use super::Control;
use super::account::{self as who, e164};
use super::answer::{Answer, data};
use super::routes::Route;
use crate::network::contact::{self, Contact};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] =
    &[("contacts_list", |method| on(method, list)), ("contacts_update", |method| on(method, update))];

async fn list(State(control): State<Control>, At(account): At<String>) -> Answer {
    let (contacts, blocked) = control
        .read_as(account, |view, me| Ok((contact::list(view, me)?, contact::blocked(view, me)?)))
        .await?;
    let contacts = contacts.into_iter().map(|contact| {
        let is_blocked = blocked.iter().any(|it| it.id == contact.account.id);
        render(contact, is_blocked)
    });
    Ok(data(contacts.collect::<Vec<_>>()))
}

async fn update(
    State(control): State<Control>,
    At((account, person)): At<(String, String)>,
    Body(body): Body<types::UpdateContact>,
) -> Answer {
    let (contact, is_blocked) = control
        .change_as(account, move |change, me| {
            let person = who::find(change, &person)?;
            match &body.name {
                Some(Some(name)) => contact::save(change, me, person.id, name)?,
                Some(None) => contact::remove(change, me, person.id)?,
                None => {}
            }
            if let Some(blocked) = body.blocked {
                contact::block(change, me, &person, blocked)?;
            }
            let id = person.id;
            let is_blocked = contact::blocked(change, me)?.iter().any(|it| it.id == id);
            Ok((contact::of(change, me, person)?, is_blocked))
        })
        .await?;
    Ok(data(render(contact, is_blocked)))
}

fn render(contact: Contact, blocked: bool) -> types::Contact {
    types::Contact {
        phone_number: e164(&contact.account.phone),
        jid: contact.account.jid().to_string(),
        lid: contact.account.lid_jid().to_string(),
        name: contact.name,
        push_name: contact.account.push_name,
        blocked,
    }
}
