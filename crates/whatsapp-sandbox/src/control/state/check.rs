//! Whether the sandbox can read the values of a state: what the tables take is more than what their columns mean.

use rusqlite::types::{FromSql, FromSqlError, Value as SqlValue, ValueRef};
use serde_json::Value;

use crate::access::webhook::Registration;
use crate::network::agenda::Task;
use crate::network::call::Phase;
use crate::network::content::Content;
use crate::network::event::Event;
use crate::network::group::member::Rank;
use crate::network::id::AccountId;
use crate::network::receipt::Status;
use crate::network::reply::{self, Reply};
use crate::network::session;

/// The columns with a form of their own, which their readers rely on. Nothing is the table's own concern.
const FORMS: [(&str, &str, Form); 29] = [
    ("account", "lid", digits),
    ("account", "phone", digits),
    ("agenda", "task", fits::<Task>),
    ("call", "phase", fits::<Phase>),
    ("client_rules", "max_daily", fits::<u32>),
    ("client_rules", "rate_limit", fits::<u32>),
    ("client_usage", "sends", fits::<u32>),
    ("delivery", "attempts", fits::<u32>),
    ("delivery", "status", fits::<u16>),
    ("dialled_number", "digits", digits),
    ("event", "body", fits::<Event>),
    ("event", "observers", observers),
    ("kept_answer", "answer", json),
    ("kept_answer", "request", fits::<[u8; 32]>),
    ("kirim_contact", "metadata", json),
    ("kirim_message", "error", json),
    ("kirim_message", "fields", json),
    ("kirim_template", "buttons", json),
    ("message", "content", fits::<Content>),
    ("participant", "rank", rank),
    ("poll_vote", "option", option),
    ("receipt", "status", receipt_status),
    ("reply_rule", "delay_ms", fits::<u32>),
    ("reply_rule", "matching", matching),
    ("reply_rule", "reply", fits::<Reply>),
    ("session", "state", fits::<session::State>),
    ("session", "synced", percent),
    ("setting", "value", json),
    ("webhook", "registration", registration),
];

/// What is wrong with a value, if anything is.
type Form = fn(ValueRef<'_>) -> Result<(), String>;

/// Says what is wrong with a value that its column takes, and that no reader of the column could read.
pub(super) fn cell(table: &str, column: &str, value: &SqlValue) -> Result<(), String> {
    let form = FORMS.iter().find(|(of, name, _)| (*of, *name) == (table, column));
    match (form, ValueRef::from(value)) {
        // Whether a column may be empty is the table's concern.
        (None, _) | (_, ValueRef::Null) => Ok(()),
        (Some((.., form)), value) => form(value),
    }
}

fn fits<T: FromSql>(value: ValueRef<'_>) -> Result<(), String> {
    match T::column_result(value) {
        Ok(_) => Ok(()),
        Err(FromSqlError::InvalidType) => Err("it is none of the values that there are".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn text(value: ValueRef<'_>) -> Result<&str, String> {
    value.as_str().map_err(|error| error.to_string())
}

fn digits(value: ValueRef<'_>) -> Result<(), String> {
    let text = text(value)?;
    let are_digits = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    if are_digits { Ok(()) } else { Err("it must be digits".to_owned()) }
}

fn observers(value: ValueRef<'_>) -> Result<(), String> {
    let accounts: Result<Vec<AccountId>, _> = serde_json::from_str(text(value)?);
    accounts.map(drop).map_err(|error| error.to_string())
}

fn receipt_status(value: ValueRef<'_>) -> Result<(), String> {
    within(value, Status::Sent as i64, Status::Played as i64)
}

fn rank(value: ValueRef<'_>) -> Result<(), String> {
    within(value, Rank::Member as i64, Rank::Superadmin as i64)
}

fn option(value: ValueRef<'_>) -> Result<(), String> {
    within(value, 0, 11)
}

fn json(value: ValueRef<'_>) -> Result<(), String> {
    let value: Result<Value, _> = serde_json::from_str(text(value)?);
    value.map(drop).map_err(|error| error.to_string())
}

fn percent(value: ValueRef<'_>) -> Result<(), String> {
    within(value, 0, 100)
}

fn within(value: ValueRef<'_>, least: i64, most: i64) -> Result<(), String> {
    match value.as_i64() {
        Ok(number) if (least..=most).contains(&number) => Ok(()),
        _ => Err(format!("it must be a number from {least} to {most}")),
    }
}

fn matching(value: ValueRef<'_>) -> Result<(), String> {
    reply::compile(text(value)?).map(drop).map_err(|refusal| refusal.to_string())
}

fn registration(value: ValueRef<'_>) -> Result<(), String> {
    let registration: Registration = serde_json::from_str(text(value)?).map_err(|error| error.to_string())?;
    registration.check().map_err(|refusal| refusal.to_string())
}
