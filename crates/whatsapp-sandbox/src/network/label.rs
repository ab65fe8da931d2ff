//! Labels: how a business account sorts its chats.

use rusqlite::Connection;

use super::event::{Event, LabelChange, Person};
use super::id::{AccountId, ConversationId};
use super::{Change, Refusal, account};
use crate::store::Sql as _;

/// A label.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) id: i64,
    pub(crate) name: String,
    /// An index into the palette of the apps, 0 to 19.
    pub(crate) color: i64,
}

const COLORS: i64 = 20;

/// The account's labels.
pub(crate) fn list(connection: &Connection, me: AccountId) -> Result<Vec<Label>, Refusal> {
    check_business(connection, me)?;
    let sql = "SELECT id, name, color FROM label WHERE account_id = ?1 ORDER BY id";
    Ok(connection
        .all(sql, (me,), |row| Ok(Label { id: row.get(0)?, name: row.get(1)?, color: row.get(2)? }))?)
}

/// The account's label with this id.
pub(crate) fn get(connection: &Connection, me: AccountId, id: &str) -> Result<Label, Refusal> {
    let labels = list(connection, me)?;
    labels
        .into_iter()
        .find(|label| label.id.to_string() == id)
        .ok_or_else(|| Refusal::NoLabel(id.chars().take(64).collect()))
}

/// Makes a label; without a colour it gets the first.
pub(crate) fn create(
    change: &Change<'_>,
    me: AccountId,
    name: &str,
    color: Option<i64>,
) -> Result<Label, Refusal> {
    check_business(change, me)?;
    let color = color.unwrap_or(0);
    check(change, me, None, name, color)?;
    change.run("INSERT INTO label (account_id, name, color) VALUES (?1, ?2, ?3)", (me, name, color))?;
    let label = Label { id: change.last_insert_rowid(), name: name.to_owned(), color };
    tell(change, me, &label, LabelChange::Created)?;
    Ok(label)
}

/// Gives a label another name or colour.
pub(crate) fn update(change: &Change<'_>, me: AccountId, label: &Label) -> Result<(), Refusal> {
    check(change, me, Some(label.id), &label.name, label.color)?;
    change
        .run("UPDATE label SET name = ?2, color = ?3 WHERE id = ?1", (label.id, &label.name, label.color))?;
    tell(change, me, label, LabelChange::Updated)
}

/// Deletes a label and takes it off its chats.
pub(crate) fn delete(change: &Change<'_>, me: AccountId, label: &Label) -> Result<(), Refusal> {
    change.run("DELETE FROM label WHERE id = ?1", (label.id,))?;
    tell(change, me, label, LabelChange::Deleted)
}

/// The labels of a chat.
pub(crate) fn of_chat(
    connection: &Connection,
    me: AccountId,
    chat: ConversationId,
) -> Result<Vec<Label>, Refusal> {
    let mut labels = list(connection, me)?;
    let sql = "SELECT label_id FROM label_chat JOIN label ON label.id = label_id
                WHERE account_id = ?1 AND conversation_id = ?2";
    let ids: Vec<i64> = connection.all(sql, (me, chat), |row| row.get(0))?;
    labels.retain(|label| ids.contains(&label.id));
    Ok(labels)
}

/// Puts a label on a chat, or takes it off.
pub(crate) fn assign(
    change: &Change<'_>,
    me: AccountId,
    label: &Label,
    chat: ConversationId,
    assigned: bool,
) -> Result<(), Refusal> {
    let sql = if assigned {
        "INSERT OR IGNORE INTO label_chat (label_id, conversation_id) VALUES (?1, ?2)"
    } else {
        "DELETE FROM label_chat WHERE label_id = ?1 AND conversation_id = ?2"
    };
    if change.run(sql, (label.id, chat))? == 0 {
        return Ok(());
    }
    let (place, by) = (change.place(chat)?, Person::of(change, me)?);
    let event = Event::LabelChat { place, by, id: label.id, name: label.name.clone(), assigned };
    change.emit(&event, &[me])
}

fn tell(change: &Change<'_>, me: AccountId, label: &Label, what: LabelChange) -> Result<(), Refusal> {
    let Label { id, name, color } = label.clone();
    change.emit(&Event::Label { by: Person::of(change, me)?, id, name, color, change: what }, &[me])
}

fn check_business(connection: &Connection, me: AccountId) -> Result<(), Refusal> {
    let account = account::by_id(connection, me)?;
    if account.business_name.is_some() { Ok(()) } else { Err(Refusal::NotBusiness(account.phone)) }
}

fn check(
    connection: &Connection,
    me: AccountId,
    own: Option<i64>,
    name: &str,
    color: i64,
) -> Result<(), Refusal> {
    if name.trim().is_empty() || name.chars().count() > 100 {
        return Err(Refusal::Invalid("`name` must have 1 to 100 characters".to_owned()));
    }
    if !(0..COLORS).contains(&color) {
        return Err(Refusal::Invalid(format!("`color` must be 0 to {}", COLORS - 1)));
    }
    let sql = "SELECT 1 FROM label WHERE account_id = ?1 AND name = ?2 AND id <> coalesce(?3, 0)";
    if connection.any(sql, (me, name, own))? { Err(Refusal::LabelExists(name.to_owned())) } else { Ok(()) }
}
