//! What a new store is filled with: keys, and demo people with a history. Every value is obviously made up.

use crate::access::key;
use crate::kirim;
use crate::network::{Change, Refusal};
use crate::store::Sql as _;
use crate::web;

mod history;
mod people;

/// An API key that opens everything.
pub const FULL_KEY: &str = "titan_sandbox_full";
/// The master key, which opens the administration of the instance and nothing else.
pub const MASTER_KEY: &str = "titan_sandbox_master";
/// An API key that reads everything and changes nothing.
pub const READ_ONLY_KEY: &str = "titan_sandbox_read_only";
/// An API key that sends messages and looks at sessions.
pub const MESSAGES_KEY: &str = "titan_sandbox_messages";
/// An API key of the demo organisation in Kirim's API.
pub const KIRIM_KEY: &str = "kdv_live_sandboxAcme0000000000000";
/// An API key of another organisation in Kirim's API, with another number.
pub const OTHER_KIRIM_KEY: &str = "kdv_live_sandboxToko0000000000000";
/// The seeded session, which is connected.
pub const MAIN_SESSION: &str = "main";
/// The session that is the device of the REST API of whatsapp-mcp-api. It is seeded, and linked to
/// [`WHATSAPP_WEB_NUMBER`].
pub const WHATSAPP_WEB_SESSION: &str = web::SESSION;
/// The phone number of the seeded account behind the REST API of whatsapp-mcp-api.
pub const WHATSAPP_WEB_NUMBER: &str = "+5511999990003";
/// The phone number of the contact that answers every message with what it says.
pub const ECHO_NUMBER: &str = "+12025550199";

/// The seeded keys: id, key, label, scopes.
pub(crate) const KEYS: [(&str, &str, &str, &str); 3] = [
    ("key_sandbox_full", FULL_KEY, "Everything", "*"),
    (
        "key_sandbox_read_only",
        READ_ONLY_KEY,
        "Reads everything",
        "sessions:read chats:read contacts:read groups:read channels:read presence:read profile:read labels:read media:read",
    ),
    ("key_sandbox_messages", MESSAGES_KEY, "Sends messages", "messages:write sessions:read"),
];

/// The seeded keys of Kirim's API, each with the name of its organisation.
pub(crate) const KIRIM_KEYS: [(&str, &str); 2] = [(KIRIM_KEY, "Acme"), (OTHER_KIRIM_KEY, "Toko Andi")];

/// Fills a store that is empty; one that has accounts stays as it is.
pub(crate) fn plant(change: &Change<'_>, demo: bool) -> Result<(), Refusal> {
    let has_people = change.any("SELECT 1 FROM account", ())?;
    // A key that was deleted stays so.
    if !has_people && !change.any("SELECT 1 FROM api_key", ())? {
        for (id, secret, label, scopes) in KEYS {
            key::add(change, id, secret, label, scopes)?;
        }
    }
    if !demo || has_people {
        return kirim::plant(change);
    }
    let cast = people::plant(change)?;
    history::plant(change, &cast)?;
    kirim::plant(change)?;
    // All of this is long past: it is no news to anybody.
    change.run("UPDATE session SET synced = 100", ())?;
    change.run("DELETE FROM agenda", ())?;
    change.run("DELETE FROM event", ())?;
    Ok(())
}
