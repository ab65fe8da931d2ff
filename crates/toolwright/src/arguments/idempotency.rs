//! The key that makes repeating a call safe, where the model can give it.

use serde_json::Value;
use uuid::Uuid;

use super::Arguments;

/// A key under which a call can be repeated, and the argument that takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdempotencyKey {
    pub(crate) argument: String,
    pub(crate) value: String,
}

impl Arguments {
    /// Takes the key, or makes one. It is made here, and not where the request is, so that an error can tell it to the
    /// model. `None` where the tool has no argument for it.
    pub(crate) fn take_idempotency_key(&mut self) -> Option<IdempotencyKey> {
        let argument = self.tool.idempotency_argument()?.name.clone();
        let value = match self.values.swap_remove(&argument) {
            None | Some(Value::Null) => Uuid::new_v4().to_string(),
            Some(Value::String(given)) => given,
            Some(other) => other.to_string(),
        };
        Some(IdempotencyKey { argument, value })
    }
}
