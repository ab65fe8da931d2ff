//! Which tables and columns there are, and which of them are no part of the state.

use rusqlite::Connection;

use crate::network::Refusal;
use crate::store::Sql as _;

/// Tables that are no part of the state: the housekeeping of one data folder, what signs tokens, and clock and seed,
/// which stand beside the tables.
const LOCAL: [&str; 4] = ["media_content", "secret", "stray_file", "world"];

/// How ids are counted on; a table of `SQLite` itself, which belongs to the state all the same.
pub(super) const SEQUENCE: &str = "sqlite_sequence";

/// A table of the state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    /// Those that are stored; what is computed from others is not.
    pub(super) columns: Vec<String>,
    /// The columns that rows are ordered by; together they are unique.
    key: Vec<String>,
}

impl Table {
    /// Reads all rows in the order of their keys.
    pub(super) fn select(&self) -> String {
        let order = if self.key.is_empty() { "rowid".to_owned() } else { quoted(&self.key) };
        format!("SELECT {} FROM {} ORDER BY {order}", quoted(&self.columns), quote(&self.name))
    }

    /// Adds a row.
    pub(super) fn insert(&self) -> String {
        let places: Vec<String> = (1..=self.columns.len()).map(|place| format!("?{place}")).collect();
        format!(
            "INSERT INTO {} ({}) VALUES ({})",
            quote(&self.name),
            quoted(&self.columns),
            places.join(", ")
        )
    }

    /// Removes all rows.
    pub(super) fn clear(&self) -> String {
        format!("DELETE FROM {}", quote(&self.name))
    }
}

/// The version of the tables.
pub(super) fn version(connection: &Connection) -> Result<i64, Refusal> {
    Ok(connection.first("PRAGMA user_version", (), |row| row.get(0))?.unwrap_or(0))
}

/// The tables of the state, by name.
pub(super) fn all(connection: &Connection) -> Result<Vec<Table>, Refusal> {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND (name NOT LIKE 'sqlite\\_%' ESCAPE '\\' OR name = ?1)
                ORDER BY name";
    let names: Vec<String> = connection.all(sql, (SEQUENCE,), |row| row.get(0))?;
    let names = names.into_iter().filter(|name| !LOCAL.contains(&name.as_str()));
    names.map(|name| describe(connection, name)).collect()
}

fn describe(connection: &Connection, name: String) -> Result<Table, Refusal> {
    // `hidden` is 2 or 3 for computed columns.
    let sql = "SELECT name, pk FROM pragma_table_xinfo(?1) WHERE hidden = 0 ORDER BY cid";
    let columns: Vec<(String, i64)> = connection.all(sql, (&name,), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut key: Vec<&(String, i64)> = columns.iter().filter(|(_, place)| *place > 0).collect();
    key.sort_by_key(|(_, place)| *place);
    let mut key: Vec<String> = key.into_iter().map(|(name, _)| name.clone()).collect();
    if name == SEQUENCE {
        key = vec!["name".to_owned()];
    }
    Ok(Table { name, key, columns: columns.into_iter().map(|(name, _)| name).collect() })
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
