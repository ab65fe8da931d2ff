//! Answers that are too long for a model are cut, and say how to get the rest.

use serde_json::{Value, json};
use toolwright::{Output, Toolset};
use wiremock::ResponseTemplate;

use crate::fixture::{API, answering, answering_json, context, notes, object, text};

const BUDGET: usize = 1000;

async fn call(server: &wiremock::MockServer, tool: &str, arguments: Value) -> Output {
    let toolset = Toolset::builder(&API).response_budget(BUDGET).build().unwrap();
    toolset.call(tool, object(arguments), &context(&server.uri())).await.unwrap()
}

fn groups(count: usize) -> Vec<Value> {
    (0..count).map(|number| json!({ "id": format!("{number}@g.us"), "name": "Größe 📏" })).collect()
}

#[tokio::test]
async fn an_answer_within_the_budget_is_whole() {
    let server = answering_json(json!({ "data": groups(5) })).await;
    let output = call(&server, "groups_list", json!({})).await;
    assert!(notes(&output).is_empty());
    assert_eq!(output.structured, output.raw);
}

#[tokio::test]
async fn white_space_is_given_up_first() {
    let value = json!({ "data": groups(20) });
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    assert!(pretty.len() > BUDGET && value.to_string().len() < BUDGET);
    let server = answering(ResponseTemplate::new(200).set_body_raw(pretty, "application/json")).await;
    let output = call(&server, "groups_list", json!({})).await;
    assert_eq!(text(&output), value.to_string());
    assert!(notes(&output).is_empty());
}

#[tokio::test]
async fn of_a_long_list_the_first_items_are_kept() {
    let server = answering_json(json!({ "total": 100, "data": groups(100), "next": "abc" })).await;
    let output = call(&server, "groups_list", json!({})).await;
    assert!(text(&output).len() <= BUDGET);
    let shown: Value = serde_json::from_str(text(&output)).unwrap();
    assert_eq!(shown["next"], "abc");
    assert_eq!(shown["data"].as_array().unwrap()[..], groups(100)[..shown["data"].as_array().unwrap().len()]);
    assert_eq!(output.structured, Some(shown.into()));
    assert_eq!(output.raw.as_ref().unwrap()["data"].as_array().unwrap().len(), 100);
    insta::assert_snapshot!(notes(&output).join("\n"), @"Cut: 25 of the 100 items of `/data` are shown, because the whole answer has 3925 bytes and at most 1000 are handed over. Ask for the rest with `limit`, `offset`");
}

#[tokio::test]
async fn a_list_may_be_the_root_or_stand_deeper() {
    for (place, body) in [
        ("the list", json!(groups(100))),
        ("`/data/items`", json!({ "data": { "items": groups(100), "few": [1] } })),
    ] {
        let server = answering_json(body).await;
        let output = call(&server, "groups_list", json!({})).await;
        assert!(text(&output).len() <= BUDGET);
        serde_json::from_str::<Value>(text(&output)).unwrap();
        assert!(notes(&output)[0].contains(&format!("of the 100 items of {place} are shown")), "{output:?}");
    }
}

#[tokio::test]
async fn what_is_no_list_is_cut_between_characters() {
    let server = answering_json(json!({ "id": "1", "name": "é".repeat(2000), "size": 2 })).await;
    let output = call(&server, "groups_get", json!({ "session": "s", "groupId": "g" })).await;
    assert!((BUDGET - 1..=BUDGET).contains(&text(&output).len()));
    assert_eq!(output.structured, Some(json!({ "id": "1", "size": 2 }).into()));
    insta::assert_snapshot!(notes(&output).join("\n"), @"Cut: the first 1000 of 4029 bytes are shown, so that the text above ends in the middle. A tool that returns less may serve");
}

#[tokio::test]
async fn a_first_item_over_the_budget_is_cut_as_text() {
    let server = answering_json(json!({ "data": ["x".repeat(2000), "y"] })).await;
    let output = call(&server, "groups_list", json!({})).await;
    assert_eq!(text(&output).len(), BUDGET);
    assert!(notes(&output)[0].starts_with("Cut: the first 1000 of 2017 bytes"), "{output:?}");
}

#[tokio::test]
async fn a_long_text_is_cut() {
    let server = answering(ResponseTemplate::new(200).set_body_raw("ü".repeat(1000), "text/plain")).await;
    let output = call(&server, "labels_set", json!({ "chatId": 1 })).await;
    assert_eq!(text(&output), "ü".repeat(500));
    insta::assert_snapshot!(notes(&output).join("\n"), @"Cut: the first 1000 of 2000 bytes are shown, so that the text above ends in the middle. Ask for less with `filter`");
}
