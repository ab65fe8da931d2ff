//! Contacts of a number.

use axum::Extension;
use axum::extract::State;
use axum::routing::on;
use kirim_client::types;
use serde::Deserialize;
use serde_json::json;

use super::answer::{Answer, created, data, deleted, list};
use super::api_key::Caller;
use super::page::Window;
use super::record::contact::{self, Details, Email, Filter};
use super::routes::Route;
use super::{Kirim, PREFIX, labels};
use crate::network::Refusal;
use crate::rest::{Ask, At, Body};
use crate::store::Sql as _;

pub(super) const ROUTES: &[Route] = &[
    ("contacts_list", |method| on(method, all)),
    ("contacts_create", |method| on(method, create)),
    ("contacts_bulk_label", |method| on(method, bulk_label)),
    ("contacts_get", |method| on(method, get)),
    ("contacts_update", |method| on(method, update)),
    ("contacts_delete", |method| on(method, delete)),
    ("contacts_attach_label", |method| on(method, attach)),
    ("contacts_detach_label", |method| on(method, detach)),
];

#[derive(Debug, Deserialize)]
struct Part {
    phone: Option<String>,
    search: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

async fn all(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
    Ask(part): Ask<Part>,
) -> Answer {
    let Part { phone, search, limit, cursor } = part;
    let window = Window::open(limit, cursor.as_deref(), format!("contacts {id} {phone:?} {search:?}"))?;
    let phone = phone.map(|it| digits(&it));
    let filter = Filter { phone, search, after: window.after.clone(), limit: window.reach() };
    let page = kirim.read_of(caller, id, move |view, number| {
        let (page, next) = window.cut(contact::list(view, number, &filter)?, |it| it.id.clone());
        let page = page.iter().map(|it| it.render(view, number)).collect::<Result<_, Refusal>>()?;
        Ok(list(page, next))
    });
    page.await
}

async fn create(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
    Body(body): Body<types::CreateContact>,
) -> Answer {
    let phone = digits(&body.phone_number.0);
    let details = Details {
        name: body.name,
        email: body.email.map_or(Email::Kept, Email::Set),
        metadata: body.metadata,
    };
    let at = format!("{PREFIX}/v1/{id}/contacts");
    let made = kirim.change_of(caller, id, move |change, number| {
        if contact::find(change, number, &phone)?.is_some() {
            return Err(Refusal::Rule {
                status: 409,
                code: "contact_already_exists",
                param: Some("phone_number"),
                message: format!("+{phone} is a contact already: update it instead"),
            });
        }
        let contact = contact::add(change, number, &phone, details)?;
        let shown = contact.render(change, number)?;
        Ok((contact.id, shown))
    });
    let (contact, shown) = made.await?;
    Ok(created(&format!("{at}/{contact}"), shown))
}

async fn get(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At((number, id)): At<(String, String)>,
) -> Answer {
    let found = kirim
        .read_of(caller, number, move |view, number| contact::get(view, number, &id)?.render(view, number));
    Ok(data(found.await?))
}

async fn update(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At((number, id)): At<(String, String)>,
    Body(body): Body<types::UpdateContact>,
) -> Answer {
    let details = Details {
        name: body.name,
        email: body.email.map_or(Email::Kept, Email::Set),
        metadata: body.metadata,
    };
    let changed = kirim.change_of(caller, number, move |change, number| {
        contact::update(change, number, &id, details)?.render(change, number)
    });
    Ok(data(changed.await?))
}

async fn delete(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At((number, id)): At<(String, String)>,
) -> Answer {
    let contact = id.clone();
    kirim.change_of(caller, number, move |change, number| contact::delete(change, number, &contact)).await?;
    Ok(deleted("contact", &id))
}

async fn attach(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At((number, id)): At<(String, String)>,
    Body(body): Body<types::AttachLabel>,
) -> Answer {
    labels::set(&kirim, caller, labels::Bearer::Contact, [number, id, body.label_id.0], true).await
}

async fn detach(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At((number, id, label)): At<(String, String, String)>,
) -> Answer {
    labels::set(&kirim, caller, labels::Bearer::Contact, [number, id, label], false).await
}

async fn bulk_label(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(number): At<String>,
    Body(body): Body<types::BulkLabel>,
) -> Answer {
    let attached = body.operation == types::BulkLabelOperation::Attach;
    let done = kirim.change_of(caller, number, move |change, number| {
        let organization = &number.organization;
        labels::get(change, organization, &body.label_id)?;
        let (mut applied, mut skipped) = (0_u32, 0_u32);
        let sql = "SELECT 1 FROM kirim_contact WHERE id = ?1 AND number_id = ?2";
        for id in &body.contact_ids {
            if change.any(sql, (id, &number.id))? {
                labels::put(change, number, labels::Bearer::Contact, id, &body.label_id, attached)?;
                applied += 1;
            } else {
                skipped += 1;
            }
        }
        // Contacts belong to no team here, so that none is of another.
        Ok(json!({ "applied": applied, "skipped_cross_org": skipped, "skipped_team_mismatch": 0 }))
    });
    Ok(data(done.await?))
}

/// The digits of a phone number in E.164.
pub(super) fn digits(e164: &str) -> String {
    e164.trim_start_matches('+').to_owned()
}
