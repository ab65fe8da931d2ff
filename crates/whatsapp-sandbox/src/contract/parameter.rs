//! A parameter of a path, a query or the headers.

use serde_json::Value;

use super::schema::Schema;
use super::{ContractError, Flaw, Mistake, inline};

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    Header,
}

/// A parameter.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) required: bool,
    pub(super) schema: Schema,
}

impl Parameter {
    pub(super) fn read(document: &Value, node: &Value, at: &str) -> Result<Self, ContractError> {
        let text = |key: &str| node.get(key).and_then(Value::as_str).unwrap_or_default();
        let place = match text("in") {
            "path" => Place::Path,
            "query" => Place::Query,
            "header" => Place::Header,
            other => return Err(ContractError::new(at, format!("parameters in `{other}` are not enforced"))),
        };
        let schema = node.get("schema").ok_or_else(|| ContractError::new(at, "a parameter has no schema"))?;
        Ok(Self {
            name: text("name").to_owned(),
            place,
            required: node.get("required") == Some(&Value::Bool(true)),
            schema: Schema::new(inline::schema(document, schema, at)?),
        })
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.place == other.place && self.name == other.name
    }

    pub(super) fn is_header(&self, name: &str) -> bool {
        self.place == Place::Header && self.name.eq_ignore_ascii_case(name)
    }

    /// What is wrong with the values that the request gives it.
    pub(super) fn problems(&self, values: &[&str]) -> Vec<Mistake> {
        let problems = match (values, self.type_name()) {
            ([], _) if self.required => vec![Mistake::new(Flaw::Missing, "", "it is missing")],
            ([], _) => Vec::new(),
            (values, "array") => {
                let items = self.schema.source().get("items").and_then(|it| it.get("type"));
                let of = items.and_then(Value::as_str).unwrap_or("string");
                self.schema.problems(&values.iter().map(|it| read(it, of)).collect())
            }
            ([only], name) => self.schema.problems(&read(only, name)),
            _ => vec![Mistake::new(Flaw::Value, "", "it is given more than once")],
        };
        let named = |it: Mistake| Mistake::new(it.flaw, &self.name, format!("`{}`: {it}", self.name));
        problems.into_iter().map(named).collect()
    }

    fn type_name(&self) -> &str {
        self.schema.source().get("type").and_then(Value::as_str).unwrap_or("string")
    }
}

/// The text as the type that is wanted; as a text where it is no such value, so that the schema says so.
fn read(text: &str, type_name: &str) -> Value {
    let value = match type_name {
        "integer" => text.parse::<i64>().ok().map(Value::from),
        "number" => text.parse::<f64>().ok().map(Value::from),
        "boolean" => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    value.unwrap_or_else(|| Value::from(text))
}
