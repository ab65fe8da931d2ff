//! Mends arguments whose meaning is plain although their form is wrong.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::types::{JsonType, JsonTypeSet};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use crate::schema::{likely_alternative, segment_name};

/// How often mended arguments are looked at again: JSON texts may hold JSON texts, but not without end.
const ROUNDS: usize = 4;

/// A place that may be mended.
enum Repair {
    /// A text that may be JSON of one of these types.
    Parse(JsonTypeSet),
    /// A `null` where no `null` is allowed.
    Drop,
}

/// Parses JSON texts where something else than text is wanted, and drops members that are `null` where `null` is not
/// allowed. Returns the JSON pointers of the members that were dropped.
pub(super) fn repair(validator: &Validator, value: &mut Value) -> Vec<String> {
    let mut dropped = Vec::new();
    for _ in 0..ROUNDS {
        let mut mended = false;
        for (pointer, repair) in repairs(validator, value) {
            match repair {
                Repair::Parse(wanted) => mended |= parse(value, &pointer, wanted),
                Repair::Drop if drop_member(value, &pointer) => {
                    mended = true;
                    dropped.push(pointer);
                }
                Repair::Drop => {}
            }
        }
        if !mended {
            break;
        }
    }
    dropped
}

fn repairs(validator: &Validator, value: &Value) -> Vec<(String, Repair)> {
    let mut found = Vec::new();
    for error in validator.iter_errors(value) {
        collect(&error, &mut found);
    }
    found
}

/// The repairs that a finding suggests. Those inside alternatives are taken from the one that was most likely meant.
fn collect(error: &ValidationError<'_>, found: &mut Vec<(String, Repair)>) {
    let wanted = match (error.instance().as_ref(), error.kind()) {
        (Value::Null, _) => {
            found.push((error.instance_path().to_string(), Repair::Drop));
            return;
        }
        (Value::String(_), Kind::Type { kind: TypeKind::Single(wanted) }) => JsonTypeSet::from(*wanted),
        (Value::String(_), Kind::Type { kind: TypeKind::Multiple(wanted) }) => *wanted,
        // Of the alternatives, only structures are told from an unfitting text beyond doubt.
        (Value::String(_), Kind::AnyOf { .. } | Kind::OneOfNotValid { .. }) => {
            JsonTypeSet::from(JsonType::Object) | JsonType::Array
        }
        _ => return likely_alternative(error).into_iter().flatten().for_each(|error| collect(error, found)),
    };
    found.push((error.instance_path().to_string(), Repair::Parse(wanted)));
}

fn parse(value: &mut Value, pointer: &str, wanted: JsonTypeSet) -> bool {
    let Some(place) = value.pointer_mut(pointer) else { return false };
    let Some(parsed) = place.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok()) else {
        return false;
    };
    let fits = match &parsed {
        Value::Null | Value::String(_) => false,
        Value::Bool(_) => wanted.contains(JsonType::Boolean),
        Value::Array(_) => wanted.contains(JsonType::Array),
        Value::Object(_) => wanted.contains(JsonType::Object),
        Value::Number(number) => {
            wanted.contains(JsonType::Number)
                || (wanted.contains(JsonType::Integer)
                    && (number.is_i64()
                        || number.is_u64()
                        || number.as_f64().is_some_and(|real| real.fract() == 0.0)))
        }
    };
    if fits {
        *place = parsed;
    }
    fits
}

fn drop_member(value: &mut Value, pointer: &str) -> bool {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return false };
    let Some(Value::Object(members)) = value.pointer_mut(parent) else { return false };
    members.swap_remove(&segment_name(name)).is_some()
}
