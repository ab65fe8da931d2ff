//! Writes the state out. The same state gives the same bytes, whatever the files are called on this machine.

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use rusqlite::types::ValueRef;
use serde_json::{Map, Value, json};
use url::Url;

use super::tables::{self, Table};
use super::{Control, FORMAT};
use crate::control::answer::Problem;
use crate::media::Files;
use crate::network::{Network, Refusal, View, event};
use crate::store::Sql as _;

/// How long readers of events may take to handle what has happened before it is written out.
const PATIENCE: Duration = Duration::from_secs(5);
const GLANCE: Duration = Duration::from_millis(2);

/// The whole state as JSON.
pub(super) async fn dump(control: &Control, media: bool) -> Result<Vec<u8>, Problem> {
    settle(&control.network).await?;
    let mut files: HashMap<String, Bytes> = HashMap::new();
    // A file that comes in between is fetched in the next round.
    loop {
        let wanted = if media { names(&control.network).await? } else { Vec::new() };
        for name in wanted {
            if !files.contains_key(&name)
                && let Some(bytes) = fetch(&control.outside.files, &name).await?
            {
                files.insert(name, bytes);
            }
        }
        let clock = control.network.stands_at().map(|at| at.to_string());
        let known = std::mem::take(&mut files);
        let (state, known) = control
            .network
            .read(move |view| {
                let complete = !media || held(view)?.iter().all(|name| known.contains_key(name));
                let state = if complete { Some(write(view, clock.as_deref(), &known)?) } else { None };
                Ok((state, known))
            })
            .await?;
        match state {
            Some(state) => return Ok(state),
            None => files = known,
        }
    }
}

/// Waits until those who read events, such as the webhooks' outbox, have handled what has happened so far: their work
/// is a part of the state, and must not depend on when one looks.
async fn settle(network: &Network) -> Result<(), Refusal> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let newest = network.read(event::newest).await?;
    let behind = "SELECT 1 FROM event_cursor WHERE event_id < ?1";
    while network.read(move |view| Ok(view.any(behind, (newest,))?)).await? {
        if tokio::time::Instant::now() > deadline {
            tracing::warn!(
                "the state is written out while webhooks have not been told of all that has happened"
            );
            return Ok(());
        }
        tokio::time::sleep(GLANCE).await;
    }
    Ok(())
}

async fn names(network: &Network) -> Result<Vec<String>, Refusal> {
    network.read(held).await
}

fn held(view: &View<'_>) -> Result<Vec<String>, Refusal> {
    Ok(view.all("SELECT file FROM media WHERE file IS NOT NULL", (), |row| row.get(0))?)
}

/// A file that is gone is written out as empty, which is what can be had of it.
async fn fetch(files: &Files, name: &str) -> Result<Option<Bytes>, Problem> {
    match files.get(name).await {
        Ok(found) => Ok(Some(found.unwrap_or_default())),
        Err(error) => Err(Problem::failure(&error)),
    }
}

fn write(view: &View<'_>, clock: Option<&str>, files: &HashMap<String, Bytes>) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::new();
    let head = json!({ "format": FORMAT, "version": tables::version(view)?, "clock": clock });
    let head = head.to_string();
    out.extend_from_slice(head.trim_end_matches('}').as_bytes());
    out.extend_from_slice(b",\"tables\":{");
    for (index, table) in tables::all(view)?.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(b"\n");
        write_table(view, table, files, &mut out)?;
    }
    out.extend_from_slice(b"\n}}\n");
    Ok(out)
}

fn write_table(
    view: &View<'_>,
    table: &Table,
    files: &HashMap<String, Bytes>,
    out: &mut Vec<u8>,
) -> Result<(), Refusal> {
    out.extend_from_slice(Value::from(table.name.as_str()).to_string().as_bytes());
    out.extend_from_slice(b":{\"columns\":");
    out.extend_from_slice(json!(table.columns).to_string().as_bytes());
    out.extend_from_slice(b",\"rows\":[");
    let mut statement = view.prepare_cached(&table.select())?;
    let mut rows = statement.query(())?;
    let mut is_first = true;
    while let Some(row) = rows.next()? {
        out.extend_from_slice(if is_first { b"\n" } else { b",\n" });
        is_first = false;
        let mut values = Vec::with_capacity(table.columns.len());
        for (index, column) in table.columns.iter().enumerate() {
            values.push(cell(&table.name, column, row.get_ref(index)?, files));
        }
        out.extend_from_slice(Value::Array(values).to_string().as_bytes());
    }
    out.extend_from_slice(b"]}");
    Ok(())
}

/// A value as it is written out: files by their bytes, and no secrets.
fn cell(table: &str, column: &str, value: ValueRef<'_>, files: &HashMap<String, Bytes>) -> Value {
    match (table, column, value) {
        ("media", "file", ValueRef::Text(name)) => {
            let file = std::str::from_utf8(name).ok().and_then(|name| files.get(name));
            file.map_or(Value::Null, |bytes| in_base64(bytes))
        }
        ("webhook", "registration", ValueRef::Text(text)) => without_secrets(text),
        ("kept_answer", "answer", ValueRef::Text(text)) => without_new_secrets(text),
        ("session", "proxy", ValueRef::Text(text)) => without_login(text),
        (_, _, value) => plain(value),
    }
}

fn plain(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => in_base64(bytes),
    }
}

fn in_base64(bytes: &[u8]) -> Value {
    json!({ "base64": BASE64.encode(bytes) })
}

/// A proxy's address may carry a user name and a password.
fn without_login(proxy: &[u8]) -> Value {
    let proxy = String::from_utf8_lossy(proxy);
    let Ok(mut url) = Url::parse(&proxy) else { return Value::Null };
    if url.username().is_empty() && url.password().is_none() {
        return proxy.into();
    }
    match (url.set_username(""), url.set_password(None)) {
        (Ok(()), Ok(())) => url.as_str().into(),
        _ => Value::Null,
    }
}

/// An answer that is kept may show a secret that was just made.
fn without_new_secrets(answer: &[u8]) -> Value {
    let mut answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    if let Some(made) = answer.pointer_mut("/body/data").and_then(Value::as_object_mut) {
        made.shift_remove("initial_secret");
        made.shift_remove("secret");
    }
    answer.to_string().into()
}

/// The key signs deliveries, and headers may carry credentials: neither leaves the sandbox.
fn without_secrets(registration: &[u8]) -> Value {
    let mut fields: Map<String, Value> = serde_json::from_slice(registration).unwrap_or_default();
    for (name, empty) in [("hmacKey", Value::Null), ("headers", json!([]))] {
        if let Some(value) = fields.get_mut(name) {
            *value = empty;
        }
    }
    for secret in fields.get_mut("secrets").and_then(Value::as_array_mut).into_iter().flatten() {
        secret["secret"] = Value::Null;
    }
    Value::Object(fields).to_string().into()
}
