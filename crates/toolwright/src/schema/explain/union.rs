//! `oneOf` and `anyOf`: which alternative was meant, and what it lacks.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::types::JsonType;
use serde_json::Value;

use super::{explain as explain_one, node, one_of, problem};
use crate::error::Problem;
use crate::schema::Schema;
use crate::schema::describe::{describe, quoted, types};

type Branches = Vec<Vec<ValidationError<'static>>>;

pub(super) fn explain(error: &ValidationError<'_>, schema: &Schema, dropped: &[String]) -> Vec<Problem> {
    let place = error.instance_path().as_str();
    let instance = error.instance().as_ref();
    let (word, branches, several_fit) = match error.kind() {
        Kind::OneOfNotValid { context } => ("exactly one", context, false),
        Kind::OneOfMultipleValid { context } => ("exactly one", context, true),
        Kind::AnyOf { context } => ("at least one", context, false),
        _ => return Vec::new(),
    };
    let choices = choices(error, schema, instance);
    if !choices.is_empty() && (several_fit || branches.iter().flatten().all(|error| is_choice(error, place)))
    {
        return vec![problem(place, format!("give {word} of {}", choice_in_words(&choices, instance)))];
    }
    if several_fit {
        let came = describe(instance);
        return vec![problem(
            place,
            format!("expected what fits one alternative only; got {came}, which fits several"),
        )];
    }
    if let Some(branch) = likely_alternative(error) {
        return branch.iter().flat_map(|error| explain_one(error, schema, dropped)).collect();
    }
    if let Some(problem) = fixed_value(branches) {
        return vec![problem];
    }
    let wanted = types(branches.iter().flatten().flat_map(|error| wanted_types(error, place)));
    let wanted = if wanted.is_empty() { "one of the alternatives".to_owned() } else { wanted };
    vec![problem(place, format!("expected {wanted}; got {}", describe(instance)))]
}

/// The sets of members between which alternatives that differ only in what they require let one choose, without what
/// all of them require and has come; empty where the alternatives differ in something else.
fn choices<'s>(error: &ValidationError<'_>, schema: &'s Schema, instance: &Value) -> Vec<Vec<&'s str>> {
    let keyword = error.kind().keyword();
    let Some(alternatives) = node(error, schema).and_then(|node| node.get(keyword)?.as_array()) else {
        return Vec::new();
    };
    let required: Vec<Vec<&str>> = alternatives
        .iter()
        .map(|alternative| {
            let required = schema.resolve(alternative).and_then(|node| node.get("required")?.as_array());
            required.into_iter().flatten().filter_map(Value::as_str).collect()
        })
        .collect();
    let is_settled =
        |name: &str| instance.get(name).is_some() && required.iter().all(|other| other.contains(&name));
    let open = |names: &Vec<&'s str>| names.iter().copied().filter(|name| !is_settled(name)).collect();
    let open: Vec<Vec<&str>> = required.iter().map(open).collect();
    if open.iter().any(Vec::is_empty) { Vec::new() } else { open }
}

/// The sets, and which of their members came.
fn choice_in_words(choices: &[Vec<&str>], instance: &Value) -> String {
    let together =
        |set: &Vec<&str>| set.iter().map(|name| quoted(&[name])).collect::<Vec<_>>().join(" with ");
    let sets: Vec<String> = choices.iter().map(together).collect();
    let mut came: Vec<&str> = Vec::new();
    for name in choices.iter().flatten() {
        if instance.get(name).is_some() && !came.contains(name) {
            came.push(name);
        }
    }
    let came = if came.is_empty() { "none".to_owned() } else { quoted(&came) };
    format!("{}; got {came}", sets.join(", "))
}

/// Whether a finding says no more than that a member is there or is not.
fn is_choice(error: &ValidationError<'_>, place: &str) -> bool {
    matches!(error.kind(), Kind::Required { .. } | Kind::Not { .. })
        && error.instance_path().as_str() == place
}

/// What an alternative that was most likely meant finds wrong: of those whose type and fixed values fit, the one with
/// the fewest findings.
pub(crate) fn likely_alternative<'a>(
    error: &'a ValidationError<'_>,
) -> Option<&'a [ValidationError<'static>]> {
    let place = error.instance_path().as_str();
    let (Kind::OneOfNotValid { context } | Kind::AnyOf { context }) = error.kind() else { return None };
    let alternatives = context.iter().map(Vec::as_slice);
    alternatives
        .filter(|findings| !findings.is_empty() && !findings.iter().any(|error| is_other_kind(error, place)))
        .min_by_key(|findings| findings.len())
}

/// Whether a finding says that the alternative is for something else: another type, or another fixed value.
fn is_other_kind(error: &ValidationError<'_>, place: &str) -> bool {
    match error.kind() {
        Kind::Type { .. } => error.instance_path().as_str() == place,
        _ => fixed_option(error).is_some(),
    }
}

/// The problem with a member whose value tells the alternatives apart, where it has none of their values.
fn fixed_value(branches: &Branches) -> Option<Problem> {
    let fixed: Vec<&ValidationError<'_>> = branches
        .iter()
        .filter_map(|branch| branch.iter().find(|error| fixed_option(error).is_some()))
        .collect();
    let first = fixed.first()?;
    let place = first.instance_path();
    if fixed.len() != branches.len() || fixed.iter().any(|error| error.instance_path() != place) {
        return None;
    }
    let options: Vec<Value> = fixed.iter().filter_map(|error| fixed_option(error)).cloned().collect();
    let came = describe(first.instance());
    Some(problem(place.as_str(), format!("expected {}; got {came}", one_of(&options))))
}

fn fixed_option<'a>(error: &'a ValidationError<'_>) -> Option<&'a Value> {
    match error.kind() {
        Kind::Constant { expected_value } => Some(expected_value),
        Kind::Enum { options } => match options.as_array()?.as_slice() {
            [option] => Some(option),
            _ => None,
        },
        _ => None,
    }
}

fn wanted_types(error: &ValidationError<'_>, place: &str) -> Vec<&'static str> {
    match error.kind() {
        Kind::Type { kind } if error.instance_path().as_str() == place => match kind {
            TypeKind::Single(wanted) => vec![wanted.as_str()],
            TypeKind::Multiple(wanted) => wanted.iter().map(JsonType::as_str).collect(),
        },
        _ => Vec::new(),
    }
}
