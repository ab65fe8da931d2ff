//! Reads a state in: all of it, or nothing if it does not fit.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use rusqlite::params_from_iter;
use rusqlite::types::Value as SqlValue;
use serde::Deserialize;
use serde_json::Value;
use whatsapp_sandbox_client::types;

use super::check;
use super::tables::{self, Table};
use super::{Control, FORMAT};
use crate::access::webhook;
use crate::control::answer::Problem;
use crate::control::clock::instant;
use crate::media::HeldFile;
use crate::network::{Change, Refusal};
use crate::rest;
use crate::store::Sql as _;

/// A state as it was written out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dump {
    format: String,
    version: i64,
    clock: Option<String>,
    seed: Option<u64>,
    tables: HashMap<String, Rows>,
}

/// The rows of a table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

/// Replaces the state by this one. What was there stays if it does not fit.
pub(super) async fn restore(control: &Control, body: Value) -> Result<types::Imported, Problem> {
    let mut dump: Dump = rest::fit(body)?;
    if dump.format != FORMAT {
        return Err(Problem::invalid(format!("`format` must be `{FORMAT}`: this is no state of a sandbox")));
    }
    let clock = dump.clock.as_deref().map(instant).transpose()?;
    let files = take_files_in(control, &mut dump).await?;
    let seed = dump.seed;
    let replaced = control
        .network
        .replace(move |change| {
            let webhooks = webhook::list(change)?;
            let imported = replace(change, dump)?;
            check_references(change)?;
            change.resume_seed(seed)?;
            let new_webhook_keys = webhook::recall_secrets(change, &webhooks)?;
            // Before anybody else sees the new state: what is due in it depends on its clock.
            change.place_clock(clock)?;
            Ok(types::Imported { new_webhook_keys, ..imported })
        })
        .await;
    // The rows hold their names now, or nobody does.
    drop(files);
    replaced.map_err(as_problem)
}

/// Removes everything, and lets ids count from the beginning.
pub(super) fn empty(change: &Change<'_>) -> Result<Vec<Table>, Refusal> {
    change.execute_batch("PRAGMA defer_foreign_keys = ON")?;
    let tables = tables::all(change)?;
    for table in &tables {
        change.run(&table.clear(), ())?;
    }
    Ok(tables)
}

/// Puts the bytes of media away, and names the files in the rows instead.
async fn take_files_in(control: &Control, dump: &mut Dump) -> Result<Vec<HeldFile>, Problem> {
    let Some(media) = dump.tables.get_mut("media") else { return Ok(Vec::new()) };
    let Some(place) = media.columns.iter().position(|column| column == "file") else { return Ok(Vec::new()) };
    let mut held = Vec::new();
    for value in media.rows.iter_mut().filter_map(|row| row.get_mut(place)) {
        if let Some(bytes) = bytes_of(value) {
            let bytes = Bytes::from(bytes.map_err(Problem::invalid)?);
            let file = control.outside.files.put(bytes).await.map_err(|error| Problem::failure(&error))?;
            *value = file.name().into();
            held.push(file);
        }
    }
    Ok(held)
}

fn replace(change: &Change<'_>, mut dump: Dump) -> Result<types::Imported, Refusal> {
    let version = tables::version(change)?;
    if dump.version != version {
        return Err(Refusal::ForeignState(format!(
            "it has version {}, and this sandbox has {version}: import it into a sandbox of the version that wrote it",
            dump.version
        )));
    }
    let tables = empty(change)?;
    let (count, mut rows) = (tables.len(), 0);
    // Last, since rows with ids of their own count it up.
    let (sequence, others): (Vec<Table>, Vec<Table>) =
        tables.into_iter().partition(|table| table.name == tables::SEQUENCE);
    for table in others.into_iter().chain(sequence) {
        let Some(given) = dump.tables.remove(&table.name) else {
            return Err(Refusal::ForeignState(format!("the table `{}` is missing", table.name)));
        };
        rows += fill(change, &table, given)?;
    }
    match dump.tables.keys().min() {
        Some(name) => Err(Refusal::ForeignState(format!("there is no table `{name}`"))),
        None => Ok(types::Imported {
            tables: i64::try_from(count).unwrap_or(i64::MAX),
            rows: i64::try_from(rows).unwrap_or(i64::MAX),
            new_webhook_keys: Vec::new(),
        }),
    }
}

fn fill(change: &Change<'_>, table: &Table, given: Rows) -> Result<usize, Refusal> {
    if given.columns != table.columns {
        return Err(Refusal::ForeignState(format!(
            "the table `{}` must have the columns {}",
            table.name,
            table.columns.join(", ")
        )));
    }
    if table.name == tables::SEQUENCE {
        // Adding the other rows has counted here.
        change.run(&table.clear(), ())?;
    }
    let sql = table.insert();
    let count = given.rows.len();
    for (index, row) in given.rows.into_iter().enumerate() {
        let place = |what: String| {
            Refusal::ForeignState(format!("row {index} of the table `{}` does not fit: {what}", table.name))
        };
        if row.len() != table.columns.len() {
            return Err(place(format!("it has {} values, not {}", row.len(), table.columns.len())));
        }
        let values = row.into_iter().map(sql_value).collect::<Result<Vec<_>, String>>().map_err(place)?;
        for (column, value) in table.columns.iter().zip(&values) {
            check::cell(&table.name, column, value).map_err(|what| place(format!("`{column}`: {what}")))?;
        }
        change.run(&sql, params_from_iter(values)).map_err(|error| place(error.to_string()))?;
    }
    Ok(count)
}

/// Names the first row that refers to one that is not there.
fn check_references(change: &Change<'_>) -> Result<(), Refusal> {
    let sql = "SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT 1";
    let broken: Option<(String, String)> = change.first(sql, (), |row| Ok((row.get(0)?, row.get(1)?)))?;
    match broken {
        Some((table, parent)) => Err(Refusal::ForeignState(format!(
            "a row of the table `{table}` refers to a row of `{parent}` that is not there"
        ))),
        None => Ok(()),
    }
}

fn sql_value(value: Value) -> Result<SqlValue, String> {
    if let Some(bytes) = bytes_of(&value) {
        return bytes.map(SqlValue::Blob);
    }
    match value {
        Value::Null => Ok(SqlValue::Null),
        Value::String(text) => Ok(SqlValue::Text(text)),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Ok(SqlValue::Integer(number)),
            (None, Some(number)) => Ok(SqlValue::Real(number)),
            (None, None) => Err(format!("{number} is too large")),
        },
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            Err("a value must be null, a number, a text, or bytes as an object with `base64`".to_owned())
        }
    }
}

/// The bytes of an object with `base64`; nothing for any other value.
fn bytes_of(value: &Value) -> Option<Result<Vec<u8>, String>> {
    let fields = value.as_object()?;
    let text = fields.get("base64").filter(|_| fields.len() == 1)?.as_str()?;
    Some(BASE64.decode(text).map_err(|error| format!("`base64` is no base64: {error}")))
}

/// What the tables themselves refuse is no failure of the sandbox.
fn as_problem(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::ForeignState(why) => Problem::conflict(format!("the state cannot be imported: {why}")),
        other => other.into(),
    }
}
