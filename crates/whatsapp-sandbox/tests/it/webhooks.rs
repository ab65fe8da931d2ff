use serde_json::json;

use crate::api::start;

#[tokio::test]
async fn a_webhook_is_kept_as_it_was_registered() {
    let api = start().await;
    let body = json!({
        "url": "https://hooks.example.com/titan", "events": ["message.received"], "session": "main",
        "label": "Order desk", "hmacKey": "obviously-fake", "headers": [{ "name": "X-Team", "value": "sales" }],
        "retries": { "attempts": 5, "delaySeconds": 2, "policy": "exponential" },
    });
    let created = api.post("/api/webhooks", body.clone()).await.is(201)["data"].clone();
    for field in ["url", "events", "session", "label", "hmacKey", "headers", "retries"] {
        assert_eq!(created[field], body[field], "{field}");
    }
    let path = format!("/api/webhooks/{}", created["id"]);
    let shown = api.get(&path).await.ok()["data"].clone();
    assert!(shown.get("hmacKey").is_none(), "only creation shows the key");
    assert_eq!(shown["enabled"], true);

    let updated = api.put(&path, json!({ "enabled": false, "session": null, "events": [] })).await.ok();
    let updated = &updated["data"];
    assert_eq!((&updated["enabled"], &updated["session"]), (&json!(false), &json!(null)));
    assert_eq!((&updated["events"], &updated["url"]), (&json!([]), &body["url"]));
    assert_eq!(api.get("/api/webhooks").await.ok()["data"].as_array().unwrap().len(), 1);
    api.delete(&path).await.ok();
    api.get(&path).await.error(404);
    api.delete(&path).await.error(404);
}

#[tokio::test]
async fn a_webhook_to_a_private_address_is_refused() {
    let api = start().await;
    for url in [
        "http://hooks.example.com/a",
        "https://localhost/a",
        "https://sub.localhost/a",
        "https://localhost./a",
        "https://db/a",
        "https://db.internal/a",
        "https://127.0.0.1/a",
        "https://2130706433/a",
        "https://0x7f.1/a",
        "https://10.0.0.1/a",
        "https://192.168.1.1/a",
        "https://169.254.169.254/latest",
        "https://100.64.0.1/a",
        "https://[::1]/a",
        "https://[::ffff:10.0.0.1]/a",
        "https://[fd00::1]/a",
        "https://user:pass@hooks.example.com/a",
        "not a url",
    ] {
        api.post("/api/webhooks", json!({ "url": url })).await.error(400);
    }
    assert_eq!(api.get("/api/webhooks").await.ok()["data"], json!([]));
}
