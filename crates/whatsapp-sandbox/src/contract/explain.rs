//! What is wrong with a value, in words: where, what was wanted, and never the value itself, which may be long or secret.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use super::{Flaw, Mistake};

/// A mistake with its JSON pointer; several if several fields are unknown.
pub(super) fn problem(error: &ValidationError<'_>) -> Vec<Mistake> {
    let at = error.instance_path().to_string();
    match error.kind() {
        Kind::Required { property } => {
            let at = format!("{at}/{}", escaped(property.as_str().unwrap_or_default()));
            let words = format!("`{at}` is missing");
            vec![Mistake::new(Flaw::Missing, at, words)]
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let unknown = unexpected.iter().map(|name| format!("{at}/{}", escaped(name)));
            unknown.map(|at| Mistake::new(Flaw::Unknown, &at, format!("there is no field `{at}`"))).collect()
        }
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } if alternatives(context).is_none() => {
            // What was meant is most likely that of which the least is wrong.
            let meant = context.iter().filter(|errors| !errors.is_empty()).min_by_key(|errors| errors.len());
            meant.map_or_else(Vec::new, |errors| errors.iter().flat_map(problem).collect())
        }
        kind => {
            let words = format!("{} {}", place(&at), wanted(kind, error));
            let is_missing = matches!(kind, Kind::OneOfNotValid { .. } | Kind::AnyOf { .. });
            vec![Mistake::new(if is_missing { Flaw::Missing } else { Flaw::Value }, at, words)]
        }
    }
}

fn place(at: &str) -> String {
    if at.is_empty() { "it".to_owned() } else { format!("`{at}`") }
}

fn wanted(kind: &Kind, error: &ValidationError<'_>) -> String {
    match kind {
        Kind::Type { kind } => format!("must be {}", type_name(kind)),
        Kind::Enum { options } => format!("must be {}", one_of(options)),
        Kind::Constant { expected_value } => format!("must be {expected_value}"),
        Kind::Pattern { pattern } => format!("must match `{pattern}`"),
        Kind::Format { format } => format!("must be {}", format_name(format)),
        Kind::MinLength { limit: 1 } => "must not be empty".to_owned(),
        Kind::MinLength { limit } => format!("must have at least {limit} characters"),
        Kind::MaxLength { limit } => format!("must have at most {limit} characters"),
        Kind::MinItems { limit: 1 } => "must name at least one".to_owned(),
        Kind::MinItems { limit } => format!("must have at least {limit} items"),
        Kind::MaxItems { limit } => format!("must have at most {limit} items"),
        Kind::Minimum { limit } => format!("must be at least {limit}"),
        Kind::Maximum { limit } => format!("must be at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("must be more than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        Kind::UniqueItems => "must not name the same twice".to_owned(),
        Kind::OneOfNotValid { context } | Kind::AnyOf { context } => match alternatives(context) {
            Some(fields) => format!("needs one of {fields}"),
            None => error.masked().to_string(),
        },
        Kind::OneOfMultipleValid { context } => match alternatives(context) {
            Some(fields) => format!("must have only one of {fields}"),
            None => "has fields that exclude each other".to_owned(),
        },
        _ => error.masked().to_string(),
    }
}

/// The fields of which an alternative misses one each.
fn alternatives(context: &[Vec<ValidationError<'_>>]) -> Option<String> {
    let fields: Vec<String> = context
        .iter()
        .flatten()
        .map(|error| match error.kind() {
            Kind::Required { property } => property.as_str().map(|name| format!("`{name}`")),
            _ => None,
        })
        .collect::<Option<_>>()?;
    (!fields.is_empty()).then(|| fields.join(", "))
}

fn type_name(kind: &TypeKind) -> String {
    let name = |name: &str| match name {
        "array" => "an array".to_owned(),
        "object" => "an object".to_owned(),
        "integer" => "a whole number".to_owned(),
        "boolean" => "true or false".to_owned(),
        "null" => "null".to_owned(),
        other => format!("a {other}"),
    };
    match kind {
        TypeKind::Single(only) => name(only.as_str()),
        TypeKind::Multiple(several) => {
            several.iter().map(|it| name(it.as_str())).collect::<Vec<_>>().join(" or ")
        }
    }
}

fn format_name(format: &str) -> String {
    match format {
        "uri" => "a URL".to_owned(),
        "byte" => "base64".to_owned(),
        "date-time" => "an instant such as 2026-11-02T09:30:00Z".to_owned(),
        other => format!("of the format `{other}`"),
    }
}

fn one_of(options: &Value) -> String {
    let options: Vec<String> = options.as_array().into_iter().flatten().map(ToString::to_string).collect();
    match options.as_slice() {
        [only] => only.clone(),
        several => format!("one of {}", several.join(", ")),
    }
}

fn escaped(name: &str) -> String {
    let short: String = name.chars().take(64).collect();
    short.replace('~', "~0").replace('/', "~1")
}
