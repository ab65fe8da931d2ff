use reqwest::Method;
use serde_json::json;
use whatsapp_sandbox::{MESSAGES_KEY, READ_ONLY_KEY};

use crate::api::{ANA, Api, answer, fast, main_path, start};

#[tokio::test]
async fn a_missing_scope_is_named() {
    let api = start().await.with_key(MESSAGES_KEY);
    api.get("/api/sessions").await.ok();
    api.say("main", ANA, "hello").await;
    for (method, path, scope) in [
        (Method::POST, "/api/sessions".to_owned(), "sessions:manage"),
        (Method::GET, "/api/main/pair/qr".to_owned(), "sessions:manage"),
        (Method::GET, main_path("chats"), "chats:read"),
        (Method::GET, main_path("contacts"), "contacts:read"),
        (Method::POST, main_path("contacts/check"), "contacts:read"),
        (Method::POST, main_path(&format!("contacts/{ANA}/block")), "contacts:manage"),
        (Method::GET, main_path("groups"), "groups:read"),
        (Method::POST, main_path("groups"), "groups:manage"),
        (Method::GET, main_path("channels"), "channels:read"),
        (Method::POST, main_path("presence"), "presence:write"),
        (Method::PUT, main_path("profile/name"), "profile:write"),
        (Method::DELETE, main_path("labels/1"), "labels:manage"),
        (Method::GET, "/api/webhooks".to_owned(), "webhooks:manage"),
        (Method::POST, main_path("media/x/download"), "media:read"),
        (Method::POST, main_path("media/x/persist"), "media:manage"),
        (Method::POST, main_path("lids/resolve"), "contacts:read"),
    ] {
        let error = api.send(method, &path, Some(json!({})), &[]).await.error(403);
        assert!(error.contains(&format!("`{scope}`")), "{path}: {error}");
    }
}

#[tokio::test]
async fn the_read_only_key_reads_and_changes_nothing() {
    let api = start().await.with_key(READ_ONLY_KEY);
    for path in ["chats", "contacts", "groups", "channels", "presence", "profile", "labels"] {
        api.get(&main_path(path)).await.ok();
    }
    let body = json!({ "session": "main", "chatId": ANA, "type": "text", "text": "hi" });
    assert!(api.post("/api/messages/send", body).await.error(403).contains("`messages:write`"));
    api.put(&main_path("profile/name"), json!({ "name": "x" })).await.error(403);
}

#[tokio::test]
async fn without_a_key_that_opens_something_nothing_is_told() {
    let api = start().await;
    let request = || api.request(Method::GET, "/api/sessions");
    for (request, word) in [
        (request(), "Authorization"),
        (request().bearer_auth("titan_wrong"), "not known"),
        (request().bearer_auth(""), "Authorization"),
        (request().basic_auth("titan_sandbox_full", Some("")), "Authorization"),
    ] {
        let answer = answer(request).await;
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
        assert!(answer.body["docs"].as_str().unwrap().starts_with("https://"));
        let error = answer.error(401);
        assert!(error.contains(word), "{error}");
    }
}

#[tokio::test]
async fn every_answer_is_marked_and_tells_how_many_requests_are_left() {
    let api = start().await;
    let mut left = Vec::new();
    for path in ["/api/sessions", "/api/sessions/none", "/nowhere", "/api/version"] {
        let answer = api.get(path).await;
        assert_eq!(answer.headers["x-sandbox"], "simulated", "{path}");
        assert_eq!(answer.headers["x-ratelimit-limit"], "6000", "{path}");
        assert_eq!(answer.body["simulated"], true, "{path}");
        left.push(answer.headers["x-ratelimit-remaining"].to_str().unwrap().parse::<u32>().unwrap());
    }
    assert!(left.windows(2).all(|pair| pair[0] > pair[1]), "{left:?}");
}

#[tokio::test]
async fn one_request_too_many_is_told_when_to_come_again() {
    let api = Api::new(fast().rate_limit(3)).await;
    for _ in 0..3 {
        api.get("/api/version").await.ok();
    }
    let answer = api.get("/api/version").await;
    assert_eq!(answer.headers["x-ratelimit-remaining"], "0");
    let seconds: u64 = answer.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    answer.error(429);
    let api = api.with_key(READ_ONLY_KEY);
    api.get("/api/version").await.ok();
}

#[tokio::test]
async fn the_control_routes_show_keys_sessions_and_people() {
    let api = start().await;
    let overview = answer(api.request(Method::GET, "/_sandbox")).await.ok();
    let keys: Vec<&str> =
        overview["data"]["keys"].as_array().unwrap().iter().map(|it| it["key"].as_str().unwrap()).collect();
    assert_eq!(keys, [api.sandbox.full_key(), READ_ONLY_KEY, MESSAGES_KEY]);
    assert_eq!(overview["data"]["sessions"], json!(["main", "_whatsapp-web"]));
    assert_eq!(overview["data"]["accounts"].as_array().unwrap().len(), 8);
}
