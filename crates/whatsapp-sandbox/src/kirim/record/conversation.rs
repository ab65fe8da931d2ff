//! Conversations: the chat of a number with one contact, and how the organisation works on it.

use std::time::Duration;

use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use super::contact::{self, Contact};
use super::tell;
use crate::clock::Timestamp;
use crate::kirim::e164;
use crate::kirim::number::Number;
use crate::network::id::ConversationId;
use crate::network::{Change, Refusal};
use crate::store::Sql as _;

/// How long after a person's last message one may write freely.
const WINDOW: Duration = Duration::from_hours(24);

/// A conversation.
#[derive(Clone, Debug)]
pub(in crate::kirim) struct Conversation {
    pub(in crate::kirim) id: String,
    contact: String,
    pub(in crate::kirim) status: String,
    pub(in crate::kirim) assignee: Option<String>,
    unread: i64,
    pub(in crate::kirim) last_message_at: Option<Timestamp>,
    last_inbound_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// Which conversations to list.
#[derive(Clone, Debug)]
pub(in crate::kirim) struct Filter {
    pub(in crate::kirim) status: Option<String>,
    pub(in crate::kirim) contact: Option<String>,
    /// When the last one of the page before was active, in milliseconds, and its id.
    pub(in crate::kirim) after: Option<(i64, String)>,
    pub(in crate::kirim) limit: i64,
}

const COLUMNS: &str = "kirim_conversation.id, contact_id, status, assignee_id, unread, last_message_at, last_inbound_at, \
                       kirim_conversation.created_at, kirim_conversation.updated_at";
const TABLES: &str = "kirim_conversation JOIN kirim_contact ON kirim_contact.id = contact_id";

impl Conversation {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            contact: row.get(1)?,
            status: row.get(2)?,
            assignee: row.get(3)?,
            unread: row.get(4)?,
            last_message_at: row.get(5)?,
            last_inbound_at: row.get(6)?,
            created_at: row.get(7)?,
            updated_at: row.get(8)?,
        })
    }

    /// Whether one may write freely now.
    pub(in crate::kirim) fn is_open(&self, now: Timestamp) -> bool {
        self.last_inbound_at.is_some_and(|at| now < at.after(WINDOW))
    }

    /// As the API shows it.
    pub(in crate::kirim) fn render(
        &self,
        connection: &Connection,
        number: &Number,
    ) -> Result<Value, Refusal> {
        let contact = contact::get(connection, number, &self.contact)?;
        let instant = |at: Option<Timestamp>| at.map(|it| it.to_string());
        Ok(json!({
            "id": self.id,
            "object": "conversation",
            "status": self.status,
            "contact": { "id": contact.id, "phone_number": e164(&contact.phone), "name": contact.name },
            "whatsapp_account": { "phone_number": e164(&number.account(connection)?.phone) },
            "assignee": self.assignee.as_deref().map(|id| user(connection, number, id)).transpose()?,
            "unread_count": self.unread,
            "last_message_at": instant(self.last_message_at),
            "last_inbound_at": instant(self.last_inbound_at),
            "created_at": self.created_at.to_string(),
            "updated_at": self.updated_at.to_string(),
        }))
    }
}

/// Somebody to whom conversations are assigned.
fn user(connection: &Connection, number: &Number, id: &str) -> Result<Value, Refusal> {
    let sql = "SELECT name, email FROM kirim_user WHERE id = ?1 AND organization_id = ?2";
    let found = connection.first(sql, (id, &number.organization), |row| {
        Ok(json!({ "id": id, "name": row.get::<_, String>(0)?, "email": row.get::<_, String>(1)? }))
    })?;
    found.ok_or_else(|| Refusal::NoRecord("user", id.to_owned()))
}

/// The conversation with this id.
pub(in crate::kirim) fn get(
    connection: &Connection,
    number: &Number,
    id: &str,
) -> Result<Conversation, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE kirim_conversation.id = ?1 AND number_id = ?2");
    let found = connection.first(&sql, (id, &number.id), Conversation::from_row)?;
    found.ok_or_else(|| Refusal::NoRecord("conversation", id.to_owned()))
}

/// Conversations, the most recently active first, and those without a message last.
pub(in crate::kirim) fn list(
    connection: &Connection,
    number: &Number,
    filter: &Filter,
) -> Result<Vec<Conversation>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM {TABLES}
          WHERE number_id = ?1 AND (?2 IS NULL OR status = ?2) AND (?3 IS NULL OR contact_id = ?3)
            AND (?4 IS NULL OR (coalesce(last_message_at, -1), kirim_conversation.id) < (?4, ?5))
          ORDER BY coalesce(last_message_at, -1) DESC, kirim_conversation.id DESC LIMIT ?6"
    );
    let Filter { status, contact, after, limit } = filter;
    let (at, id) = after.clone().unzip();
    Ok(connection.all(&sql, (&number.id, status, contact, at, id, limit), Conversation::from_row)?)
}

/// The conversation with a contact, begun if there is none.
pub(super) fn ensure(change: &Change<'_>, contact: &Contact) -> Result<Conversation, Refusal> {
    let id = format!("cnv_{}", change.entropy().ulid(change.now));
    change.run(
        "INSERT OR IGNORE INTO kirim_conversation (id, contact_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)",
        (&id, &contact.id, change.now),
    )?;
    let found = with(change, contact)?;
    found.ok_or_else(|| Refusal::NoRecord("conversation", id))
}

/// The conversation with a contact, if there is one.
pub(in crate::kirim) fn with(
    connection: &Connection,
    contact: &Contact,
) -> Result<Option<Conversation>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE contact_id = ?1");
    Ok(connection.first(&sql, (&contact.id,), Conversation::from_row)?)
}

/// A message came or went. One that comes reopens what was resolved.
pub(super) fn active(change: &Change<'_>, id: &str, at: Timestamp, inbound: bool) -> Result<(), Refusal> {
    change.run(
        "UPDATE kirim_conversation SET last_message_at = max(coalesce(last_message_at, ?2), ?2), updated_at = ?4,
                last_inbound_at = iif(?3, max(coalesce(last_inbound_at, ?2), ?2), last_inbound_at),
                unread = unread + ?3, status = iif(?3 AND status = 'resolved', 'open', status)
          WHERE id = ?1",
        (id, at, inbound, change.now),
    )?;
    Ok(())
}

/// Counts the unread messages again: as many as the network has, for it knows what was read elsewhere.
pub(super) fn read(
    change: &Change<'_>,
    number: &Number,
    phone: &str,
    chat: ConversationId,
) -> Result<(), Refusal> {
    change.run(
        "UPDATE kirim_conversation SET unread = coalesce((SELECT unread FROM chat WHERE account_id = ?3 AND conversation_id = ?4), 0)
          WHERE contact_id = (SELECT id FROM kirim_contact WHERE number_id = ?1 AND phone = ?2)",
        (&number.id, phone, number.account, chat),
    )?;
    Ok(())
}

/// Changes the status; what is resolved is told.
pub(in crate::kirim) fn set_status(
    change: &Change<'_>,
    number: &Number,
    id: &str,
    status: &str,
) -> Result<(), Refusal> {
    let before = get(change, number, id)?;
    if before.status == status {
        return Ok(());
    }
    let sql = "UPDATE kirim_conversation SET status = ?2, updated_at = ?3 WHERE id = ?1";
    change.run(sql, (id, status, change.now))?;
    if status != "resolved" {
        return Ok(());
    }
    // Nobody did it: it was done with a key.
    let conversation =
        json!({ "id": id, "object": "conversation", "status": status, "closed_by_user_id": null });
    let data = json!({ "conversation": conversation });
    tell(change, number, json!({ "type": "conversation.closed", "data": data }))
}

/// Changes who takes care of it; somebody new is told.
pub(in crate::kirim) fn assign(
    change: &Change<'_>,
    number: &Number,
    id: &str,
    to: Option<&str>,
) -> Result<(), Refusal> {
    let before = get(change, number, id)?;
    if before.assignee.as_deref() == to {
        return Ok(());
    }
    if let Some(to) = to {
        user(change, number, to)?;
    }
    let sql = "UPDATE kirim_conversation SET assignee_id = ?2, updated_at = ?3 WHERE id = ?1";
    change.run(sql, (id, to, change.now))?;
    let Some(to) = to else { return Ok(()) };
    let conversation = json!({ "id": id, "object": "conversation", "status": before.status });
    let assignee = json!({ "user_id": to, "team_id": null, "previous_user_id": before.assignee });
    let data = json!({ "conversation": conversation, "assignee": assignee });
    tell(change, number, json!({ "type": "conversation.assigned", "data": data }))
}
