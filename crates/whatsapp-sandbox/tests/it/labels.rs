use reqwest::Method;
use serde_json::json;

use crate::api::{ANA, BRUNO, main_path, start};

#[tokio::test]
async fn labels_sort_the_chats_of_a_business_account() {
    let api = start().await;
    let new =
        api.post(&main_path("labels"), json!({ "name": "New order", "color": 3 })).await.is(201)["data"]
            .clone();
    let paid = api.post(&main_path("labels"), json!({ "name": "Paid" })).await.is(201)["data"].clone();
    api.post(&main_path("labels"), json!({ "name": "Paid" })).await.error(409);
    api.post(&main_path("labels"), json!({ "name": "x", "color": 20 })).await.error(400);
    let (new, paid) = (new["id"].as_str().unwrap(), paid["id"].as_str().unwrap());

    let chats = json!({ "chatIds": [ANA, BRUNO] });
    let path = main_path(&format!("labels/{new}/chats"));
    api.post(&path, chats.clone()).await.ok();
    let of_ana = main_path(&format!("labels/chats/{ANA}"));
    assert_eq!(api.get(&of_ana).await.ok()["data"], json!([{ "id": new, "name": "New order", "color": 3 }]));
    api.send(Method::DELETE, &path, Some(chats), &[]).await.ok();
    assert_eq!(api.get(&of_ana).await.ok()["data"], json!([]));

    api.put(&of_ana, json!({ "labels": [new, paid] })).await.ok();
    api.put(&of_ana, json!({ "labels": [paid] })).await.ok();
    assert_eq!(api.get(&of_ana).await.ok()["data"][0]["name"], "Paid");
    api.put(&of_ana, json!({ "labels": ["99"] })).await.error(404);
    let updated = api.put(&main_path(&format!("labels/{paid}")), json!({ "color": 7 })).await.ok();
    assert_eq!(updated["data"], json!({ "id": paid, "name": "Paid", "color": 7 }));
    api.delete(&main_path(&format!("labels/{paid}"))).await.ok();
    assert_eq!(api.get(&of_ana).await.ok()["data"], json!([]));
}

#[tokio::test]
async fn a_private_account_has_no_labels() {
    let api = start().await;
    api.link("private", "+14155550123").await;
    let refusal = api.get("/api/sessions/private/labels").await.error(409);
    assert!(refusal.contains("business"), "{refusal}");
}
