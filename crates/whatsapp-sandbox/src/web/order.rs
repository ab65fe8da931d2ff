//! The order in which the product writes the members of its objects. Types made from a document have them by the alphabet.

use serde_json::Value;

/// All members, in an order that is right for each kind of object.
const MEMBERS: &[&str] = &[
    // How an answer begins.
    "jsonrpc",
    "already_authenticated",
    "ok",
    "id",
    "name",
    "mcp",
    // A code.
    "phone_number",
    "code",
    "instructions",
    "status",
    // Lists.
    "chat",
    "count",
    "chats",
    "messages",
    // The status, and the account in it.
    "state",
    "ready",
    "authenticated",
    "auth_dir",
    "chrome_executable",
    "headless",
    "has_qr",
    "last_error",
    "account",
    "wid",
    "pushname",
    "platform",
    // A message, and one that was sent.
    "from",
    "to",
    "author",
    "type",
    "chat_id",
    "message_id",
    "from_me",
    "has_media",
    "body",
    // A chat.
    "is_group",
    "is_read_only",
    "archived",
    "pinned",
    "muted",
    "unread_count",
    "timestamp",
    "last_message",
    // A failure.
    "error",
    "message",
];

/// The same value, whose objects have their members in the product's order.
pub(super) fn ordered(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> =
                members.into_iter().map(|(name, value)| (name, ordered(value))).collect();
            members.sort_by_key(|(name, _)| MEMBERS.iter().position(|it| it == name));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => items.into_iter().map(ordered).collect(),
        other => other,
    }
}
