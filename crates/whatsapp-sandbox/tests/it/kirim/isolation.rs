use serde_json::json;

use super::api::{ANA, Kirim, NUMBER, OTHER_NUMBER, error, start, template, text};

#[tokio::test]
async fn nothing_of_another_organisation_can_be_found() {
    let kirim = start().await;
    let (acme, toko) = (kirim.acme(), kirim.toko());
    let message = acme.send(template(ANA)).await;
    let conversation = acme.conversation(ANA, |_| true).await;
    let contact = conversation["contact"]["id"].as_str().unwrap();
    let conversation = conversation["id"].as_str().unwrap();
    let label = acme.post("/v1/labels", json!({ "name": "VIP" })).await.is(201)["data"]["id"].clone();
    let label = label.as_str().unwrap();
    let hook = json!({ "url": "https://example.com/hook", "events": ["message.received"] });
    let hook = acme.post("/v1/webhook_subscriptions", hook).await.is(201)["data"]["id"].clone();
    let mine = [
        format!("/v1/{NUMBER}/messages"),
        format!("/v1/{NUMBER}/messages/{message}"),
        format!("/v1/{NUMBER}/conversations"),
        format!("/v1/{NUMBER}/conversations/{conversation}"),
        format!("/v1/{NUMBER}/contacts"),
        format!("/v1/{NUMBER}/contacts/{contact}"),
        format!("/v1/{NUMBER}/templates"),
        format!("/v1/labels/{label}"),
        format!("/v1/webhook_subscriptions/{}", hook.as_str().unwrap()),
    ];
    for path in &mine {
        acme.get(path).await.ok();
        assert_eq!(error(toko.get(path).await, 404, "resource_not_found")["type"], "not_found", "{path}");
        // Nor under the other's own number.
        let swapped = path.replace(NUMBER, OTHER_NUMBER);
        if path.contains('_') && path.contains(NUMBER) {
            error(toko.get(&swapped).await, 404, "resource_not_found");
        }
    }
    error(toko.post(&Kirim::at("messages"), text(ANA, "hi")).await, 404, "resource_not_found");
    error(toko.delete(&format!("/v1/labels/{label}")).await, 404, "resource_not_found");
    for path in ["/v1/labels", "/v1/webhook_subscriptions", "/v1/webhook_deliveries"] {
        assert_eq!(toko.get(path).await.ok()["data"], json!([]), "{path}");
    }
    let numbers = toko.get("/v1/accounts").await.ok();
    assert_eq!(numbers["data"][0]["phone_number_id"], OTHER_NUMBER);
    assert_eq!(numbers["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_label_of_another_organisation_cannot_be_attached() {
    let kirim = start().await;
    let (acme, toko) = (kirim.acme(), kirim.toko());
    let theirs = toko.post("/v1/labels", json!({ "name": "VIP" })).await.is(201)["data"]["id"].clone();
    let contact = acme.post(&Kirim::at("contacts"), json!({ "phone_number": "+628111222333" })).await.is(201);
    let contact = contact["data"]["id"].as_str().unwrap();
    let path = Kirim::at(&format!("contacts/{contact}/labels"));
    error(acme.post(&path, json!({ "label_id": theirs })).await, 404, "resource_not_found");
    let mine = acme.post("/v1/labels", json!({ "name": "VIP" })).await.is(201)["data"]["id"].clone();
    let bulk = json!({
        "contact_ids": [contact, "ctc_01HXYZABCDEFGHJKMNPQRSTVWX"], "label_id": mine, "operation": "attach",
    });
    let done = acme.post(&Kirim::at("contacts/bulk_label"), bulk).await.ok();
    assert_eq!(done["data"], json!({ "applied": 1, "skipped_cross_org": 1, "skipped_team_mismatch": 0 }));
}
