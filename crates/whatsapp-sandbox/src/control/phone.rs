//! What a person does with the phone to link a session.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, At, Body, Shared, data};
use crate::jid::Jid;
use crate::network::account::Account;
use crate::network::{Refusal, pairing};

/// Which phone scans.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Scan {
    /// Its number, registered now if it is new. Without one, a phone that is linked to no session scans.
    phone_number: Option<String>,
}

/// What is typed on the phone.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EnterCode {
    /// The pairing code; case, spaces and dashes do not matter.
    code: String,
}

/// The phone scans the QR code that the session shows.
pub(super) async fn scan(network: Shared, At(session): At<String>, Body(body): Body<Scan>) -> Answer {
    let phone = body.phone_number.as_deref().map(Jid::parse).transpose().map_err(Refusal::from)?;
    let account = network.change(move |change| pairing::scan(change, &session, phone.as_ref())).await?;
    Ok(data(&linked(&account)))
}

/// The pairing code is typed on the phone for which it was made.
pub(super) async fn enter_code(
    network: Shared,
    At(session): At<String>,
    Body(body): Body<EnterCode>,
) -> Answer {
    let account = network.change(move |change| pairing::enter_code(change, &session, &body.code)).await?;
    Ok(data(&linked(&account)))
}

fn linked(account: &Account) -> Value {
    json!({ "phoneNumber": format!("+{}", account.phone), "pushName": account.push_name })
}
