use serde_json::json;

use super::api::{ANA, Kirim, SUPPORT, error, start};

#[tokio::test]
async fn the_latest_come_first_and_an_answer_reopens_what_was_resolved() {
    let kirim = start().await;
    let acme = kirim.acme();
    kirim.sandbox.account(ANA).sends(SUPPORT, "Hello").await.unwrap();
    let conversation = acme.conversation(ANA, |it| it["unread_count"].as_i64() >= Some(1)).await;
    let first = acme.get(&Kirim::at("conversations?limit=1")).await.ok();
    assert_eq!(first["data"][0]["id"], conversation["id"]);
    let path = Kirim::at(&format!("conversations/{}", conversation["id"].as_str().unwrap()));
    let resolved = acme.patch(&path, json!({ "status": "resolved" })).await.ok();
    assert_eq!(resolved["data"]["status"], "resolved");
    let open = acme.get(&Kirim::at("conversations?status=open&limit=100")).await.ok();
    assert!(open["data"].as_array().unwrap().iter().all(|it| it["id"] != conversation["id"]));
    kirim.sandbox.account(ANA).sends(SUPPORT, "One more thing").await.unwrap();
    acme.conversation(ANA, |it| it["status"] == "open").await;
}

#[tokio::test]
async fn a_conversation_can_be_assigned_to_users_of_the_organisation_only() {
    let kirim = start().await;
    let acme = kirim.acme();
    let conversation = acme.conversation(ANA, |_| true).await;
    let path = Kirim::at(&format!("conversations/{}", conversation["id"].as_str().unwrap()));
    let stranger = json!({ "assigned_to": "usr_01HXYZABCDEFGHJKMNPQRSTVWX" });
    error(acme.patch(&path, stranger).await, 404, "resource_not_found");
    assert_eq!(acme.patch(&path, json!({ "assigned_to": null })).await.ok()["data"]["assignee"], json!(null));
    error(acme.patch(&path, json!({})).await, 400, "missing_required_field");
}
