use serde_json::json;

use crate::api::{Api, fast, start};

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
    let rotated = api.put(&path, json!({ "hmacKey": "another" })).await.ok();
    assert!(rotated["data"].get("hmacKey").is_none(), "only creation shows the key");
    let list = api.get("/api/webhooks").await.ok()["data"].clone();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert!(list[0].get("hmacKey").is_none());
    api.delete(&path).await.ok();
    api.get(&path).await.error(404);
    api.put(&path, json!({ "enabled": true })).await.error(404);
    api.delete(&path).await.error(404);
}

#[tokio::test]
async fn a_webhook_without_key_and_policy_gets_both() {
    let api = start().await;
    let create = async || {
        let body = json!({ "url": "https://hooks.example.com/titan" });
        api.post("/api/webhooks", body).await.is(201)["data"].clone()
    };
    let (one, other) = (create().await, create().await);
    assert!(one["hmacKey"].as_str().unwrap().len() >= 20);
    assert_ne!(one["hmacKey"], other["hmacKey"]);
    assert_eq!(one["retries"], json!({ "attempts": 5, "delaySeconds": 2, "policy": "exponential" }));
    assert_eq!((&one["events"], &one["session"], &one["headers"]), (&json!([]), &json!(null), &json!([])));
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
        "https://0177.0.0.1/a",
        "https://0.0.0.0/a",
        "https://10.0.0.1/a",
        "https://192.168.1.1/a",
        "https://169.254.169.254/latest",
        "https://100.64.0.1/a",
        "https://[::1]/a",
        "https://[::ffff:10.0.0.1]/a",
        "https://[64:ff9b::10.0.0.1]/a",
        "https://[2002:a00:1::]/a",
        "https://[fd00::1]/a",
        "https://user:pass@hooks.example.com/a",
        "https://",
        "not a url",
    ] {
        let answer = api.post("/api/webhooks", json!({ "url": url })).await;
        assert_eq!(answer.status, 400, "{url}: {}", answer.body);
        answer.error(400);
    }
    assert_eq!(api.get("/api/webhooks").await.ok()["data"], json!([]));
    let path = {
        let body = json!({ "url": "https://hooks.example.com/a" });
        let created = api.post("/api/webhooks", body).await.is(201);
        format!("/api/webhooks/{}", created["data"]["id"])
    };
    let error = api.put(&path, json!({ "url": "https://10.0.0.1/a" })).await.error(400);
    assert!(error.contains("`url`") && error.contains("10.0.0.1"), "{error}");
    assert_eq!(api.get(&path).await.ok()["data"]["url"], "https://hooks.example.com/a");

    let open = Api::new(fast().allow_private(true)).await;
    for url in ["http://127.0.0.1:9/a", "https://localhost/a", "http://[::1]:9/a"] {
        open.post("/api/webhooks", json!({ "url": url })).await.is(201);
    }
    open.post("/api/webhooks", json!({ "url": "ftp://127.0.0.1/a" })).await.error(400);
}

#[tokio::test]
async fn what_no_delivery_could_carry_is_refused() {
    let api = start().await;
    let with = |field: &str, value: serde_json::Value| {
        let mut body = json!({ "url": "https://hooks.example.com/a" });
        body[field] = value;
        body
    };
    let header = |name: &str, value: &str| with("headers", json!([{ "name": name, "value": value }]));
    for (body, word) in [
        (header("Content-Length", "5"), "Content-Length"),
        (header("host", "evil.example"), "host"),
        (header("X-Webhook-Signature", "sha256=00"), "X-Webhook-Signature"),
        (header("two words", "a"), "name"),
        (header("X-Team", "a\r\nX-Other: b"), "value"),
        (with("headers", json!(vec![json!({ "name": "X-A", "value": "b" }); 51])), "headers"),
        (with("retries", json!({ "attempts": 101 })), "attempts"),
        (with("retries", json!({ "attempts": -1 })), "attempts"),
        (with("retries", json!({ "delaySeconds": 86_401 })), "delaySeconds"),
        (with("retries", json!({ "policy": "random" })), "policy"),
        (with("colour", json!("red")), "colour"),
    ] {
        let error = api.post("/api/webhooks", body.clone()).await.error(400);
        assert!(error.contains(word), "{body}: {error}");
    }
}
