//! Lists of an account whose history has not all come yet.

use axum::response::Response;
use serde_json::{Map, Value};

use super::answer::{bare, data};
use crate::network::{Refusal, View, session};

/// What a session can see of a list.
#[derive(Debug)]
pub(super) struct Part {
    items: Vec<Value>,
    complete: bool,
}

impl Part {
    /// The part of a list that has reached a session: the first ones, in proportion to how much of the history has
    /// come.
    pub(super) fn of(view: &View<'_>, session: &str, mut items: Vec<Value>) -> Result<Self, Refusal> {
        let synced = usize::from(session::get(view, session)?.synced);
        items.truncate(items.len() * synced / 100);
        Ok(Self { items, complete: synced >= 100 })
    }

    /// The answer, which says so if there is more to come. That mark is the sandbox's own.
    pub(super) fn answer(self) -> Response {
        if self.complete {
            return data(self.items);
        }
        bare(Map::from_iter([
            ("data".to_owned(), Value::Array(self.items)),
            ("partial".to_owned(), Value::Bool(true)),
        ]))
    }
}
