//! Customers of the Kirim API, and how their messages fail.

use std::num::NonZeroU64;
use std::time::Duration;

use axum::extract::State;
use axum::routing::on;
use http::StatusCode;
use whatsapp_sandbox_client::types;

use super::Control;
use super::account::{self as who, e164};
use super::answer::{Answer, Problem, data, success};
use super::routes::Route;
use crate::kirim::{self, Failure, KeyProblem, NewKey, NewOrganization, Organization};
use crate::network::{Refusal, View};
use crate::rest::{At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("kirim_organizations_list", |method| on(method, list)),
    ("kirim_organizations_create", |method| on(method, create)),
    ("kirim_keys_create", |method| on(method, create_key)),
    ("kirim_keys_revoke", |method| on(method, revoke_key)),
    ("kirim_failures_set", |method| on(method, set_failure)),
];

async fn list(State(control): State<Control>) -> Answer {
    Ok(data(control.network.read(organizations).await?))
}

async fn create(State(control): State<Control>, Body(body): Body<types::CreateKirimOrganization>) -> Answer {
    let made = control.network.change(move |change| {
        let tier = body.tier.map_or_else(|| "free".to_owned(), |it| it.to_string());
        let key = NewKey { lifetime: lifetime(body.key_seconds), ..NewKey::default() };
        let new = NewOrganization { name: &body.name, tier: &tier, key };
        let (organization, key) = kirim::create_organization(change, new)?;
        for account in body.accounts.iter().flatten() {
            let account = who::find(change, account)?;
            kirim::claim_number(change, &organization.id, &account, None)?;
        }
        Ok(types::KirimOrganizationCreated { organization: render(change, organization)?, key })
    });
    let mut response = data(made.await?);
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

async fn create_key(State(control): State<Control>, Body(body): Body<types::CreateKirimKey>) -> Answer {
    let made = control.network.change(move |change| {
        let organization = kirim::organization_with(change, &body.organization_id)?;
        let mut new = NewKey { lifetime: lifetime(body.key_seconds), ..NewKey::default() };
        if let Some(label) = &body.label {
            new.label = label;
        }
        let key = kirim::add_key(change, &organization.id, new)?;
        Ok(types::KirimOrganizationCreated { organization: render(change, organization)?, key })
    });
    let mut response = data(made.await?);
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

async fn revoke_key(State(control): State<Control>, At(id): At<String>) -> Answer {
    control.network.change(move |change| kirim::revoke_key(change, &id)).await?;
    Ok(success())
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

/// How long a key is good for.
fn lifetime(seconds: Option<NonZeroU64>) -> Option<Duration> {
    seconds.map(|it| Duration::from_secs(it.get()))
}

/// All organisations, the oldest first.
pub(super) fn organizations(view: &View<'_>) -> Result<Vec<types::KirimOrganization>, Refusal> {
    kirim::list_organizations(view)?.into_iter().map(|it| render(view, it)).collect()
}

fn render(view: &View<'_>, it: Organization) -> Result<types::KirimOrganization, Refusal> {
    let numbers = kirim::list_numbers(view, &it.id)?.into_iter().map(|number| {
        let phone_number = e164(&number.account(view)?.phone);
        Ok(types::KirimNumber { phone_number_id: number.id, phone_number })
    });
    let keys = kirim::list_keys(view, &it.id)?.into_iter().map(|key| types::KirimKey {
        status: match key.check(view.now) {
            Ok(()) => types::KirimKeyStatus::Active,
            Err(KeyProblem::Expired) => types::KirimKeyStatus::Expired,
            Err(KeyProblem::Revoked | KeyProblem::Unknown) => types::KirimKeyStatus::Revoked,
        },
        id: key.id,
        label: key.label,
        last4: key.last4,
    });
    Ok(types::KirimOrganization {
        numbers: numbers.collect::<Result<_, Refusal>>()?,
        keys: keys.collect(),
        id: it.id,
        name: it.name,
        tier: it.tier,
    })
}
