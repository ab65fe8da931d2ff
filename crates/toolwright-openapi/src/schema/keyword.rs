//! What each keyword of a schema holds, so that one table decides what is carried over and what is refused.

use serde_json::Value;

/// What to do with a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    /// Carried over when the value is of this shape.
    Plain(Shape),
    /// Holds a schema.
    Schema,
    /// Holds a list of schemas.
    Schemas,
    /// Holds schemas by name.
    SchemaMap,
    /// Treated by its own rule.
    Special,
    /// Says nothing that a caller needs.
    Dropped,
    /// In neither vocabulary.
    Unknown,
}

/// The shape that 2020-12 wants of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Any,
    Boolean,
    Count,
    Number,
    Pattern,
    Positive,
    Text,
    TextLists,
    Values,
}

impl Keyword {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "default" => Self::Plain(Shape::Any),
            "uniqueItems" => Self::Plain(Shape::Boolean),
            "maxLength" | "minLength" | "maxItems" | "minItems" | "maxProperties" | "minProperties"
            | "minContains" | "maxContains" => Self::Plain(Shape::Count),
            "maximum" | "minimum" => Self::Plain(Shape::Number),
            "multipleOf" => Self::Plain(Shape::Positive),
            "pattern" => Self::Plain(Shape::Pattern),
            "format" | "description" | "contentEncoding" | "contentMediaType" => Self::Plain(Shape::Text),
            "dependentRequired" => Self::Plain(Shape::TextLists),
            "enum" => Self::Plain(Shape::Values),
            "items"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "propertyNames"
            | "unevaluatedItems"
            | "unevaluatedProperties"
            | "contentSchema" => Self::Schema,
            "prefixItems" | "allOf" | "anyOf" | "oneOf" => Self::Schemas,
            "patternProperties" | "dependentSchemas" => Self::SchemaMap,
            "type"
            | "nullable"
            | "properties"
            | "required"
            | "additionalProperties"
            | "const"
            | "exclusiveMinimum"
            | "exclusiveMaximum"
            | "title"
            | "example"
            | "examples"
            | "discriminator" => Self::Special,
            "$ref" | "$schema" | "$id" | "$anchor" | "$comment" | "$defs" | "definitions" | "xml"
            | "externalDocs" | "deprecated" | "readOnly" | "writeOnly" => Self::Dropped,
            _ if name.starts_with("x-") => Self::Dropped,
            _ => Self::Unknown,
        }
    }
}

impl Shape {
    pub(super) fn fits(self, value: &Value) -> bool {
        let is_text = Value::is_string;
        match self {
            Self::Any => true,
            Self::Boolean => value.is_boolean(),
            Self::Count => {
                value.is_u64() || value.as_f64().is_some_and(|number| number >= 0.0 && number.fract() == 0.0)
            }
            Self::Number => value.is_number(),
            Self::Pattern => value.as_str().is_some_and(|pattern| regress::Regex::new(pattern).is_ok()),
            Self::Positive => value.as_f64().is_some_and(|number| number > 0.0),
            Self::Text => value.is_string(),
            Self::TextLists => value.as_object().is_some_and(|lists| {
                lists.values().all(|list| list.as_array().is_some_and(|l| l.iter().all(is_text)))
            }),
            Self::Values => value.as_array().is_some_and(|values| !values.is_empty()),
        }
    }

    pub(super) fn wanted(self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Boolean => "`true` or `false`",
            Self::Count => "a whole number that is not negative",
            Self::Number => "a number",
            Self::Pattern => "a regular expression of ECMA-262",
            Self::Positive => "a number above zero",
            Self::Text => "a text",
            Self::TextLists => "an object of lists of texts",
            Self::Values => "a list with at least one value",
        }
    }
}
