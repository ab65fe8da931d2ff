//! Schemas with what they refer to in place, and without what only people read.

use serde_json::{Map, Value, json};

use super::{ContractError, members};

/// The deepest nesting. A schema that holds itself is deeper.
const MAX_DEPTH: usize = 40;

/// Follows the references of a node that is no schema.
pub(super) fn resolve<'d>(
    document: &'d Value,
    node: &'d Value,
    at: &str,
) -> Result<&'d Value, ContractError> {
    let mut node = node;
    for _ in 0..MAX_DEPTH {
        let Some(reference) = node.get("$ref").and_then(Value::as_str) else { return Ok(node) };
        node = target(document, reference, at)?;
    }
    Err(ContractError::new(at, "a reference leads back to itself"))
}

/// The schema at a node.
pub(super) fn schema(document: &Value, node: &Value, at: &str) -> Result<Value, ContractError> {
    Inliner { document, at }.schema(node, 0)
}

fn target<'d>(document: &'d Value, reference: &str, at: &str) -> Result<&'d Value, ContractError> {
    let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
    target.ok_or_else(|| ContractError::new(at, format!("`{reference}` refers to nothing")))
}

struct Inliner<'d> {
    document: &'d Value,
    at: &'d str,
}

impl Inliner<'_> {
    fn schema(&self, node: &Value, depth: usize) -> Result<Value, ContractError> {
        if depth > MAX_DEPTH {
            return Err(ContractError::new(self.at, "the schema is too deep, or holds itself"));
        }
        let Value::Object(keywords) = node else { return Ok(node.clone()) };
        if let Some(variants) = self.variants(keywords, depth)? {
            return Ok(variants);
        }
        let mut plain = Map::new();
        for (name, value) in keywords {
            match name.as_str() {
                "description" | "title" | "example" | "examples" | "default" | "deprecated" | "writeOnly"
                | "externalDocs" | "xml" | "discriminator" => {}
                "$ref" => {
                    let reference = value.as_str().unwrap_or_default();
                    let target = self.schema(target(self.document, reference, self.at)?, depth + 1)?;
                    plain.insert("allOf".to_owned(), json!([target]));
                }
                "enum" | "const" | "required" => {
                    plain.insert(name.clone(), value.clone());
                }
                "properties" | "patternProperties" => {
                    let inner = members(Some(value))
                        .map(|(name, value)| Ok((name.to_owned(), self.schema(value, depth + 1)?)));
                    plain.insert(name.clone(), Value::Object(inner.collect::<Result<_, ContractError>>()?));
                }
                extension if extension.starts_with("x-") => {}
                _ => {
                    let value = match value {
                        Value::Array(items) => Value::Array(
                            items.iter().map(|it| self.schema(it, depth + 1)).collect::<Result<_, _>>()?,
                        ),
                        other => self.schema(other, depth + 1)?,
                    };
                    plain.insert(name.clone(), value);
                }
            }
        }
        Ok(only_reference(plain))
    }

    /// One of several kinds of object, told apart by a field: each is checked by its own schema, so that an error
    /// speaks of the kind that was meant.
    fn variants(&self, keywords: &Map<String, Value>, depth: usize) -> Result<Option<Value>, ContractError> {
        let discriminator = keywords.get("discriminator");
        let field = discriminator.and_then(|it| it.get("propertyName")).and_then(Value::as_str);
        let mapping = discriminator.and_then(|it| it.get("mapping")).and_then(Value::as_object);
        let (Some(field), Some(mapping), true) = (field, mapping, keywords.contains_key("oneOf")) else {
            return Ok(None);
        };
        let names: Vec<&String> = mapping.keys().collect();
        let cases = mapping
            .iter()
            .map(|(name, reference)| {
                let schema = self.schema(&json!({ "$ref": reference }), depth + 1)?;
                let is_it =
                    json!({ "type": "object", "properties": { field: { "const": name } }, "required": [field] });
                Ok(json!({ "if": is_it, "then": schema }))
            })
            .collect::<Result<Vec<Value>, ContractError>>()?;
        Ok(Some(json!({
            "type": "object",
            "required": [field],
            "properties": { field: { "enum": names } },
            "allOf": cases,
        })))
    }
}

/// What a reference stands for takes its place, where nothing stands beside it.
fn only_reference(mut plain: Map<String, Value>) -> Value {
    if plain.len() == 1
        && let Some(Value::Array(all)) = plain.get_mut("allOf")
        && all.len() == 1
        && let Some(only) = all.pop()
    {
        return only;
    }
    Value::Object(plain)
}
