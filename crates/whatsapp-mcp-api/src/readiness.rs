//! Why the API does not answer: it waits until the account is linked and ready.

use serde_json::Value;
use toolwright::toolset::Readiness;

/// What is asked when a call ends without an answer in time.
pub(crate) const READINESS: Readiness = Readiness { tool: "whatsapp_status", obstacle };

/// What is wrong, from the status of the account.
fn obstacle(status: &Value) -> Option<String> {
    if status.get("ready")?.as_bool()? {
        return None;
    }
    let state = status.get("state").and_then(Value::as_str).unwrap_or("unknown");
    let remedy = match state {
        "qr" => "let the user scan the code at the page /qr with the phone, then try again",
        "starting" | "authenticated" => "it is on its way: try again in a moment",
        _ => "start it with whatsapp_start_auth and look at whatsapp_status, then try again",
    };
    Some(format!("The WhatsApp client is not ready (state `{state}`): {remedy}."))
}
