//! Client tokens: what an end user's browser may do through one session.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::api::{ANA, Answer, Api, BRUNO, ECHO, answer, main_path, start};

const RULES: &str = "/api/sessions/main/client-rules";

async fn set_rules(api: &Api, changes: Value) {
    let mut rules = json!({
        "recipientMode": "conversation",
        "allowedActions": "send_message, send_reaction,read_presence,subscribe_presence,read_contact",
    });
    rules.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    api.put(RULES, rules).await.ok();
}

async fn mint(api: &Api, chat: &str, changes: Value) -> String {
    let mut body = json!({ "session": "main", "ephemeralId": "visitor-1", "chatId": chat });
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    let made = api.post("/api/client-tokens", body).await.is(201);
    made["data"]["token"].as_str().unwrap().to_owned()
}

fn text(session: &str, chat: &str) -> Value {
    json!({ "session": session, "chatId": chat, "type": "text", "text": "Is the café open?" })
}

fn sending(api: &Api, token: &str, body: &Value) -> RequestBuilder {
    api.request(Method::POST, "/api/messages/send").bearer_auth(token).json(body)
}

async fn send(api: &Api, token: &str, session: &str, chat: &str) -> Answer {
    answer(sending(api, token, &text(session, chat))).await
}

async fn get(api: &Api, token: &str, path: &str) -> Answer {
    answer(api.request(Method::GET, path).bearer_auth(token)).await
}

#[tokio::test]
async fn rules_are_set_shown_and_deleted() {
    let api = start().await;
    api.get(RULES).await.error(404);
    api.delete(RULES).await.error(404);
    let rules = json!({
        "recipientMode": "conversation", "allowedActions": "send_message", "rateLimit": 30, "maxDaily": 200,
        "allowedOrigins": "https://shop.example.com", "enabled": true,
    });
    assert_eq!(api.put(RULES, rules.clone()).await.ok()["data"], rules);
    assert_eq!(api.get(RULES).await.ok()["data"], rules);
    let replaced = api.put(RULES, json!({ "recipientMode": "any" })).await.ok();
    assert_eq!((&replaced["data"]["allowedActions"], &replaced["data"]["maxDaily"]), (&json!(""), &json!(0)));
    api.delete(RULES).await.ok();
    api.get(RULES).await.error(404);
    api.put("/api/sessions/nobody/client-rules", rules).await.error(404);
}

#[tokio::test]
async fn a_token_does_what_the_rules_of_its_session_allow() {
    let api = start().await;
    set_rules(&api, json!({})).await;
    let token = mint(&api, ANA, json!({})).await;
    assert!(token.starts_with("titan_ct_eyJ"), "{token}");
    let id = send(&api, &token, "main", ANA).await.ok()["data"]["id"].clone();
    api.message("main", ANA, "the message", |it| it["id"] == id).await;
    get(&api, &token, &main_path("contacts")).await.ok();
    get(&api, &token, &main_path("presence")).await.ok();
    let typing = api.request(Method::POST, &main_path("messages/typing")).bearer_auth(&token);
    let error = answer(typing.json(&json!({ "chatId": ANA }))).await.error(403);
    assert!(error.contains("`send_typing`"), "{error}");
}

#[tokio::test]
async fn a_token_opens_nothing_but_the_actions_of_its_session() {
    let api = start().await;
    api.link("sales", "+5511999990002").await;
    set_rules(&api, json!({})).await;
    let token = mint(&api, ANA, json!({})).await;
    for path in
        ["/api/sessions", "/api/sessions/main", RULES, "/api/account/keys", "/admin/settings", "/api/version"]
    {
        let error = get(&api, &token, path).await.error(403);
        assert!(error.contains("no client token"), "{path}: {error}");
    }
    let body = json!({ "session": "main", "ephemeralId": "visitor-2", "chatId": ANA });
    answer(api.request(Method::POST, "/api/client-tokens").bearer_auth(&token).json(&body)).await.error(403);
    for error in [
        send(&api, &token, "sales", ANA).await.error(403),
        get(&api, &token, "/api/sessions/sales/contacts").await.error(403),
    ] {
        assert!(error.contains("`main` only"), "{error}");
    }
}

#[tokio::test]
async fn a_token_of_one_conversation_stays_in_it() {
    let api = start().await;
    set_rules(&api, json!({})).await;
    let error = api
        .post("/api/client-tokens", json!({ "session": "main", "ephemeralId": "visitor-1" }))
        .await
        .error(409);
    assert!(error.contains("chatId"), "{error}");
    let token = mint(&api, ANA, json!({})).await;
    assert!(send(&api, &token, "main", BRUNO).await.error(403).contains("recipient mode"));
    get(&api, &token, &main_path(&format!("presence/{BRUNO}"))).await.error(403);
    let lid = api.get(&main_path(&format!("contacts/{ANA}"))).await.ok()["data"]["lid"].clone();
    send(&api, &token, "main", lid.as_str().unwrap()).await.ok();

    set_rules(&api, json!({ "recipientMode": "any" })).await;
    send(&api, &token, "main", BRUNO).await.ok();
    set_rules(&api, json!({ "recipientMode": "moonlight" })).await;
    assert!(
        send(&api, &token, "main", ANA).await.error(403).contains("moonlight"),
        "an unknown mode lets nobody in"
    );
}

#[tokio::test]
async fn changes_of_the_rules_hold_for_tokens_already_out() {
    let api = start().await;
    let body = json!({ "session": "main", "ephemeralId": "visitor-1", "chatId": ANA });
    assert!(api.post("/api/client-tokens", body.clone()).await.error(409).contains("set them first"));
    set_rules(&api, json!({})).await;
    let token = mint(&api, ANA, json!({})).await;
    send(&api, &token, "main", ANA).await.ok();
    set_rules(&api, json!({ "enabled": false })).await;
    assert!(send(&api, &token, "main", ANA).await.error(401).contains("disabled"));
    api.post("/api/client-tokens", body).await.error(409);
    set_rules(&api, json!({ "allowedActions": "read_contact" })).await;
    send(&api, &token, "main", ANA).await.error(403);
    api.delete(RULES).await.ok();
    send(&api, &token, "main", ANA).await.error(401);
}

#[tokio::test]
async fn tampered_and_strange_tokens_open_nothing() {
    let api = start().await;
    set_rules(&api, json!({})).await;
    let token = mint(&api, ANA, json!({})).await;
    let parts: Vec<&str> = token.strip_prefix("titan_ct_").unwrap().split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { panic!("{token} is no JWT") };
    // {"alg":"none","typ":"JWT"}
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0";
    let widget = api.post("/api/widget/sessions", json!({ "mode": "qr" })).await.is(201);
    let widget = widget["data"]["widgetToken"].as_str().unwrap();
    for wrong in [
        format!("titan_ct_{header}.{claims}."),
        format!("titan_ct_{header}.{claims}.{}", signature.replace(|it: char| it.is_ascii_digit(), "A")),
        format!("titan_ct_{header}.{claims}A.{signature}"),
        format!("titan_ct_{none}.{claims}."),
        format!("titan_ct_{none}.{claims}.{signature}"),
        format!("titan_ct_{widget}"),
        "titan_ct_".to_owned(),
        format!("titan_ct_{}", "x".repeat(5_000)),
        format!("{header}.{claims}.{signature}"),
    ] {
        if wrong == token {
            continue;
        }
        send(&api, &wrong, "main", ANA).await.error(401);
    }
}

#[tokio::test]
async fn a_token_ends_in_time_and_with_its_session() {
    let api = start().await;
    set_rules(&api, json!({})).await;
    let short = mint(&api, ANA, json!({ "expiresIn": 1 })).await;
    let error = crate::api::eventually("the token to expire", || async {
        let answer = send(&api, &short, "main", ANA).await;
        (answer.status == 401).then(|| answer.body["error"].as_str().unwrap().to_owned())
    })
    .await;
    assert!(error.contains("expired"), "{error}");
    let token = mint(&api, ANA, json!({ "expiresIn": 60 })).await;
    api.delete("/api/sessions/main").await.ok();
    api.link("main", "+5511999990001").await;
    set_rules(&api, json!({})).await;
    let error = send(&api, &token, "main", ANA).await.error(401);
    assert!(error.contains("gone"), "another session of the same name is not meant: {error}");
    let body = json!({ "session": "main", "ephemeralId": "v", "chatId": ANA, "expiresIn": 86_401 });
    api.post("/api/client-tokens", body).await.error(400);
}

#[tokio::test]
async fn each_end_user_has_limits_of_a_minute_and_a_day() {
    let api = start().await;
    set_rules(&api, json!({ "rateLimit": 4, "maxDaily": 2 })).await;
    let (one, other) =
        (mint(&api, ANA, json!({})).await, mint(&api, ANA, json!({ "ephemeralId": "visitor-2" })).await);
    let first = send(&api, &one, "main", ANA).await;
    assert_eq!(first.headers["x-ratelimit-limit"], "4");
    let id = first.ok()["data"]["id"].clone();
    let wrong = json!({ "session": "main", "chatId": ANA, "type": "text", "text": "x", "quotedMessage": { "id": "none" } });
    answer(sending(&api, &one, &wrong)).await.error(404);
    let react = api.request(Method::POST, &main_path("messages/react")).bearer_auth(&one);
    let body = json!({ "chatId": ANA, "messageId": id, "reaction": "👍" });
    answer(react.json(&body)).await.ok();
    let refused = send(&api, &one, "main", ANA).await;
    assert!(refused.headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() <= 86_400);
    assert!(refused.error(429).contains("2 sends a day"), "what was refused did not count, the reaction did");
    let refused = get(&api, &one, &main_path("contacts")).await;
    assert!(refused.error(429).contains("too many requests"), "the minute's requests are used up");
    send(&api, &other, "main", ANA).await.ok();
    set_rules(&api, json!({ "rateLimit": 0, "maxDaily": 0 })).await;
    for _ in 0..5 {
        send(&api, &one, "main", ANA).await.ok();
    }
}

#[tokio::test]
async fn pages_of_other_origins_are_kept_out() {
    let api = start().await;
    set_rules(&api, json!({ "allowedOrigins": "https://shop.example.com, https://www.example.com" })).await;
    let token = mint(&api, ECHO, json!({})).await;
    let from = |origin: &str| sending(&api, &token, &text("main", ECHO)).header("origin", origin.to_owned());
    let allowed = answer(from("https://www.example.com")).await;
    assert_eq!(allowed.headers["access-control-allow-origin"], "https://www.example.com");
    allowed.ok();
    assert!(answer(from("https://evil.example.com")).await.error(403).contains("origin"));
    send(&api, &token, "main", ECHO).await.error(403);

    let ask = |path: &str| {
        let request = api.request(Method::OPTIONS, path).header("origin", "https://www.example.com");
        request.header("access-control-request-method", "POST")
    };
    let preflight = answer(ask("/api/messages/send")).await;
    assert_eq!(preflight.status, 204);
    assert!(preflight.headers["access-control-allow-headers"].to_str().unwrap().contains("authorization"));
    assert_eq!(answer(ask("/api/account/keys")).await.status, 405, "keys do not belong in pages");
    let key = api.request(Method::GET, "/api/sessions").bearer_auth(api.sandbox.full_key());
    let with_key = answer(key.header("origin", "https://www.example.com")).await;
    assert!(!with_key.headers.contains_key("access-control-allow-origin"));
}
