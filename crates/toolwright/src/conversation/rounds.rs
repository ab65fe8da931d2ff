//! The rounds of a request that asks the client something: what was answered, and what is still to be asked.

use std::collections::{BTreeMap, BTreeSet};

use rmcp::model::{InputRequest, InputRequests, InputResponses};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is known in one round of a request.
#[derive(Debug, Default)]
pub(crate) struct Rounds {
    /// Answers that came with this request, or with an earlier one.
    answers: BTreeMap<String, Value>,
    /// The keys of the answers that were of use.
    used: BTreeSet<String>,
    notes: BTreeMap<String, Value>,
    questions: InputRequests,
}

/// What goes to the client and comes back with its next request.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Carried {
    answers: BTreeMap<String, Value>,
    notes: BTreeMap<String, Value>,
    /// They go beside it, not in it.
    #[serde(skip)]
    pub(crate) questions: InputRequests,
}

impl Rounds {
    /// The round in which these answers came. Those of earlier rounds stand.
    pub(crate) fn new(carried: Carried, responses: InputResponses) -> Self {
        let mut answers = responses;
        answers.extend(carried.answers);
        Self { answers, notes: carried.notes, ..Self::default() }
    }

    /// The answer to a question, or `None` after noting that it has to be asked. An answer that cannot be read is asked
    /// for again.
    pub(super) fn answer<A>(
        &mut self,
        key: &str,
        request: impl FnOnce() -> InputRequest,
        read: impl Fn(Value) -> Result<A, String>,
    ) -> Option<A> {
        match self.answers.get(key).map(|answer| read(answer.clone())) {
            Some(Ok(answer)) => {
                self.used.insert(key.to_owned());
                return Some(answer);
            }
            Some(Err(problem)) => tracing::debug!(key, problem, "an answer is asked for again"),
            None => {}
        }
        self.questions.insert(key.to_owned(), request());
        None
    }

    pub(super) fn remember(&mut self, name: &str, value: Value) {
        self.notes.insert(name.to_owned(), value);
    }

    pub(super) fn recall(&self, name: &str) -> Option<Value> {
        self.notes.get(name).cloned()
    }

    /// What the client is given where a question is open.
    pub(super) fn carried(&self) -> Option<Carried> {
        if self.questions.is_empty() {
            return None;
        }
        let used = self.answers.iter().filter(|(key, _)| self.used.contains(*key));
        Some(Carried {
            answers: used.map(|(key, answer)| (key.clone(), answer.clone())).collect(),
            notes: self.notes.clone(),
            questions: self.questions.clone(),
        })
    }
}
