//! What lives beside the network in the same transactions: the records that an API keeps of what happens, and what it has
//! put on the agenda. The network knows none of them.

use serde_json::Value;

use super::event::Event;
use super::id::AccountId;
use super::{Change, Refusal};

/// Somebody who keeps records of their own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Companion {
    /// Whose tasks are whose.
    pub(crate) name: &'static str,
    /// Hears of every event as it is written down, and whom it is told to.
    pub(crate) hear: fn(&Change<'_>, &Event, &[AccountId]) -> Result<(), Refusal>,
    /// Does what it has put on the agenda.
    pub(crate) perform: fn(&Change<'_>, &Value) -> Result<(), Refusal>,
}

impl Change<'_> {
    /// Lets the companions hear of an event.
    pub(super) fn let_hear(&self, event: &Event, observers: &[AccountId]) -> Result<(), Refusal> {
        self.companions().iter().try_for_each(|it| (it.hear)(self, event, observers))
    }

    /// Lets a companion do what is due. One that is not there any more does nothing.
    pub(super) fn let_perform(&self, name: &str, task: &Value) -> Result<(), Refusal> {
        let companion = self.companions().iter().find(|it| it.name == name);
        companion.map_or(Ok(()), |it| (it.perform)(self, task))
    }
}
