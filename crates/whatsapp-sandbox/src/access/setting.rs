//! Settings of the whole instance, which its administrator changes while it runs.

use rusqlite::types::Type;
use serde_json::{Map, Value};

use crate::network::{Change, Refusal, View};
use crate::store::Sql as _;

/// How many requests one API key may make in a minute.
const REQUESTS_PER_MINUTE: &str = "requestsPerMinute";
/// Whether media are copied to lasting storage as they come in.
const AUTO_PERSIST_MEDIA: &str = "autoPersistMedia";

/// Everything that was set.
pub(crate) fn all(view: &View<'_>) -> Result<Map<String, Value>, Refusal> {
    let settings = view.all("SELECT name, value FROM setting ORDER BY name", (), |row| {
        let text: String = row.get(1)?;
        let value: Value = serde_json::from_str(&text)
            .map_err(|error| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, error.into()))?;
        Ok((row.get(0)?, value))
    })?;
    Ok(settings.into_iter().collect())
}

/// Sets what is named; the rest stays.
pub(crate) fn set(change: &Change<'_>, settings: &Map<String, Value>) -> Result<(), Refusal> {
    for (name, value) in settings {
        change
            .run("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)", (name, value.to_string()))?;
    }
    Ok(())
}

/// How many requests one API key may make in a minute, if that was set.
pub(crate) fn requests_per_minute(view: &View<'_>) -> Result<Option<u32>, Refusal> {
    let sql = "SELECT value FROM setting WHERE name = ?1";
    let value: Option<String> = view.first(sql, (REQUESTS_PER_MINUTE,), |row| row.get(0))?;
    Ok(value.and_then(|it| it.parse().ok()))
}

/// Whether media are copied to lasting storage as they come in.
pub(crate) fn auto_persist_media(view: &View<'_>) -> Result<bool, Refusal> {
    let sql = "SELECT value FROM setting WHERE name = ?1";
    let value: Option<String> = view.first(sql, (AUTO_PERSIST_MEDIA,), |row| row.get(0))?;
    Ok(value.as_deref() == Some("true"))
}

/// The settings that mean something, with the values that hold while nothing was set.
pub(crate) fn defaults(requests_per_minute: u32) -> Map<String, Value> {
    Map::from_iter([
        (AUTO_PERSIST_MEDIA.to_owned(), false.into()),
        (REQUESTS_PER_MINUTE.to_owned(), requests_per_minute.into()),
    ])
}
