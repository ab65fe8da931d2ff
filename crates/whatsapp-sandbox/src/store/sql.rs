//! Short spellings of the statements that the network runs; each is prepared once per connection.

use rusqlite::{Connection, OptionalExtension as _, Params, Result, Row};

/// Cached statements on a connection or a transaction.
pub(crate) trait Sql {
    /// Runs a statement; the number of rows it changed.
    fn run(&self, sql: &str, params: impl Params) -> Result<usize>;

    /// The first row, if there is one.
    fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>>;

    /// All rows.
    fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>>;

    /// Whether there is a row.
    fn any(&self, sql: &str, params: impl Params) -> Result<bool>;
}

impl Sql for Connection {
    fn run(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.prepare_cached(sql)?.execute(params)
    }

    fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.prepare_cached(sql)?.query_row(params, map).optional()
    }

    fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        map: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.prepare_cached(sql)?.query_map(params, map)?.collect()
    }

    fn any(&self, sql: &str, params: impl Params) -> Result<bool> {
        self.prepare_cached(sql)?.exists(params)
    }
}
