//! Whatever a document holds, lowering ends in a result or in errors that name a place.

use proptest::prelude::*;
use serde_json::{Value, json};
use toolwright_openapi::{Source, lower};

use crate::render::{assert_sound, catalog, source};

const DOCUMENT: &str = include_str!("fixtures/everything.yaml");

/// Every place in a value, as JSON pointers, the root excluded.
fn places(value: &Value) -> Vec<String> {
    fn collect(value: &Value, at: &str, found: &mut Vec<String>) {
        let children: Vec<(String, &Value)> = match value {
            Value::Object(members) => members
                .iter()
                .map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value))
                .collect(),
            Value::Array(items) => {
                items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
            }
            _ => Vec::new(),
        };
        for (key, value) in children {
            let place = format!("{at}/{key}");
            collect(value, &place, found);
            found.push(place);
        }
    }
    let mut found = Vec::new();
    collect(value, "", &mut found);
    found
}

/// One change: a place, and what to put there (nothing: remove it).
fn mutate(document: &mut Value, place: usize, replacement: Option<Value>) {
    let places = places(document);
    let Some(place) = places.get(place % places.len().max(1)) else { return };
    if let Some(value) = replacement {
        *document.pointer_mut(place).unwrap() = value;
        return;
    }
    let (parent, key) = place.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(members) => drop(members.shift_remove(&key.replace("~1", "/").replace("~0", "~"))),
        Value::Array(items) => drop(items.remove(key.parse().unwrap())),
        _ => {}
    }
}

fn replacement() -> impl Strategy<Value = Option<Value>> {
    let values = vec![
        json!(null),
        json!(true),
        json!(false),
        json!(-1),
        json!(1.5),
        json!(""),
        json!("x"),
        json!([]),
        json!({}),
        json!([1]),
        json!(["a", "a"]),
        json!({"$ref": "#"}),
        json!({"$ref": "#/components/schemas/Tree"}),
        json!({"$ref": "#/nowhere"}),
        json!({"type": "object"}),
        json!({"oneOf": [{"type": "null"}]}),
        json!({"allOf": [{"$ref": "#/components/schemas/Tree"}]}),
        json!("#/components/schemas/Tree"),
        json!("{x}"),
    ];
    proptest::option::weighted(0.8, proptest::sample::select(values))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_document_is_lowered_or_refused(
        changes in proptest::collection::vec((any::<usize>(), replacement()), 1..6),
    ) {
        let mut source: Source = source(DOCUMENT);
        for (place, value) in changes {
            mutate(&mut source.document, place, value);
        }
        match lower(&source) {
            Ok(lowered) => catalog(lowered).tools.iter().for_each(assert_sound),
            Err(errors) => prop_assert!(errors.iter().count() > 0),
        }
    }
}

#[test]
fn the_undamaged_document_has_no_mistakes() {
    insta::assert_snapshot!(crate::render::check(DOCUMENT));
}
