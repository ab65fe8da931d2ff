use serde_json::{Value, json};

use super::api::{As, Kirim, error, start};

async fn add(acme: As<'_>, count: usize) {
    for index in 0..count {
        let body =
            json!({ "phone_number": format!("+62811122233{index}"), "name": format!("Person {index}") });
        acme.post(&Kirim::at("contacts"), body).await.is(201);
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repeat() {
    let kirim = start().await;
    let acme = kirim.acme();
    add(acme, 7).await;
    let mut ids: Vec<Value> = Vec::new();
    let mut path = Kirim::at("contacts?limit=3&search=person");
    loop {
        let page = acme.get(&path).await.ok();
        let items = page["data"].as_array().unwrap();
        ids.extend(items.iter().map(|it| it["id"].clone()));
        assert_eq!(page["has_more"], page["next_cursor"].is_string());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        assert_eq!(items.len(), 3);
        path = Kirim::at(&format!("contacts?limit=3&search=person&cursor={cursor}"));
    }
    let all = acme.get(&Kirim::at("contacts?search=person&limit=100")).await.ok();
    let all: Vec<Value> = all["data"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect();
    assert_eq!((ids.len(), ids), (7, all));
}

#[tokio::test]
async fn a_cursor_is_good_for_its_own_list_and_filters_only() {
    let kirim = start().await;
    let acme = kirim.acme();
    add(acme, 3).await;
    let page = acme.get(&Kirim::at("contacts?limit=1&search=person")).await.ok();
    let cursor = page["next_cursor"].as_str().unwrap();
    acme.get(&Kirim::at(&format!("contacts?limit=2&search=person&cursor={cursor}"))).await.ok();
    for path in [
        Kirim::at(&format!("contacts?cursor={cursor}")),
        Kirim::at(&format!("contacts?search=Person%201&cursor={cursor}")),
        Kirim::at(&format!("conversations?cursor={cursor}")),
        format!("/v1/labels?cursor={cursor}"),
        Kirim::at(&format!("contacts?search=person&cursor={}x", &cursor[1..])),
        Kirim::at("contacts?search=person&cursor=nonsense"),
    ] {
        assert_eq!(error(acme.get(&path).await, 400, "invalid_cursor")["param"], "cursor", "{path}");
    }
}
