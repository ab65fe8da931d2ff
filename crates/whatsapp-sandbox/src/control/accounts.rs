//! Everybody on the network.

use axum::extract::State;
use axum::routing::on;
use serde::Deserialize;
use whatsapp_sandbox_client::types;

use super::Control;
use super::account::{self as who, Shown, character_of, circle};
use super::answer::{Answer, created, data};
use super::draft::source;
use super::routes::Route;
use crate::jid::Jid;
use crate::network::account::{self, Character, NewAccount};
use crate::network::id::AccountId;
use crate::network::privacy::{self, Privacy};
use crate::network::{Change, Refusal, phone, picture, presence, registration};
use crate::rest::{Ask, At, Body};

pub(super) const ROUTES: &[Route] = &[
    ("accounts_list", |method| on(method, list)),
    ("accounts_create", |method| on(method, create)),
    ("accounts_get", |method| on(method, get)),
    ("accounts_update", |method| on(method, update)),
    ("accounts_set_picture", |method| on(method, set_picture)),
    ("accounts_delete_picture", |method| on(method, delete_picture)),
];

/// What an account says of itself unless it is given another text.
const ABOUT: &str = "Hey there! I am using WhatsApp.";

/// A part of a list.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    limit: Option<u32>,
    offset: Option<u32>,
}

impl Page {
    /// The most items of an answer, and those before it.
    pub(super) fn bounds(&self) -> (u32, u32) {
        (self.limit.unwrap_or(100).clamp(1, 500), self.offset.unwrap_or(0))
    }
}

async fn list(State(control): State<Control>, Ask(page): Ask<Page>) -> Answer {
    let (limit, offset) = page.bounds();
    let shown = control
        .network
        .read(move |view| {
            let accounts = account::page(view, limit, offset)?;
            accounts.into_iter().map(|it| Shown::of(view, it)).collect::<Result<Vec<_>, Refusal>>()
        })
        .await?;
    Ok(data(shown.into_iter().map(|it| it.render(&control)).collect::<Vec<_>>()))
}

async fn create(State(control): State<Control>, Body(body): Body<types::CreateAccount>) -> Answer {
    let phone = number(&body.phone_number)?;
    let spellings = body.dialled_as.iter().flatten().map(number).collect::<Result<Vec<_>, _>>()?;
    let shown = control
        .network
        .change(move |change| {
            let name = format!("Phone {}", &phone[phone.len().saturating_sub(4)..]);
            let new = NewAccount {
                phone: &phone,
                push_name: body.name.as_deref().unwrap_or(&name),
                about: body.about.as_deref().unwrap_or(ABOUT),
                business_name: body.business_name.as_deref(),
                character: body.character.map_or(Character::Reader, character_of),
            };
            let id = account::create(change, &new)?;
            for digits in &spellings {
                account::add_spelling(change, id, digits)?;
            }
            Shown::of(change, account::by_id(change, id)?)
        })
        .await?;
    let account = shown.render(&control);
    Ok(created(&format!("/_sandbox/accounts/{}", account.phone_number), account))
}

async fn get(State(control): State<Control>, At(account): At<String>) -> Answer {
    let shown = control.network.read(move |view| Shown::of(view, who::find(view, &account)?)).await?;
    Ok(data(shown.render(&control)))
}

async fn update(
    State(control): State<Control>,
    At(account): At<String>,
    Body(body): Body<types::UpdateAccount>,
) -> Answer {
    let shown = control
        .network
        .change(move |change| {
            let id = who::find(change, &account)?.id;
            apply(change, id, &body)?;
            Shown::of(change, account::by_id(change, id)?)
        })
        .await?;
    Ok(data(shown.render(&control)))
}

fn apply(change: &Change<'_>, id: AccountId, body: &types::UpdateAccount) -> Result<(), Refusal> {
    if let Some(name) = &body.name {
        account::set_push_name(change, id, name)?;
    }
    if let Some(about) = &body.about {
        account::set_about(change, id, about)?;
    }
    if let Some(name) = &body.business_name {
        account::set_business_name(change, id, name.as_deref())?;
    }
    if let Some(character) = body.character {
        account::set_character(change, id, character_of(character))?;
    }
    if let Some(new) = &body.privacy {
        let now = privacy::of(change, id)?;
        let to = Privacy {
            presence: new.presence.map_or(now.presence, circle),
            picture: new.picture.map_or(now.picture, circle),
            read_receipts: new.read_receipts.unwrap_or(now.read_receipts),
            open_to_groups: new.open_to_groups.unwrap_or(now.open_to_groups),
        };
        privacy::set(change, id, to)?;
    }
    if let Some(registered) = body.registered {
        registration::set(change, id, registered)?;
    }
    if let Some(online) = body.online {
        phone::switch(change, id, online)?;
    }
    if let Some(available) = body.available {
        phone::expect_on(change, id)?;
        presence::set(change, id, available)?;
    }
    Ok(())
}

async fn set_picture(
    State(control): State<Control>,
    At(account): At<String>,
    Body(body): Body<types::SetPicture>,
) -> Answer {
    let source = source(body.url, body.base64)?;
    let shown = control
        .network
        .change(move |change| {
            let id = who::find(change, &account)?.id;
            let picture = picture::keep(change, &source)?;
            account::set_picture(change, id, Some(&picture))?;
            Shown::of(change, account::by_id(change, id)?)
        })
        .await?;
    Ok(data(shown.render(&control)))
}

async fn delete_picture(State(control): State<Control>, At(account): At<String>) -> Answer {
    let shown = control
        .network
        .change(move |change| {
            let id = who::find(change, &account)?.id;
            account::set_picture(change, id, None)?;
            Shown::of(change, account::by_id(change, id)?)
        })
        .await?;
    Ok(data(shown.render(&control)))
}

/// The digits of a phone number.
pub(super) fn number(text: &types::PhoneNumber) -> Result<String, Refusal> {
    match Jid::parse(text)? {
        Jid::Phone(digits) => Ok(digits),
        _ => Err(Refusal::Invalid(format!("`{}` is no phone number", text.as_str()))),
    }
}
