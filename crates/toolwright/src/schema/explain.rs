//! What a validator found, as sentences that say where, what was expected, what came, and what to write instead.

mod union;

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::{Map, Value};

use super::describe::{describe, example, purpose, quoted, shorten, types};
use super::{Schema, pointer};
use crate::error::Problem;
use crate::nearest::{did_you_mean, nearest};

pub(crate) use union::likely_alternative;

/// How many names or values an error lists.
const LISTED: usize = 20;

/// The problems behind one finding of a validator.
///
/// `dropped` are the members that were taken out of the arguments because they were `null`.
pub(crate) fn explain(error: &ValidationError<'_>, schema: &Schema, dropped: &[String]) -> Vec<Problem> {
    let place = error.instance_path().as_str();
    match error.kind() {
        Kind::Required { property } => vec![missing(place, property, error, schema, dropped)],
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let known: Vec<&str> = node(error, schema)
                .and_then(|node| node.get("properties")?.as_object())
                .into_iter()
                .flatten()
                .map(|(name, _)| name.as_str())
                .collect();
            unexpected.iter().take(LISTED + 1).map(|name| unknown(place, name, &known)).collect()
        }
        Kind::OneOfNotValid { .. } | Kind::OneOfMultipleValid { .. } | Kind::AnyOf { .. } => {
            union::explain(error, schema, dropped)
        }
        _ => {
            let expected = expected(error, schema);
            let example = example(node(error, schema));
            let (got, near) = (got(error), near_option(error));
            vec![problem(place, format!("expected {expected}{example}; got {got}{near}"))]
        }
    }
}

/// An argument that the tool does not have.
pub(crate) fn unknown(place: &str, name: &str, known: &[&str]) -> Problem {
    let near = nearest(name, known.iter().copied());
    let remedy = if !near.is_empty() {
        did_you_mean(&near)
    } else if known.is_empty() {
        "; there are none".to_owned()
    } else if known.len() <= LISTED {
        format!("; there are {}", quoted(known))
    } else {
        format!("; there are {} and {} more", quoted(&known[..LISTED]), known.len() - LISTED)
    };
    problem(&format!("{place}{}", pointer(name)), format!("there is no such argument{remedy}"))
}

fn missing(
    place: &str,
    property: &Value,
    error: &ValidationError<'_>,
    schema: &Schema,
    dropped: &[String],
) -> Problem {
    let name = property.as_str().unwrap_or_default();
    let place = format!("{place}{}", pointer(name));
    let came = if dropped.contains(&place) { "null came" } else { "nothing came" };
    let property = node(error, schema).and_then(|node| node.get("properties")?.get(name));
    let property = property.and_then(|property| schema.resolve(property));
    let wanted = property.map(wanted).filter(|wanted| !wanted.is_empty());
    let wanted = wanted.map(|wanted| format!("; expected {wanted}")).unwrap_or_default();
    problem(&place, format!("required, but {came}{wanted}{}", example(property)))
}

/// What a schema node wants, in a few words: its enum, or its types.
fn wanted(node: &Map<String, Value>) -> String {
    if let Some(options) = node.get("enum").and_then(Value::as_array) {
        return one_of(options);
    }
    match node.get("type") {
        Some(Value::String(name)) => types([name.as_str()]),
        Some(Value::Array(names)) => types(names.iter().filter_map(Value::as_str)),
        _ => String::new(),
    }
}

fn one_of(options: &[Value]) -> String {
    let shown: Vec<String> = options.iter().take(LISTED).map(describe).collect();
    let more = if options.len() > LISTED {
        format!(" or one of {} more", options.len() - LISTED)
    } else {
        String::new()
    };
    if options.len() == 1 { shown.concat() } else { format!("one of {}{more}", shown.join(", ")) }
}

fn expected(error: &ValidationError<'_>, schema: &Schema) -> String {
    match error.kind() {
        Kind::Type { kind } => type_names(kind),
        Kind::Enum { options } => {
            options.as_array().map_or_else(|| describe(options), |options| one_of(options))
        }
        Kind::Constant { expected_value } => describe(expected_value),
        Kind::Minimum { limit } => format!("at least {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("more than {limit}"),
        Kind::Maximum { limit } => format!("at most {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("less than {limit}"),
        Kind::MultipleOf { multiple_of } => format!("a multiple of {multiple_of}"),
        Kind::MinLength { limit } => format!("at least {}", counted(*limit, "character")),
        Kind::MaxLength { limit } => format!("at most {}", counted(*limit, "character")),
        Kind::MinItems { limit } => format!("at least {}", counted(*limit, "item")),
        Kind::MaxItems { limit } => format!("at most {}", counted(*limit, "item")),
        Kind::AdditionalItems { limit } => format!("at most {}", counted(*limit as u64, "item")),
        Kind::MinProperties { limit } => format!("at least {}", counted(*limit, "member")),
        Kind::MaxProperties { limit } => format!("at most {}", counted(*limit, "member")),
        Kind::UniqueItems => "items that differ from each other".to_owned(),
        Kind::Pattern { pattern } => {
            format!("text that matches `{}`{}", shorten(pattern, 120), purpose(node(error, schema)))
        }
        Kind::Format { format } => format!("text in the format `{format}`{}", format_example(format)),
        Kind::FalseSchema => "nothing here".to_owned(),
        Kind::Not { schema } => format!("anything but {}", shorten(&schema.to_string(), 120)),
        Kind::PropertyNames { error } => {
            format!("names that fit: {}", shorten(&error.masked().to_string(), 120))
        }
        _ => format!("what the schema says ({})", shorten(&error.masked().to_string(), 200)),
    }
}

/// What came. For a length, the length is what matters.
fn got(error: &ValidationError<'_>) -> String {
    let instance = error.instance().as_ref();
    match (error.kind(), instance) {
        (Kind::MaxLength { .. } | Kind::MinLength { .. }, Value::String(text)) => {
            let length = text.chars().count() as u64;
            if length == 0 { "an empty text".to_owned() } else { counted(length, "character") }
        }
        _ => describe(instance),
    }
}

/// The option that someone who wrote another one may have meant.
fn near_option(error: &ValidationError<'_>) -> String {
    match (error.kind(), error.instance().as_str()) {
        (Kind::Enum { options }, Some(text)) => {
            let options = options.as_array().into_iter().flatten().filter_map(Value::as_str);
            did_you_mean(&nearest(text, options))
        }
        _ => String::new(),
    }
}

fn type_names(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(wanted) => types([wanted.as_str()]),
        TypeKind::Multiple(wanted) => types(wanted.iter().map(jsonschema::types::JsonType::as_str)),
    }
}

fn format_example(format: &str) -> &'static str {
    match format {
        "date-time" => ", for example \"2026-01-31T12:00:00Z\"",
        "date" => ", for example \"2026-01-31\"",
        "time" => ", for example \"12:00:00Z\"",
        "duration" => ", for example \"PT15M\"",
        "uri" => ", for example \"https://example.com/a\"",
        "email" => ", for example \"someone@example.com\"",
        "uuid" => ", for example \"123e4567-e89b-12d3-a456-426614174000\"",
        _ => "",
    }
}

fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// The schema node whose keyword failed.
fn node<'a>(error: &ValidationError<'_>, schema: &'a Schema) -> Option<&'a Map<String, Value>> {
    let (node, _) = error.schema_path().as_str().rsplit_once('/')?;
    schema.node(node)
}

/// A problem whose place is shown without control characters and not at any length.
fn problem(place: &str, message: String) -> Problem {
    Problem::new(shorten(place, 200), message)
}
