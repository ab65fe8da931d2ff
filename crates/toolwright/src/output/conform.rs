//! The part of an answer that conforms to a schema.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind;
use serde_json::{Map, Value};

use crate::error::Problem;
use crate::schema::{Schema, explain, pointer, segment_name};

/// How many differences are told of.
const TOLD: usize = 3;
/// How often a value is looked at again after something was taken out of it.
const ROUNDS: usize = 16;

/// What is left of a value, and what was wrong with the rest.
pub(crate) struct Conforming {
    /// `None` where not even the empty object conforms.
    pub(crate) value: Option<Arc<Value>>,
    /// The first differences; empty where the whole value conforms.
    pub(crate) differences: Vec<Problem>,
}

/// Takes out of a value, member by member and item by item, what the schema does not allow.
pub(crate) fn conform(schema: &Schema, mut value: Arc<Value>) -> Conforming {
    let validator = match schema.validator() {
        Ok(validator) => validator,
        Err(error) => {
            let difference = Problem::new("", format!("the output schema cannot be used: {error}"));
            return Conforming { value: Some(empty()), differences: vec![difference] };
        }
    };
    if validator.is_valid(&value) {
        return Conforming { value: Some(value), differences: Vec::new() };
    }
    let findings = validator.iter_errors(&value);
    let differences = findings.flat_map(|error| explain(&error, schema, &[])).take(TOLD).collect();
    for _ in 0..ROUNDS {
        let places: BTreeSet<String> =
            validator.iter_errors(&value).flat_map(|error| places(&error)).collect();
        if places.is_empty() {
            return Conforming { value: Some(value), differences };
        }
        if places.contains("") {
            break;
        }
        remove(Arc::make_mut(&mut value), &places);
    }
    let empty = empty();
    Conforming { value: validator.is_valid(&empty).then_some(empty), differences }
}

fn empty() -> Arc<Value> {
    Value::Object(Map::new()).into()
}

/// The JSON pointers of what has to go.
fn places(error: &ValidationError<'_>) -> Vec<String> {
    let place = error.instance_path();
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            unexpected.iter().map(|name| format!("{place}{}", pointer(name))).collect()
        }
        _ => vec![place.to_string()],
    }
}

/// Removes members and items: all of one object or array at once, and the inner before the outer, so that no removal
/// moves what another one means.
fn remove(value: &mut Value, places: &BTreeSet<String>) {
    let mut by_parent: BTreeMap<(Reverse<usize>, &str), BTreeSet<String>> = BTreeMap::new();
    for (parent, name) in places.iter().filter_map(|place| place.rsplit_once('/')) {
        let depth = Reverse(parent.matches('/').count());
        by_parent.entry((depth, parent)).or_default().insert(segment_name(name));
    }
    for ((_, parent), names) in by_parent {
        match value.pointer_mut(parent) {
            Some(Value::Object(members)) => members.retain(|name, _| !names.contains(name)),
            Some(Value::Array(items)) => {
                let mut index = 0..;
                items.retain(|_| index.next().is_none_or(|index: usize| !names.contains(&index.to_string())));
            }
            _ => {}
        }
    }
}
