//! Which scope an operation needs.

use super::routes::Operation;

/// The scope that an API key must carry to call the operation; `None` if any key will do.
///
/// This follows the rule behind the document's scopes: reading needs `<domain>:read`, all else `<domain>:manage` or
/// `<domain>:write`. An operation of a domain that is not named here needs a key that may do everything. A test of the
/// whole compares this with the scopes of the tools.
pub(super) fn of(operation: Operation) -> Option<&'static str> {
    let reads = operation.method == "GET";
    let either = |read, change| Some(if reads { read } else { change });
    match domain(operation.id) {
        "sessions" => either("sessions:read", "sessions:manage"),
        "pair" | "client_tokens" | "widget" => Some("sessions:manage"),
        "messages" => Some("messages:write"),
        "chats" => either("chats:read", "chats:manage"),
        "groups" => either("groups:read", "groups:manage"),
        // Checking a number and resolving a LID change nothing, though they are no GET.
        "contacts" if operation.id == "contacts_check" => Some("contacts:read"),
        "contacts" => either("contacts:read", "contacts:manage"),
        "lids" => Some("contacts:read"),
        "channels" => either("channels:read", "channels:manage"),
        "presence" => either("presence:read", "presence:write"),
        "profile" => either("profile:read", "profile:write"),
        "labels" => either("labels:read", "labels:manage"),
        "webhooks" => Some("webhooks:manage"),
        "media" if operation.id == "media_persist" => Some("media:manage"),
        "media" => Some("media:read"),
        "info" | "account" | "admin" => None,
        _ => Some("*"),
    }
}

fn domain(id: &str) -> &str {
    if id.starts_with("client_tokens_") {
        return "client_tokens";
    }
    id.split_once('_').map_or(id, |(domain, _)| domain)
}
