//! What the functions of the network work on: a look at one state, or a change in the making.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Deref;
use std::time::Duration;

use rusqlite::Connection;

use super::agenda::Task;
use super::event::Place;
use super::id::ConversationId;
use super::{Companion, Pace, Refusal, World};
use crate::clock::Timestamp;
use crate::entropy::Entropy;
use crate::store::Sql as _;

/// One consistent state of the network and the instant at which it is looked at.
#[derive(Debug)]
pub(crate) struct View<'a> {
    connection: &'a Connection,
    /// The instant of this transaction.
    pub(crate) now: Timestamp,
}

impl<'a> View<'a> {
    pub(super) fn new(connection: &'a Connection, now: Timestamp) -> Self {
        Self { connection, now }
    }
}

impl Deref for View<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

/// A transaction that changes the network. Functions that only look take a [`View`] or a [`Connection`]; a change
/// passes for both.
#[derive(Debug)]
pub(crate) struct Change<'a> {
    view: View<'a>,
    pub(super) world: &'a World,
    earliest: Cell<Option<Timestamp>>,
    newest_event: Cell<Option<i64>>,
    /// Where events of this change have happened so far: most of them happen in the same place.
    places: RefCell<BTreeMap<ConversationId, Place>>,
}

impl<'a> Change<'a> {
    pub(super) fn new(connection: &'a Connection, world: &'a World) -> Self {
        Self {
            view: View::new(connection, world.clock.now()),
            world,
            earliest: Cell::new(None),
            newest_event: Cell::new(None),
            places: RefCell::default(),
        }
    }

    /// The place that a conversation is, as events tell of it.
    pub(crate) fn place(&self, id: ConversationId) -> Result<Place, Refusal> {
        if let Some(place) = self.places.borrow().get(&id) {
            return Ok(place.clone());
        }
        let place = Place::of(self, id)?;
        self.places.borrow_mut().insert(id, place.clone());
        Ok(place)
    }

    /// Where identifiers and codes come from.
    pub(crate) fn entropy(&self) -> &Entropy {
        &self.world.entropy
    }

    /// How fast the world moves.
    pub(crate) fn pace(&self) -> &Pace {
        &self.world.pace
    }

    pub(super) fn companions(&self) -> &'static [Companion] {
        self.world.companions
    }

    /// Puts a task on the agenda, to be done after `delay`.
    pub(crate) fn schedule(&self, delay: Duration, task: &Task) -> Result<(), Refusal> {
        let due_at = self.now.after(delay);
        self.run("INSERT INTO agenda (due_at, task) VALUES (?1, ?2)", (due_at, task))?;
        if self.earliest.get().is_none_or(|earliest| due_at < earliest) {
            self.earliest.set(Some(due_at));
        }
        Ok(())
    }

    /// The earliest entry that this change has put on the agenda.
    pub(super) fn earliest_entry(&self) -> Option<Timestamp> {
        self.earliest.get()
    }

    /// An event was written down.
    pub(super) fn told(&self, event: i64) {
        self.newest_event.set(Some(event));
    }

    /// The newest event that this change has written down.
    pub(super) fn newest_event(&self) -> Option<i64> {
        self.newest_event.get()
    }
}

impl<'a> Deref for Change<'a> {
    type Target = View<'a>;

    fn deref(&self) -> &View<'a> {
        &self.view
    }
}
