//! Which account is meant, and how accounts are shown.

use whatsapp_sandbox_client::types;

use super::Control;
use crate::jid::Jid;
use crate::network::account::{self, Account, Character};
use crate::network::privacy::{self, Circle, Privacy};
use crate::network::{Refusal, View, phone, session};

/// The account with this number, JID or LID.
pub(super) fn find(view: &View<'_>, text: &str) -> Result<Account, Refusal> {
    account::expect(view, &Jid::parse(text)?)
}

/// A phone number in E.164.
pub(super) fn e164(digits: &str) -> String {
    format!("+{digits}")
}

/// An account with everything that can be set.
pub(super) struct Shown {
    account: Account,
    privacy: Privacy,
    online: bool,
    sessions: Vec<String>,
}

impl Shown {
    pub(super) fn of(view: &View<'_>, account: Account) -> Result<Self, Refusal> {
        Ok(Self {
            privacy: privacy::of(view, account.id)?,
            online: phone::is_on(view, account.id)?,
            sessions: session::of_account(view, account.id)?.into_iter().map(|it| it.name).collect(),
            account,
        })
    }

    pub(super) fn render(self, control: &Control) -> types::Account {
        let Self { account, privacy, online, sessions } = self;
        types::Account {
            phone_number: e164(&account.phone),
            jid: account.jid().to_string(),
            lid: account.lid_jid().to_string(),
            picture_url: control.picture_url(account.picture_id.as_deref()),
            name: account.push_name,
            about: account.about,
            business_name: account.business_name,
            character: character(account.character),
            registered: account.registered,
            online,
            available: account.available,
            last_seen: account.last_seen.map(|at| at.to_string()),
            privacy: types::Privacy {
                presence: audience(privacy.presence),
                picture: audience(privacy.picture),
                read_receipts: privacy.read_receipts,
                open_to_groups: privacy.open_to_groups,
            },
            sessions,
        }
    }
}

pub(super) fn character(it: Character) -> types::Character {
    match it {
        Character::Owner => types::Character::Owner,
        Character::Reader => types::Character::Reader,
        Character::Echo => types::Character::Echo,
    }
}

pub(super) fn character_of(it: types::Character) -> Character {
    match it {
        types::Character::Owner => Character::Owner,
        types::Character::Reader => Character::Reader,
        types::Character::Echo => Character::Echo,
    }
}

fn audience(it: Circle) -> types::Audience {
    match it {
        Circle::Everyone => types::Audience::Everyone,
        Circle::Contacts => types::Audience::Contacts,
        Circle::Nobody => types::Audience::Nobody,
    }
}

pub(super) fn circle(it: types::Audience) -> Circle {
    match it {
        types::Audience::Everyone => Circle::Everyone,
        types::Audience::Contacts => Circle::Contacts,
        types::Audience::Nobody => Circle::Nobody,
    }
}
