//! The overlay.

use insta::assert_snapshot;
use serde_json::Value;
use toolwright_openapi::lower;

use crate::render::source;

const DOCUMENT: &str = r"
tags: [{name: a}, {name: b}, {name: c}]
paths:
  /a: {get: {operationId: a, tags: [a], summary: A, x-list: [1], x-map: {keep: 1, change: 1}}}
  /b: {get: {operationId: b, tags: [b], summary: B}}
  /c: {get: {operationId: c, tags: [c], summary: C}}
";

const HEAD: &str = "overlay: 1.0.0\ninfo: {title: Changes, version: '1'}\nextends: openapi.yaml\n";

/// The effective document, or what is wrong.
fn apply(actions: &str) -> Result<Value, String> {
    let overlay = if actions.starts_with("overlay") {
        actions.to_owned()
    } else {
        format!("{HEAD}actions:\n{actions}")
    };
    let source = source(DOCUMENT).with_overlay("overlay.yaml", &overlay).unwrap();
    lower(&source).map(|lowered| lowered.document().clone()).map_err(|errors| errors.to_string())
}

#[test]
fn updates_merge_objects_append_to_arrays_and_replace_the_rest() {
    let document = apply(
        "- {target: \"$.paths['/a'].get\", update: {summary: New, x-list: [2, 3], x-map: {change: 2, add: {x: 1}}, x-new: true}}\n\
         - {target: $.tags, update: {name: d}}\n\
         - {target: '$.paths.*.get', update: {deprecated: true}}\n",
    )
    .unwrap();
    insta::assert_json_snapshot!(document);
}

#[test]
fn removal_keeps_the_order_of_what_stays() {
    let document = apply(
        "- {target: \"$.tags[?@.name != 'b']\", remove: true}\n- {target: \"$.paths['/a']\", remove: true}\n",
    )
    .unwrap();
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    assert_eq!(paths, ["/b", "/c"]);
    assert_eq!(document["tags"], serde_json::json!([{"name": "b"}]));
}

#[test]
fn an_action_sees_what_the_one_before_it_did() {
    let document =
        apply("- {target: \"$.paths['/a'].get\", update: {x-mark: {}}}\n- {target: \"$..['x-mark']\", update: {seen: true}}\n").unwrap();
    assert_eq!(document["paths"]["/a"]["get"]["x-mark"]["seen"], true);
}

#[test]
fn mistakes_in_an_overlay_come_together() {
    assert_snapshot!(
        apply(
            r"
- {target: '$.paths.gone', update: {x: 1}}
- {target: '$.paths[', update: {x: 1}}
- {target: $.info.title, update: New}
- {target: $.info, update: [1]}
- {target: $.info, upd: {title: x}}
- {target: $.info, update: {title: x}, remove: true}
- {target: $.info, remove: yes}
- {target: $, remove: true}
- {update: {x: 1}}
"
            .trim_start()
        )
        .unwrap_err()
    );
}

#[test]
fn an_overlay_of_another_version_is_refused() {
    assert_snapshot!(apply("overlay: 2.0.0\ninfos: {}\nactions: []\n").unwrap_err());
}

#[test]
fn mistakes_that_only_the_overlay_made_say_so() {
    assert_snapshot!(apply("- {target: \"$.paths['/a'].get\", update: {x-mcp: {nam: it}}}\n").unwrap_err());
}

#[test]
fn the_hash_follows_the_content_and_not_the_order_of_members() {
    let hash = |document: &str| lower(&source(document)).unwrap().spec_hash().to_owned();
    let plain = hash("paths: {/a: {get: {operationId: a, summary: A}}}");
    assert_eq!(plain, hash("paths: {/a: {get: {summary: A, operationId: a}}}"));
    assert_ne!(plain, hash("paths: {/a: {get: {operationId: a, summary: B}}}"));
    let with_prompt = source("paths: {/a: {get: {operationId: a, summary: A}}}")
        .with_prompt("p.md", "---\nname: p\ntitle: T\ndescription: D\n---\nText\n");
    assert_ne!(plain, lower(&with_prompt).unwrap().spec_hash());
    let with_instructions =
        source("paths: {/a: {get: {operationId: a, summary: A}}}").with_instructions("Be kind.");
    assert_ne!(plain, lower(&with_instructions).unwrap().spec_hash());
    assert_eq!(plain.len(), 64);
}
