use reqwest::Method;
use serde_json::json;

use super::api::{ANA, Kirim, error, start};
use crate::api::answer;

#[tokio::test]
async fn contacts_are_made_changed_found_and_deleted() {
    let kirim = start().await;
    let acme = kirim.acme();
    let body = json!({ "phone_number": "+628111222333", "name": "Budi", "metadata": { "tier": "gold" } });
    let made = acme.post(&Kirim::at("contacts"), body.clone()).await;
    assert!(made.headers["location"].to_str().unwrap().contains("/contacts/ctc_"));
    let contact = made.is(201)["data"].clone();
    error(acme.post(&Kirim::at("contacts"), body).await, 409, "contact_already_exists");
    let path = Kirim::at(&format!("contacts/{}", contact["id"].as_str().unwrap()));
    let changed = acme.patch(&path, json!({ "email": "budi@example.com" })).await.ok();
    assert_eq!(changed["data"]["email"], "budi@example.com");
    assert_eq!(
        (&changed["data"]["name"], &changed["data"]["metadata"]["tier"]),
        (&json!("Budi"), &json!("gold"))
    );
    let cleared = acme.patch(&path, json!({ "email": null })).await.ok();
    assert_eq!(cleared["data"]["email"], json!(null));
    for query in ["search=BUD", "phone=%2B628111222333"] {
        let found = acme.get(&Kirim::at(&format!("contacts?{query}"))).await.ok();
        assert_eq!(found["data"][0]["id"], contact["id"], "{query}");
    }
    assert_eq!(acme.delete(&path).await.ok()["data"]["deleted"], true);
    error(acme.get(&path).await, 404, "resource_not_found");
}

#[tokio::test]
async fn a_search_knows_capitals_of_every_alphabet() {
    let kirim = start().await;
    let acme = kirim.acme();
    for (phone, name) in
        [("+628111222333", "Élodie"), ("+628111222334", "ИВАН"), ("+628111222335", "100%_Sari")]
    {
        let body = json!({ "phone_number": phone, "name": name });
        acme.post(&Kirim::at("contacts"), body).await.is(201);
    }
    for (search, name) in [("éLO", "Élodie"), ("иван", "ИВАН"), ("0%_s", "100%_Sari")] {
        let request = acme.request(Method::GET, &Kirim::at("contacts")).query(&[("search", search)]);
        let found = answer(request).await.ok();
        assert_eq!(found["data"][0]["name"], name, "{found}");
        assert_eq!(found["data"].as_array().unwrap().len(), 1, "{found}");
    }
}

#[tokio::test]
async fn labels_are_unique_and_go_with_what_they_are_on() {
    let kirim = start().await;
    let acme = kirim.acme();
    let vip =
        acme.post("/v1/labels", json!({ "name": "VIP", "color": "teal" })).await.is(201)["data"].clone();
    assert_eq!((&vip["color"], &vip["team_id"]), (&json!("teal"), &json!(null)));
    let twice = error(acme.post("/v1/labels", json!({ "name": "VIP" })).await, 400, "invalid_field_value");
    assert_eq!(twice["param"], "name");
    acme.post("/v1/labels", json!({ "name": "VIP", "team_id": "north" })).await.is(201);
    let conversation = acme.conversation(ANA, |_| true).await;
    let path = Kirim::at(&format!("conversations/{}/labels", conversation["id"].as_str().unwrap()));
    for _ in 0..2 {
        let put = acme.post(&path, json!({ "label_id": vip["id"] })).await.ok();
        assert_eq!(put["data"]["attached"], true);
    }
    let off = acme.delete(&format!("{path}/{}", vip["id"].as_str().unwrap())).await.ok();
    assert_eq!(off["data"]["attached"], false);
    let one = format!("/v1/labels/{}", vip["id"].as_str().unwrap());
    assert_eq!(acme.patch(&one, json!({ "name": "Gold" })).await.ok()["data"]["color"], "teal");
    acme.delete(&one).await.ok();
    error(acme.get(&one).await, 404, "resource_not_found");
}
