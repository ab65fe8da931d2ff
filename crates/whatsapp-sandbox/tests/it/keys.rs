//! API keys, and what the administrator does with the instance.

use reqwest::Method;
use serde_json::{Value, json};
use whatsapp_sandbox::{MASTER_KEY, MESSAGES_KEY, READ_ONLY_KEY};

use crate::api::{Answer, Api, answer, start};

async fn call(api: &Api, key: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
    let request = api.request(method, path).bearer_auth(key);
    answer(match body {
        Some(body) => request.json(&body),
        None => request,
    })
    .await
}

/// A new key of the account: its id and its secret.
async fn create(api: &Api, by: &str, scopes: Value) -> (String, String) {
    let body = json!({ "label": "Order desk", "lifetimeDays": 90, "scopes": scopes });
    let data = call(api, by, Method::POST, "/api/account/keys", Some(body)).await.is(201)["data"].clone();
    let text = |name: &str| data[name].as_str().unwrap().to_owned();
    (text("id"), text("key"))
}

#[tokio::test]
async fn a_key_is_shown_once_and_opens_what_it_carries() {
    let api = start().await;
    let full = api.sandbox.full_key();
    let (id, key) = create(&api, full, json!(["sessions:read", "groups:*", "sessions:read"])).await;
    assert!(key.starts_with("titan_") && key.len() == 104 && id.starts_with("key_"), "{id} {key}");
    call(&api, &key, Method::GET, "/api/sessions", None).await.ok();
    call(&api, &key, Method::GET, "/api/sessions/main/groups", None).await.ok();
    call(&api, &key, Method::GET, "/api/sessions/main/contacts", None).await.error(403);

    let listed = api.get("/api/account/keys").await.ok();
    assert!(!listed.to_string().contains(&key), "the secret is never told again");
    let own = listed["data"].as_array().unwrap().iter().find(|it| it["id"] == *id).unwrap().clone();
    assert_eq!(own["scopes"], json!(["groups:*", "sessions:read"]));
    assert_eq!((&own["label"], &own["isActive"]), (&json!("Order desk"), &json!(true)));
    assert!(own["expiresAt"].as_str().unwrap() > own["createdAt"].as_str().unwrap());
    assert_eq!(listed["data"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_key_that_is_disabled_or_deleted_opens_nothing() {
    let api = start().await;
    let (id, key) = create(&api, api.sandbox.full_key(), json!(["sessions:read"])).await;
    let path = format!("/api/account/keys/{id}");
    let change = |body: Value| call(&api, api.sandbox.full_key(), Method::PATCH, &path, Some(body));
    let updated = change(json!({ "isActive": false, "label": "Old desk" })).await.ok();
    assert_eq!(
        (&updated["data"]["isActive"], &updated["data"]["label"]),
        (&json!(false), &json!("Old desk"))
    );
    let refused = call(&api, &key, Method::GET, "/api/sessions", None).await.error(401);
    assert!(refused.contains("disabled"), "{refused}");
    change(json!({ "isActive": true })).await.ok();
    call(&api, &key, Method::GET, "/api/sessions", None).await.ok();
    api.delete(&path).await.ok();
    let refused = call(&api, &key, Method::GET, "/api/sessions", None).await.error(401);
    assert!(refused.contains("not known"), "{refused}");
    api.delete(&path).await.error(404);
}

#[tokio::test]
async fn a_key_gives_and_manages_only_what_it_carries_itself() {
    let api = start().await;
    let full = api.sandbox.full_key();
    for (scopes, missing) in [
        (json!(["*"]), "`*`"),
        (json!(["messages:*"]), "`messages:*`"),
        (json!(["messages:write", "groups:read"]), "`groups:read`"),
    ] {
        let body = json!({ "label": "x", "lifetimeDays": 1, "scopes": scopes });
        let error = call(&api, MESSAGES_KEY, Method::POST, "/api/account/keys", Some(body)).await.error(403);
        assert!(error.contains(missing), "{scopes}: {error}");
    }
    let (own, _) = create(&api, MESSAGES_KEY, json!(["messages:write"])).await;
    let (other, _) = create(&api, full, json!(["groups:read"])).await;
    let off = || Some(json!({ "isActive": false }));
    let path = |id: &str| format!("/api/account/keys/{id}");
    call(&api, MESSAGES_KEY, Method::PATCH, &path(&own), off()).await.ok();
    for target in [other.as_str(), "key_sandbox_full"] {
        call(&api, MESSAGES_KEY, Method::PATCH, &path(target), off()).await.error(403);
        call(&api, MESSAGES_KEY, Method::DELETE, &path(target), None).await.error(403);
    }
    let error = call(&api, full, Method::DELETE, &path("key_sandbox_full"), None).await.error(409);
    assert!(error.contains("itself"), "{error}");
    call(&api, full, Method::PATCH, &path("key_sandbox_full"), off()).await.error(409);
    call(&api, full, Method::PATCH, &path("key_sandbox_full"), Some(json!({ "label": "Mine" }))).await.ok();
}

#[tokio::test]
async fn every_scope_of_the_document_can_be_given_and_no_other() {
    let api = start().await;
    let document = api.get("/openapi.json").await.ok();
    let scopes: Vec<&String> = document["x-scopes"].as_object().unwrap().keys().collect();
    assert_eq!(scopes.len(), 20);
    create(&api, api.sandbox.full_key(), json!(scopes)).await;
    for wrong in
        [json!([]), json!(["messages"]), json!(["messages:read"]), json!(["everything:*"]), json!("*")]
    {
        let body = json!({ "label": "x", "lifetimeDays": 1, "scopes": wrong });
        let error = api.post("/api/account/keys", body).await.error(400);
        assert!(error.contains("/scopes"), "{error}");
    }
    for days in [json!(0), json!(-1), json!(3651), json!("1"), json!(1.5)] {
        let body = json!({ "label": "x", "lifetimeDays": days, "scopes": ["*"] });
        assert!(api.post("/api/account/keys", body).await.error(400).contains("/lifetimeDays"));
    }
}

#[tokio::test]
async fn the_administrator_manages_every_key() {
    let api = start().await;
    let admin = |method, path: &str, body| {
        let path = path.to_owned();
        let api = &api;
        async move { call(api, MASTER_KEY, method, &path, body).await }
    };
    assert_eq!(admin(Method::GET, "/admin/keys", None).await.ok()["data"].as_array().unwrap().len(), 3);
    let body = json!({ "label": "All", "lifetimeDays": 1, "scopes": ["*"] });
    let made = admin(Method::POST, "/admin/keys", Some(body)).await.is(201);
    let path = format!("/admin/keys/{}", made["data"]["id"].as_str().unwrap());
    admin(Method::PATCH, "/admin/keys/key_sandbox_read_only", Some(json!({ "isActive": false }))).await.ok();
    call(&api, READ_ONLY_KEY, Method::GET, "/api/sessions", None).await.error(401);
    admin(Method::DELETE, &path, None).await.ok();
    admin(Method::DELETE, &path, None).await.error(404);
    assert_eq!(admin(Method::GET, "/admin/license", None).await.ok()["data"]["valid"], true);
}

#[tokio::test]
async fn the_limit_of_requests_is_a_setting_that_holds_at_once() {
    let api = start().await;
    let path = "/admin/settings";
    let settings = || call(&api, MASTER_KEY, Method::GET, path, None);
    assert_eq!(
        settings().await.ok()["data"],
        json!({ "autoPersistMedia": false, "requestsPerMinute": 6000 })
    );
    let set = |body: Value| call(&api, MASTER_KEY, Method::PUT, path, Some(body));
    set(json!({ "requestsPerMinute": 2, "theme": { "dark": true } })).await.ok();
    assert_eq!(settings().await.ok()["data"]["theme"], json!({ "dark": true }), "what is not known is kept");
    let first = api.get("/api/sessions").await;
    assert_eq!((&first.headers["x-ratelimit-limit"], first.status.as_u16()), (&"2".parse().unwrap(), 200));
    api.get("/api/sessions").await.ok();
    let refused = api.get("/api/sessions").await;
    assert!(refused.headers.contains_key("retry-after"));
    refused.error(429);
    set(json!({ "requestsPerMinute": 6000 })).await.ok();
    api.get("/api/sessions").await.ok();
    set(json!({ "requestsPerMinute": 0 })).await.error(400);
    set(json!({ "autoPersistMedia": "yes" })).await.error(400);
}
