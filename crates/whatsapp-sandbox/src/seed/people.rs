//! The demo accounts, who knows whom, and the connected session.

use super::{ECHO_NUMBER, MAIN_SESSION, WHATSAPP_WEB_NUMBER, WHATSAPP_WEB_SESSION};
use crate::network::account::{self, Character, NewAccount};
use crate::network::id::AccountId;
use crate::network::media::Source;
use crate::network::{Change, Refusal, contact, picture, session};
use crate::store::Sql as _;

/// The demo accounts by role.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cast {
    /// Linked to the seeded session.
    pub(super) support: AccountId,
    pub(super) ana: AccountId,
    pub(super) bruno: AccountId,
    /// Lets only contacts add her to groups.
    pub(super) carla: AccountId,
    /// Brazilian, registered without the ninth digit that everyone dials.
    pub(super) diego: AccountId,
    pub(super) echo: AccountId,
    /// A private person, linked to the device of the API that has one account.
    pub(super) marina: AccountId,
}

pub(super) fn plant(change: &Change<'_>) -> Result<Cast, Refusal> {
    let support = business(change, "5511999990001", "Acme Support", "We answer within the hour.")?;
    let sales = business(change, "5511999990002", "Acme Sales", "Ask us for an offer.")?;
    let reader = Character::Reader;
    let ana = person(change, "5511988880001", "Ana", "At the beach", reader)?;
    let bruno = person(change, "5521977770002", "Bruno Lima", "Available", reader)?;
    let carla = person(change, "351912345003", "Carla M.", "Busy", reader)?;
    let diego = person(change, "553188880004", "Diego", "Hey there! I am using WhatsApp.", reader)?;
    let echo = person(change, &ECHO_NUMBER[1..], "Echo", "I say what you say.", Character::Echo)?;
    change.run("INSERT INTO dialled_number (digits, account_id) VALUES ('5531988880004', ?1)", (diego,))?;
    change.run("UPDATE account SET open_to_groups = 0 WHERE id = ?1", (carla,))?;
    change.run("UPDATE account SET available = 1 WHERE id IN (?1, ?2)", (ana, echo))?;
    for (index, id) in [support, ana, bruno].into_iter().enumerate() {
        let picture = picture::keep(change, &Source::Bytes(avatar(index)))?;
        account::set_picture(change, id, Some(&picture))?;
    }
    for (id, name) in
        [(ana, "Ana Souza"), (bruno, "Bruno Lima"), (carla, "Carla Mendes"), (diego, "Diego"), (echo, "Echo")]
    {
        contact::save(change, support, id, name)?;
    }
    for (id, name) in [(ana, "Acme"), (bruno, "Acme Support")] {
        contact::save(change, id, support, name)?;
    }
    contact::save(change, sales, support, "Support colleagues")?;
    session::create(change, MAIN_SESSION, None, None)?;
    session::link(change, &session::get(change, MAIN_SESSION)?, &account::by_id(change, support)?)?;
    let owner = Character::Owner;
    let marina = person(change, &WHATSAPP_WEB_NUMBER[1..], "Marina", "Back in a minute", owner)?;
    for (id, name) in [(ana, "Ana"), (echo, "Echo")] {
        contact::save(change, marina, id, name)?;
    }
    session::reserve(change, WHATSAPP_WEB_SESSION)?;
    session::link(change, &session::get(change, WHATSAPP_WEB_SESSION)?, &account::by_id(change, marina)?)?;
    Ok(Cast { support, ana, bruno, carla, diego, echo, marina })
}

fn business(change: &Change<'_>, phone: &str, name: &str, about: &str) -> Result<AccountId, Refusal> {
    let new =
        NewAccount { phone, push_name: name, about, business_name: Some(name), character: Character::Owner };
    account::create(change, &new)
}

fn person(
    change: &Change<'_>,
    phone: &str,
    push_name: &str,
    about: &str,
    character: Character,
) -> Result<AccountId, Refusal> {
    account::create(change, &NewAccount { phone, push_name, about, business_name: None, character })
}

/// A disc on a plain ground, one colour for each account.
fn avatar(index: usize) -> Vec<u8> {
    const SIZE: i32 = 48;
    const DISCS: [[u8; 3]; 3] = [[18, 140, 126], [230, 126, 34], [93, 109, 200]];
    let disc = DISCS[index % DISCS.len()];
    let pixels: Vec<u8> = (0..SIZE * SIZE)
        .flat_map(|at| {
            let (x, y) = (at % SIZE - SIZE / 2, at / SIZE - SIZE / 2);
            if x * x + y * y < (SIZE / 3) * (SIZE / 3) { disc } else { [236, 240, 241] }
        })
        .collect();
    crate::drawing::rgb(48, &pixels)
}
