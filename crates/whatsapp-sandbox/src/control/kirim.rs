//! Customers of the Kirim API, and how their messages fail.

use std::time::Duration;

use axum::extract::State;
use axum::routing::on;
use http::StatusCode;
use whatsapp_sandbox_client::types;

use super::Control;
use super::account as who;
use super::answer::{Answer, Problem, data, success};
use super::routes::Route;
use crate::kirim::{self, Failure, NewOrganization, Organization};
use crate::network::{Change, Refusal, View};
use crate::rest::Body;

pub(super) const ROUTES: &[Route] = &[
    ("kirim_organizations_list", |method| on(method, list)),
    ("kirim_organizations_create", |method| on(method, create)),
    ("kirim_failures_set", |method| on(method, set_failure)),
];

async fn list(State(control): State<Control>) -> Answer {
    let organizations = control.network.read(|view| {
        let found = kirim::list_organizations(view)?;
        found.into_iter().map(|it| render(view, it)).collect::<Result<Vec<_>, Refusal>>()
    });
    Ok(data(organizations.await?))
}

async fn create(State(control): State<Control>, Body(body): Body<types::CreateKirimOrganization>) -> Answer {
    let made = control.network.change(move |change| {
        let tier = body.tier.map_or_else(|| "free".to_owned(), |it| it.to_string());
        let key_lifetime = body.key_seconds.map(|it| Duration::from_secs(it.get()));
        let new = NewOrganization { name: &body.name, tier: &tier, key: None, key_lifetime };
        let (organization, key) = kirim::create_organization(change, new)?;
        for account in body.accounts.iter().flatten() {
            claim(change, &organization, account)?;
        }
        Ok(types::KirimOrganizationCreated { organization: render(change, organization)?, key })
    });
    let mut response = data(made.await?);
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

fn claim(change: &Change<'_>, organization: &Organization, account: &str) -> Result<(), Refusal> {
    let account = who::find(change, account)?;
    if kirim::number_of(change, account.id)?.is_some() {
        return Err(Refusal::Unfit("the account is a number of an organisation already"));
    }
    kirim::claim_number(change, &organization.id, &account, None)?;
    Ok(())
}

async fn set_failure(State(control): State<Control>, Body(body): Body<types::SetKirimFailure>) -> Answer {
    let failure = Failure::with_code(&body.code.to_string());
    let failure = failure.ok_or_else(|| Problem::invalid("`code` is none that the API knows"))?;
    let set = control.network.change(move |change| {
        let account = who::find(change, &body.account)?;
        let number = kirim::number_of(change, account.id)?;
        let number = number.ok_or(Refusal::Unfit("the account is no number of an organisation"))?;
        kirim::force_failure(change, &number, failure)
    });
    set.await?;
    Ok(success())
}

fn render(view: &View<'_>, it: Organization) -> Result<types::KirimOrganization, Refusal> {
    let numbers = kirim::list_numbers(view, &it.id)?.into_iter().map(|number| {
        let phone_number = format!("+{}", number.account(view)?.phone);
        Ok(types::KirimNumber { phone_number_id: number.id, phone_number })
    });
    Ok(types::KirimOrganization {
        numbers: numbers.collect::<Result<_, Refusal>>()?,
        id: it.id,
        name: it.name,
        tier: it.tier,
    })
}
