//! `oneOf` and `anyOf`.

use serde_json::{Map, Value, json};

use super::composition::{is_plain_beside, replace, resolved, settle, told_apart};
use super::draft::{Draft, Log};
use super::kinds::Kinds;
use super::object_view::{self, enumeration, list, same, text_of};

pub(super) fn apply(draft: &mut Draft) {
    settle(draft, unite);
}

fn unite(
    schema: &mut Map<String, Value>,
    schemas: &Map<String, Value>,
    pointer: &str,
    log: &mut Log,
) -> bool {
    let key = match (schema.contains_key("oneOf"), schema.contains_key("anyOf")) {
        (false, false) => return false,
        (true, true) => return flatten(schema, schemas, pointer, log),
        (true, false) => "oneOf",
        (false, true) => "anyOf",
    };
    let whole = Value::Object(schema.clone());
    // A type that all alternatives have anyway says nothing.
    let branches = Value::Object(Map::from_iter([(key.to_owned(), whole[key].clone())]));
    if let Some(own) = schema.get("type").cloned()
        && Kinds::of(&branches, schemas).within(Kinds::of(&json!({ "type": own }), schemas))
    {
        schema.remove("type");
    }
    if !is_plain_beside(schema, key) {
        return flatten(schema, schemas, pointer, log);
    }
    let mut members = Members::default();
    for branch in list(&whole, key) {
        members.add(branch, schemas, &mut Vec::new());
    }
    let nullable = members.nullable;
    let (united, how) = members.unite(schemas);
    let same_as_before = key == "oneOf" && united.as_slice() == list(&whole, key) && united.len() > 1;
    if same_as_before {
        return *schema != *whole.as_object().unwrap_or(schema);
    }
    let mut by = match united.as_slice() {
        [] => Map::new(),
        [only] if only.get("$ref").is_some() => Map::from_iter([("allOf".to_owned(), json!([only]))]),
        [only] => only.as_object().cloned().unwrap_or_default(),
        several => Map::from_iter([("oneOf".to_owned(), json!(several))]),
    };
    if nullable {
        by.insert("nullable".to_owned(), json!(true));
    }
    replace(schema, by);
    log.report(pointer, format!("`{key}` became {how}"));
    true
}

/// Alternatives beside properties become one object; beside anything else they are dropped.
fn flatten(
    schema: &mut Map<String, Value>,
    schemas: &Map<String, Value>,
    pointer: &str,
    log: &mut Log,
) -> bool {
    if let Some(view) = object_view::of(&Value::Object(schema.clone()), schemas) {
        replace(schema, view.into_schema());
        log.report(pointer, "alternatives beside properties became one object with all properties");
    } else {
        schema.remove("oneOf");
        schema.remove("anyOf");
        log.report(pointer, "dropped alternatives that do not fit what stands beside them");
    }
    true
}

/// The alternatives of a union, those of nested unions among them.
#[derive(Default)]
struct Members {
    list: Vec<Value>,
    nullable: bool,
}

impl Members {
    fn add(&mut self, branch: &Value, schemas: &Map<String, Value>, visited: &mut Vec<String>) {
        self.nullable |= branch.get("nullable") == Some(&json!(true));
        let wrapped = list(branch, "allOf").first();
        let reference = wrapped.unwrap_or(branch).get("$ref");
        if let Some(name) = reference.and_then(Value::as_str) {
            if visited.iter().any(|known| known == name) {
                return;
            }
            visited.push(name.to_owned());
        }
        let target = resolved(branch, schemas);
        let nested =
            target.into_iter().flat_map(|target| list(target, "oneOf").iter().chain(list(target, "anyOf")));
        let nested: Vec<&Value> = nested.collect();
        let is_union = target.is_some_and(|target| {
            target
                .as_object()
                .is_some_and(|target| ["oneOf", "anyOf"].iter().any(|key| is_plain_beside(target, key)))
        });
        if is_union && !nested.is_empty() {
            for branch in nested {
                self.add(branch, schemas, visited);
            }
        } else {
            let mut member =
                reference.map_or_else(|| branch.clone(), |reference| json!({ "$ref": reference }));
            if let Value::Object(member) = &mut member {
                member.remove("nullable");
            }
            if !self.list.iter().any(|known| same(known, &member)) {
                self.list.push(member);
            }
        }
    }

    /// The alternatives that an enum can tell apart, and how they came about.
    fn unite(self, schemas: &Map<String, Value>) -> (Vec<Value>, &'static str) {
        let mut groups: Vec<(Kinds, Vec<&Value>)> = Vec::new();
        for member in &self.list {
            let kinds = Kinds::of(member, schemas);
            if !kinds.is_one() || member.as_object().is_some_and(Map::is_empty) {
                return (Vec::new(), "any value, since one alternative is open");
            }
            match groups.iter_mut().find(|(known, _)| known.overlaps(kinds)) {
                Some((_, members)) => members.push(member),
                None => groups.push((kinds, vec![member])),
            }
        }
        let mut how = "alternatives that are told apart";
        let mut united = Vec::new();
        for (kinds, members) in groups {
            if members.len() == 1 || (kinds == Kinds::OBJECT && told_apart(&members, schemas)) {
                united.extend(members.into_iter().cloned());
            } else {
                how = if kinds == Kinds::OBJECT {
                    "one object with all properties, since nothing tells the alternatives apart"
                } else {
                    "one plain type for alternatives of the same type"
                };
                united.push(merged(&members, schemas));
            }
        }
        (united, how)
    }
}

/// One schema that allows what any of several schemas of one sort allows.
fn merged(members: &[&Value], schemas: &Map<String, Value>) -> Value {
    let kinds = Kinds::of(&json!({ "oneOf": members }), schemas);
    if kinds.within(Kinds::OBJECT) {
        let view = object_view::of(&json!({ "oneOf": members }), schemas);
        return view.map_or_else(|| json!({ "type": "object" }), |view| Value::Object(view.into_schema()));
    }
    if kinds.within(Kinds::ARRAY) {
        let mut items = members.iter().filter_map(|member| resolved(member, schemas)?.get("items"));
        let first = items.next().cloned().unwrap_or_else(|| json!({}));
        let all_same = items.all(|other| same(&first, other));
        return json!({ "type": "array", "items": if all_same { first } else { json!({}) } });
    }
    let values: Option<Vec<&Vec<Value>>> =
        members.iter().map(|member| enumeration(resolved(member, schemas)?)).collect();
    if let Some(values) = values {
        return text_of(values.into_iter().flatten());
    }
    kinds.plain_schema().unwrap_or_else(|| json!({}))
}
