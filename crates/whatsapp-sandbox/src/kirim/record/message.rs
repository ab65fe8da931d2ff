//! Messages of a number, sent and received.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD as BASE64;
use rusqlite::{Connection, Row};
use serde_json::{Map, Value, json};

use super::contact::Contact;
use super::content::Shown;
use super::{conversation, tell};
use crate::clock::Timestamp;
use crate::kirim::failure::Failure;
use crate::kirim::number::{self, Number};
use crate::kirim::{e164, files};
use crate::network::{Change, Refusal};
use crate::store::Sql as _;

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::kirim) enum Direction {
    Inbound,
    Outbound,
}

/// A message to be written down.
#[derive(Clone, Debug)]
pub(in crate::kirim) struct NewMessage {
    pub(in crate::kirim) wire_id: String,
    pub(in crate::kirim) direction: Direction,
    pub(in crate::kirim) status: &'static str,
    pub(in crate::kirim) shown: Shown,
    pub(in crate::kirim) at: Timestamp,
}

/// A message.
#[derive(Clone, Debug)]
pub(in crate::kirim) struct Record {
    /// Later ones have larger numbers.
    pub(in crate::kirim) number: i64,
    pub(in crate::kirim) id: String,
    conversation: String,
    pub(in crate::kirim) wire_id: String,
    pub(in crate::kirim) direction: Direction,
    pub(in crate::kirim) kind: String,
    pub(in crate::kirim) status: String,
    pub(in crate::kirim) fields: Map<String, Value>,
    pub(in crate::kirim) error: Option<Value>,
    pub(in crate::kirim) created_at: Timestamp,
    pub(in crate::kirim) updated_at: Timestamp,
    /// The contact's phone number, in digits.
    pub(in crate::kirim) phone: String,
}

/// Which messages to list.
#[derive(Clone, Debug)]
pub(in crate::kirim) struct Filter {
    pub(in crate::kirim) conversation: Option<String>,
    pub(in crate::kirim) direction: Option<String>,
    pub(in crate::kirim) status: Option<String>,
    pub(in crate::kirim) created_after: Option<Timestamp>,
    /// The number of the last one of the page before.
    pub(in crate::kirim) after: Option<i64>,
    pub(in crate::kirim) limit: i64,
}

const COLUMNS: &str = "kirim_message.number, kirim_message.id, conversation_id, wire_id, direction, kind, kirim_message.status, fields, \
     error, kirim_message.created_at, kirim_message.updated_at, phone";
const TABLES: &str = "kirim_message JOIN kirim_conversation ON kirim_conversation.id = conversation_id
                                    JOIN kirim_contact ON kirim_contact.id = contact_id";

impl Direction {
    fn name(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
}

impl Record {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let (direction, fields, error): (String, String, Option<String>) =
            (row.get(4)?, row.get(7)?, row.get(8)?);
        Ok(Self {
            number: row.get(0)?,
            id: row.get(1)?,
            conversation: row.get(2)?,
            wire_id: row.get(3)?,
            direction: if direction == "inbound" { Direction::Inbound } else { Direction::Outbound },
            kind: row.get(5)?,
            status: row.get(6)?,
            fields: serde_json::from_str(&fields).unwrap_or_default(),
            error: error.and_then(|it| serde_json::from_str(&it).ok()),
            created_at: row.get(9)?,
            updated_at: row.get(10)?,
            phone: row.get(11)?,
        })
    }

    /// As the API shows it. `base` is the address of the API, below which files are.
    pub(in crate::kirim) fn render(
        &self,
        connection: &Connection,
        number: &Number,
        base: &str,
    ) -> Result<Value, Refusal> {
        let (mine, theirs) = (e164(&number.account(connection)?.phone), e164(&self.phone));
        let (from, to) = match self.direction {
            Direction::Inbound => (theirs, mine),
            Direction::Outbound => (mine, theirs),
        };
        let mut shown = json!({
            "id": self.id,
            "object": "message",
            "conversation_id": self.conversation,
            "provider_id": provider_id(&self.wire_id),
            "direction": self.direction.name(),
            "type": self.kind,
            "status": self.status,
            "from": from,
            "to": to,
            "error": self.error,
            "created_at": self.created_at.to_string(),
            "updated_at": self.updated_at.to_string(),
        });
        for (name, value) in &self.fields {
            match (name.as_str(), value.as_str()) {
                ("media_id", Some(id)) => shown["media_url"] = files::url(base, id).into(),
                _ => shown[name] = value.clone(),
            }
        }
        Ok(shown)
    }
}

/// Meta's id of a message, made of the network's.
pub(in crate::kirim) fn provider_id(wire_id: &str) -> String {
    format!("wamid.{}", BASE64.encode(wire_id))
}

/// The network's id of a message, read from Meta's.
pub(in crate::kirim) fn wire_id(provider_id: &str) -> Option<String> {
    String::from_utf8(BASE64.decode(provider_id.strip_prefix("wamid.")?).ok()?).ok()
}

/// The message with this id.
pub(in crate::kirim) fn get(connection: &Connection, number: &Number, id: &str) -> Result<Record, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE kirim_message.id = ?1 AND number_id = ?2");
    let found = connection.first(&sql, (id, &number.id), Record::from_row)?;
    found.ok_or_else(|| Refusal::NoRecord("message", id.to_owned()))
}

/// The message with this id on the wire.
pub(in crate::kirim) fn find(
    connection: &Connection,
    number: &Number,
    wire_id: &str,
) -> Result<Option<Record>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE wire_id = ?1 AND number_id = ?2");
    Ok(connection.first(&sql, (wire_id, &number.id), Record::from_row)?)
}

/// Messages, the newest first.
pub(in crate::kirim) fn list(
    connection: &Connection,
    number: &Number,
    filter: &Filter,
) -> Result<Vec<Record>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM {TABLES}
          WHERE number_id = ?1 AND (?2 IS NULL OR conversation_id = ?2) AND (?3 IS NULL OR direction = ?3)
            AND (?4 IS NULL OR kirim_message.status = ?4) AND (?5 IS NULL OR kirim_message.created_at > ?5)
            AND (?6 IS NULL OR kirim_message.number < ?6)
          ORDER BY kirim_message.number DESC LIMIT ?7"
    );
    let Filter { conversation, direction, status, created_after, after, limit } = filter;
    let params = (&number.id, conversation, direction, status, created_after, after, limit);
    Ok(connection.all(&sql, params, Record::from_row)?)
}

/// Writes a message down, and gives its id.
pub(in crate::kirim) fn add(
    change: &Change<'_>,
    number: &Number,
    contact: &Contact,
    new: &NewMessage,
) -> Result<String, Refusal> {
    let conversation = conversation::ensure(change, contact)?;
    let id = format!("msg_{}", change.entropy().ulid(new.at));
    let fields = Value::Object(new.shown.fields.clone()).to_string();
    change.run(
        "INSERT INTO kirim_message
            (id, conversation_id, wire_id, direction, kind, status, fields, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
        (
            &id,
            &conversation.id,
            &new.wire_id,
            new.direction.name(),
            new.shown.kind,
            new.status,
            fields,
            new.at,
        ),
    )?;
    let inbound = new.direction == Direction::Inbound;
    conversation::active(change, &conversation.id, new.at, inbound)?;
    if !inbound {
        tell(change, number, json!({ "type": "message.created", "message": id }))?;
    }
    Ok(id)
}

/// Says what a message shows, where the API knows it better than the network.
pub(in crate::kirim) fn set_shown(change: &Change<'_>, id: &str, shown: &Shown) -> Result<(), Refusal> {
    let fields = Value::Object(shown.fields.clone()).to_string();
    change.run("UPDATE kirim_message SET kind = ?2, fields = ?3 WHERE id = ?1", (id, shown.kind, fields))?;
    Ok(())
}

/// A message has come further.
pub(super) fn advance(
    change: &Change<'_>,
    number: &Number,
    wire_id: &str,
    status: &str,
) -> Result<(), Refusal> {
    let Some(record) = find(change, number, wire_id)? else { return Ok(()) };
    change.run(
        "UPDATE kirim_message SET status = ?2, updated_at = ?3 WHERE id = ?1 AND direction = 'outbound' AND status <> ?2",
        (&record.id, status, change.now),
    )?;
    Ok(())
}

/// A message that was accepted has failed. That its contact was deleted meanwhile is fine.
pub(super) fn fail(change: &Change<'_>, id: &str, failure: Failure) -> Result<(), Refusal> {
    let sql = "UPDATE kirim_message SET status = 'failed', error = ?2, updated_at = ?3
                WHERE id = ?1 AND status = 'pending'";
    if change.run(sql, (id, failure.render().to_string(), change.now))? == 0 {
        return Ok(());
    }
    let owner = "SELECT account_id FROM kirim_number WHERE id =
                    (SELECT number_id FROM kirim_contact WHERE id =
                        (SELECT contact_id FROM kirim_conversation WHERE id =
                            (SELECT conversation_id FROM kirim_message WHERE id = ?1)))";
    let Some(account) = change.first(owner, (id,), |row| row.get(0))? else { return Ok(()) };
    let Some(number) = number::of_account(change, account)? else { return Ok(()) };
    tell(change, &number, json!({ "type": "message.status", "message": id }))
}
