//! The part of an answer that conforms to a schema.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value};

use crate::error::Problem;
use crate::schema::{Schema, explain, pointer};

/// How many differences are told of.
const TOLD: usize = 3;
/// How often a value is looked at again after something was taken out of it.
const ROUNDS: usize = 16;

/// What is left of a value, and what was wrong with the rest.
pub(crate) struct Conforming {
    /// `None` where not even the empty object conforms.
    pub(crate) value: Option<Value>,
    /// The first differences; empty where the whole value conforms.
    pub(crate) differences: Vec<Problem>,
}

/// Takes out of a value, member by member and item by item, what the schema does not allow.
pub(crate) fn conform(schema: &Schema, mut value: Value) -> Conforming {
    let validator = match schema.validator() {
        Ok(validator) => validator,
        Err(error) => {
            let difference = Problem::new("", format!("the output schema cannot be used: {error}"));
            return Conforming { value: Some(Value::Object(Map::new())), differences: vec![difference] };
        }
    };
    if validator.is_valid(&value) {
        return Conforming { value: Some(value), differences: Vec::new() };
    }
    let findings = validator.iter_errors(&value);
    let differences = findings.flat_map(|error| explain(&error, schema, &[])).take(TOLD).collect();
    for _ in 0..ROUNDS {
        let places = offending(validator, &value);
        if places.is_empty() {
            return Conforming { value: Some(value), differences };
        }
        if places.iter().any(String::is_empty) {
            break;
        }
        for place in places {
            remove(&mut value, &place);
        }
    }
    let empty = Value::Object(Map::new());
    Conforming { value: validator.is_valid(&empty).then_some(empty), differences }
}

/// The JSON pointers of what has to go, in an order in which no removal moves what another one means.
fn offending(validator: &Validator, value: &Value) -> Vec<String> {
    let mut places: Vec<String> = validator.iter_errors(value).flat_map(|error| places(&error)).collect();
    places.sort_by_cached_key(|place| {
        let segments = place.split('/').map(|segment| (segment.parse::<usize>().ok(), segment.to_owned()));
        std::cmp::Reverse(segments.collect::<Vec<_>>())
    });
    places.dedup();
    places
}

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

fn remove(value: &mut Value, place: &str) {
    let Some((parent, name)) = place.rsplit_once('/') else { return };
    match value.pointer_mut(parent) {
        Some(Value::Object(members)) => {
            members.shift_remove(&name.replace("~1", "/").replace("~0", "~"));
        }
        Some(Value::Array(items)) => {
            if let Some(index) = name.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        _ => {}
    }
}
