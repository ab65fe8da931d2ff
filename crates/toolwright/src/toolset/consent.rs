//! The user's consent to a call, where the policy wants it.

use std::fmt::Write;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use toolwright_catalog::Effect;

use crate::conversation::Elicited;
use crate::error::{declined, refused_by_policy};
use crate::policy::Refusal;
use crate::schema::shorten;
use crate::tool::Tool;
use crate::{Arguments, Context, ToolError};

/// How many arguments the question shows, and how much of each.
const SHOWN: usize = 20;
const SHOWN_LEN: usize = 300;

/// Asks the user, through the client, whether this call may be made. Where nobody can be asked, it may not.
pub(super) async fn obtain(tool: &Tool, arguments: &Arguments, context: &Context) -> Result<(), ToolError> {
    let client = context.conversation();
    if !client.can_elicit() {
        return Err(refused_by_policy(tool, &Refusal::NoConsent));
    }
    // There is nothing to fill in: to accept the form is to agree.
    let form = json!({ "type": "object", "properties": {} });
    match client.elicit(&key(tool, arguments), &question(tool, arguments), &form).await? {
        Elicited::Accepted(_) => Ok(()),
        Elicited::Declined | Elicited::Cancelled => Err(declined(tool)),
    }
}

/// Consent to one call is none to a call with other arguments.
fn key(tool: &Tool, arguments: &Arguments) -> String {
    let mut values = Value::Object(arguments.values().clone());
    values.sort_all_objects();
    let digest = Sha256::digest(values.to_string());
    let mut key = format!("consent:{}:", tool.name);
    for byte in digest {
        // Writing to a string does not fail.
        let _ = write!(key, "{byte:02x}");
    }
    key
}

fn question(tool: &Tool, arguments: &Arguments) -> String {
    let consequence = match tool.effect {
        Effect::Read => "",
        Effect::Write => ", which changes something",
        Effect::Destructive => ", which may remove or overwrite something",
    };
    let mut question = format!("May `{}` ({}) be called{consequence}?", tool.name, tool.title);
    let values = arguments.values();
    for (name, value) in values.iter().take(SHOWN) {
        let _ = write!(question, "\n- {}: {}", shorten(name, 64), shorten(&value.to_string(), SHOWN_LEN));
    }
    if values.len() > SHOWN {
        let _ = write!(question, "\n- and {} more arguments", values.len() - SHOWN);
    }
    question
}
