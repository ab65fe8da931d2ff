use serde_json::json;

use crate::api::{ANA, Api, CARLA, DIEGO, SUPPORT, main_path, start};

#[tokio::test]
async fn contacts_have_both_names_and_both_ids() {
    let api = start().await;
    let contacts = api.get(&main_path("contacts")).await.ok();
    let ana = &contacts["data"][0];
    assert_eq!((&ana["name"], &ana["pushName"]), (&json!("Ana Souza"), &json!("Ana")));
    assert_eq!(ana["phoneNumber"], "+5511988880001");
    assert!(ana["lid"].as_str().unwrap().ends_with("@lid"));
    assert!(ana.get("profileUrl").is_none(), "lists leave the picture out");
    assert_eq!(contacts["data"].as_array().unwrap().len(), 5);
    let one = api.get(&main_path(&format!("contacts/{ANA}"))).await.ok();
    let url = one["data"]["profileUrl"].as_str().unwrap();
    let picture = api.get(&main_path(&format!("contacts/{ANA}/picture"))).await.ok();
    assert_eq!(picture["data"]["url"], url);
    let none = api.get(&main_path(&format!("contacts/{CARLA}/picture"))).await.ok();
    assert_eq!(none["data"]["url"], json!(null));
}

#[tokio::test]
async fn a_contact_is_found_under_every_spelling() {
    let api = start().await;
    let lid = api.get(&main_path(&format!("contacts/{ANA}"))).await.ok()["data"]["lid"].clone();
    for spelling in ["5511988880001", "%2B55 11 98888-0001", "5511988880001@c.us", lid.as_str().unwrap()] {
        let contact = api.get(&main_path(&format!("contacts/{spelling}"))).await.ok();
        assert_eq!(contact["data"]["name"], "Ana Souza", "{spelling}");
    }
}

#[tokio::test]
async fn a_number_with_a_ninth_digit_too_many_is_found_by_asking() {
    let api = start().await;
    let body = json!({ "phoneNumbers": ["+5531988880004", "+553188880004", "+4930123456"] });
    let checks = api.post(&main_path("contacts/check"), body).await.ok()["data"].clone();
    assert_eq!(checks[0]["phoneNumber"], "+5531988880004", "the number as asked");
    assert_eq!(checks[0]["jid"], DIEGO, "and the JID to write to");
    assert_eq!(checks[1]["jid"], DIEGO);
    assert_eq!(checks[2], json!({ "phoneNumber": "+4930123456", "exists": false, "jid": null, "lid": null }));
    // Writing to the number as dialled is refused, and the error says what to do.
    let body =
        json!({ "session": "main", "chatId": "5531988880004@s.whatsapp.net", "type": "text", "text": "oi" });
    let refusal = api.post("/api/messages/send", body).await.error(404);
    assert!(refusal.contains("check the number first"), "{refusal}");
    api.say("main", DIEGO, "oi").await;
}

#[tokio::test]
async fn lids_and_numbers_lead_to_each_other() {
    let api = start().await;
    let lid = api.get(&main_path(&format!("contacts/{ANA}"))).await.ok()["data"]["lid"].clone();
    let body = json!({ "jids": [lid, ANA, "199999999999999@lid"] });
    let people = api.post(&main_path("lids/resolve"), body).await.ok()["data"].clone();
    assert_eq!(people[0], json!({ "phoneNumber": "+5511988880001", "jid": ANA, "lid": lid }));
    assert_eq!(people[0], people[1]);
    assert_eq!(people[2], json!({ "phoneNumber": null, "jid": null, "lid": "199999999999999@lid" }));
}

#[tokio::test]
async fn who_is_blocked_sees_neither_picture_nor_presence() {
    let api = Api::pair().await;
    let picture = format!("/api/sessions/sales/contacts/{SUPPORT}/picture");
    assert!(api.get(&picture).await.ok()["data"]["url"].is_string());
    api.post(&main_path("presence"), json!({ "presence": "available" })).await.ok();
    api.post(&format!("/api/sessions/sales/presence/{SUPPORT}/subscribe"), json!({})).await.ok();
    let presence = format!("/api/sessions/sales/presence/{SUPPORT}");
    assert_eq!(api.get(&presence).await.ok()["data"]["presence"], "available");
    api.post(&main_path("contacts/5511999990002/block"), json!({})).await.ok();
    assert_eq!(api.get(&picture).await.ok()["data"]["url"], json!(null));
    assert_eq!(api.get(&presence).await.ok()["data"]["presence"], "unavailable");
    api.post(&main_path(&format!("contacts/{SUPPORT}/block")), json!({})).await.error(409);
}
