//! A body that is one object, or one of several, as the members of a flat argument object.
//!
//! No large model provider accepts a composition at the root of a tool's schema, so a union becomes the sum of its
//! alternatives, and each alternative is kept aside for the check of the call.

use serde_json::{Map, Value};

use super::annotation::without_annotations;
use super::finish::requires;
use super::merge::{both, either};
use super::required_sets::RequiredSets;
use super::{Definitions, Schema, is_object, texts};

/// The members of an object body.
#[derive(Debug, Default)]
pub(crate) struct Members {
    /// The properties, in the order in which they are shown.
    pub(crate) properties: Schema,
    /// Those that every call needs.
    pub(crate) required: Vec<String>,
    /// The alternatives, where one property tells them apart.
    pub(crate) alternatives: Option<Alternatives>,
    /// Sets of members, of which one must be given.
    pub(crate) required_sets: Option<RequiredSets>,
    /// What this form cannot say, as sentences.
    pub(crate) losses: Vec<String>,
}

/// Alternatives of a union that one property tells apart.
#[derive(Debug)]
pub(crate) struct Alternatives {
    /// The property.
    pub(crate) property: String,
    /// The schema of the whole body for each of its values.
    pub(crate) schemas: Vec<(String, Schema)>,
}

/// The keywords of an object that its flat form can do without.
const FLAT: [&str; 11] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "description",
    "default",
    "examples",
    "oneOf",
    "anyOf",
    "minProperties",
    "maxProperties",
];

/// The members of a body; nothing where it is no object, or an object that only its whole schema can describe.
pub(crate) fn members(schema: &Schema, definitions: &Definitions) -> Option<Members> {
    if !is_flat(schema) || (schema.contains_key("oneOf") && schema.contains_key("anyOf")) {
        return None;
    }
    let mut base = schema.clone();
    let choice = base.shift_remove("oneOf").map(|branches| ("oneOf", branches));
    let choice = choice.or_else(|| base.shift_remove("anyOf").map(|branches| ("anyOf", branches)));
    let mut members = match choice {
        None => plain(&base)?,
        Some((key, Value::Array(branches))) => {
            let branches: Vec<Schema> = branches
                .into_iter()
                .filter_map(|branch| branch.as_object().map(|branch| definitions.resolved(branch.clone())))
                .collect();
            if let Some(sets) = RequiredSets::read(key, &branches) {
                let mut members = plain(&base)?;
                sets.describe(&mut members.properties);
                members.required_sets = Some(sets);
                members
            } else {
                union(&base, branches, definitions)?
            }
        }
        Some(_) => return None,
    };
    for bound in ["minProperties", "maxProperties"] {
        if schema.contains_key(bound) {
            members.losses.push(format!("`{bound}` of the body is not checked before a call."));
        }
    }
    Some(members)
}

/// Whether a schema can be said as a list of properties: it has no other conditions, and its author does not say that
/// there may be more of them.
fn is_flat(schema: &Schema) -> bool {
    let is_open = !matches!(schema.get("additionalProperties"), None | Some(Value::Bool(false)));
    !is_open && schema.keys().all(|key| FLAT.contains(&key.as_str()))
}

fn properties(schema: &Schema) -> Option<&Schema> {
    schema.get("properties").and_then(Value::as_object).filter(|properties| !properties.is_empty())
}

fn plain(schema: &Schema) -> Option<Members> {
    properties(schema).filter(|_| is_object(schema))?;
    let mut schema = schema.clone();
    declare_required(&mut schema);
    let required = texts(&schema, "required").map(str::to_owned).collect();
    Some(Members { properties: properties(&schema)?.clone(), required, ..Members::default() })
}

fn union(base: &Schema, branches: Vec<Schema>, definitions: &Definitions) -> Option<Members> {
    let mut whole = Vec::new();
    for branch in without_nesting(branches, definitions) {
        let mut alternative = both(base, &branch)?;
        if !is_object(&alternative) || !is_flat(&alternative) {
            return None;
        }
        declare_required(&mut alternative);
        whole.push(alternative);
    }
    let tag = tag(&whole);
    let mut members = Members::default();
    let listed: Vec<Vec<(String, Schema)>> = whole.iter().map(all_properties).collect();
    for name in names_in_order(base, &listed) {
        let holders: Vec<(usize, &Schema)> =
            listed.iter().enumerate().filter_map(|holder| held(holder, &name)).collect();
        let is_required =
            |index: &usize| whole.get(*index).is_some_and(|alternative| requires(alternative, &name));
        let required = holders.iter().all(|(index, _)| is_required(index));
        let schemas = holders.iter().map(|(_, schema)| (*schema).clone());
        let Some(mut merged) = schemas.reduce(|first, second| either(&first, &second)) else { continue };
        if holders.len() == whole.len() {
            if required {
                members.required.push(name.clone());
            }
        } else if let Some((tag, values)) = &tag {
            let labels = holders.iter().filter_map(|(index, _)| values.get(*index)).flatten();
            label(&mut merged, tag, &labels.map(String::as_str).collect::<Vec<_>>(), required);
        }
        members.properties.insert(name, Value::Object(merged));
    }
    match tag {
        Some((property, values)) => members.alternatives = Some(alternatives(property, &values, &whole)),
        None => members.losses.push(
            "No property tells the alternatives of the body apart, so calls are only checked against their sum.".to_owned(),
        ),
    }
    (!members.properties.is_empty()).then_some(members)
}

fn held<'l>(
    (index, properties): (usize, &'l Vec<(String, Schema)>),
    name: &str,
) -> Option<(usize, &'l Schema)> {
    properties.iter().find(|(known, _)| known == name).map(|(_, schema)| (index, schema))
}

/// The names of all properties: those that all alternatives share first, then as the alternatives add them.
fn names_in_order(base: &Schema, listed: &[Vec<(String, Schema)>]) -> Vec<String> {
    let mut names: Vec<String> =
        properties(base).into_iter().flat_map(|properties| properties.keys().cloned()).collect();
    for (name, _) in listed.iter().flatten() {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Declares the names that are required but not described; they can hold anything.
fn declare_required(schema: &mut Schema) {
    let required: Vec<String> = texts(schema, "required").map(str::to_owned).collect();
    let declared = schema.entry("properties").or_insert_with(|| Value::Object(Map::new()));
    for name in required {
        if let Value::Object(declared) = &mut *declared {
            declared.entry(name).or_insert_with(|| Value::Object(Map::new()));
        }
    }
}

/// Writes the branches of a branch that is nothing but a choice beside the others.
fn without_nesting(branches: Vec<Schema>, definitions: &Definitions) -> Vec<Schema> {
    let mut flat = Vec::new();
    for branch in branches {
        let inner = ["oneOf", "anyOf"].into_iter().find_map(|key| branch.get(key)).and_then(Value::as_array);
        let is_choice = branch.keys().all(|key| matches!(key.as_str(), "oneOf" | "anyOf" | "description"));
        match inner {
            Some(inner) if is_choice => {
                flat.extend(
                    inner
                        .iter()
                        .filter_map(Value::as_object)
                        .map(|inner| definitions.resolved(inner.clone())),
                );
            }
            _ => flat.push(branch),
        }
    }
    flat
}

/// The property that every alternative requires and restricts to texts that no other allows, with those texts.
fn tag(alternatives: &[Schema]) -> Option<(String, Vec<Vec<String>>)> {
    properties(alternatives.first()?)?.keys().find_map(|name| {
        let mut seen: Vec<String> = Vec::new();
        let mut values = Vec::new();
        for alternative in alternatives {
            let property =
                properties(alternative)?.get(name)?.as_object().filter(|_| requires(alternative, name))?;
            let listed: Vec<String> = texts(property, "enum").map(str::to_owned).collect();
            let all = property.get("enum").and_then(Value::as_array).map_or(0, Vec::len);
            if listed.is_empty() || listed.len() != all || listed.iter().any(|value| seen.contains(value)) {
                return None;
            }
            seen.extend(listed.iter().cloned());
            values.push(listed);
        }
        Some((name.clone(), values))
    })
}

/// The properties of an object, and those that only some of its inner branches have.
fn all_properties(schema: &Schema) -> Vec<(String, Schema)> {
    let mut found: Vec<(String, Schema)> = Vec::new();
    let own = properties(schema).into_iter().flatten();
    found.extend(own.filter_map(|(name, property)| Some((name.clone(), property.as_object()?.clone()))));
    for key in ["oneOf", "anyOf"] {
        for branch in
            schema.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
        {
            for (name, property) in all_properties(branch) {
                if !found.iter().any(|(known, _)| *known == name) {
                    found.push((name, property));
                }
            }
        }
    }
    found
}

/// Says in the description with which values of the tag a property goes, in words that make it required with no others.
fn label(property: &mut Schema, tag: &str, values: &[&str], required: bool) {
    let required = if required { "required " } else { "" };
    let mut text = format!("{required}with `{tag}` {}", values.join(", "));
    if let Some(described) = property.get("description").and_then(Value::as_str) {
        text.push_str(": ");
        text.push_str(described);
    }
    property.insert("description".to_owned(), Value::from(text));
}

fn alternatives(property: String, values: &[Vec<String>], whole: &[Schema]) -> Alternatives {
    let mut schemas = Vec::new();
    for (values, alternative) in values.iter().zip(whole) {
        let mut schema = without_annotations(alternative);
        let mut closed = Map::new();
        for (name, property) in all_properties(&schema) {
            let own = properties(&schema).is_some_and(|own| own.contains_key(&name));
            closed.insert(name, Value::Object(if own { property } else { Schema::new() }));
        }
        schema.insert("properties".to_owned(), Value::Object(closed));
        schema.insert("additionalProperties".to_owned(), Value::Bool(false));
        // Parameters join the object, so its size says nothing about the body any more.
        schema.shift_remove("minProperties");
        schema.shift_remove("maxProperties");
        schemas.extend(values.iter().map(|value| (value.clone(), schema.clone())));
    }
    Alternatives { property, schemas }
}
