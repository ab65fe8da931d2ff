//! The demo organisations: one with the number of the seeded session, and another one, so that one can try that neither
//! sees anything of the other.

use super::api_key::{self, NewKey};
use super::organization::{self, NewOrganization, Organization};
use super::{number, template};
use crate::jid::Jid;
use crate::network::{Change, Refusal, account};
use crate::seed::{KIRIM_KEY, KIRIM_KEYS};
use crate::store::Sql as _;

/// Meta's id of the number of the seeded session; the vendor's documentation uses the same.
const PHONE_NUMBER_ID: &str = "106540352242922";
const OTHER_PHONE_NUMBER_ID: &str = "106540352242923";

/// Makes the organisations, if they are not there, and gives them the demo numbers that exist.
pub(crate) fn plant(change: &Change<'_>) -> Result<(), Refusal> {
    if api_key::has(change, KIRIM_KEY)? {
        return Ok(());
    }
    let numbers =
        [("pro", "5511999990001", PHONE_NUMBER_ID), ("free", "5511999990002", OTHER_PHONE_NUMBER_ID)];
    for ((secret, name), (tier, phone, id)) in KIRIM_KEYS.into_iter().zip(numbers) {
        let key = NewKey { secret: Some(secret), ..NewKey::default() };
        let (organization, _) = organization::create(change, NewOrganization { name, tier, key })?;
        add_users(change, &organization)?;
        let Some(account) = account::find(change, &Jid::Phone(phone.to_owned()))? else { continue };
        let number = number::claim(change, &organization.id, &account, Some(id))?;
        template::sync(change, &number)?;
        template::fall_behind(change, &number)?;
    }
    Ok(())
}

/// People to whom conversations can be assigned.
fn add_users(change: &Change<'_>, organization: &Organization) -> Result<(), Refusal> {
    for name in ["Dewi", "Rizky"] {
        let id = format!("usr_{}", change.entropy().ulid(change.now));
        let email = format!("{}@example.com", name.to_lowercase());
        change.run(
            "INSERT INTO kirim_user (id, organization_id, name, email) VALUES (?1, ?2, ?3, ?4)",
            (id, &organization.id, name, email),
        )?;
    }
    Ok(())
}
