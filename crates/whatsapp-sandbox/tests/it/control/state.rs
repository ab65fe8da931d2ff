use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use whatsapp_sandbox::client::types;
use whatsapp_sandbox::{FULL_KEY, Sandbox, SandboxBuilder};

use super::{ANA, BRUNO, SUPPORT, refusal, start, start_with, text};
use crate::api::{Api, eventually, fast};
use crate::receiver::{Delivered, Receiver, signed};

/// The bytes of an export.
async fn export(sandbox: &Sandbox, query: &str) -> String {
    let answer = reqwest::get(format!("{}/_sandbox/state{query}", sandbox.url())).await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

async fn import(sandbox: &Sandbox, state: impl Into<reqwest::Body>) -> (u16, Value) {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.put(format!("{}/_sandbox/state", sandbox.url())).body(state);
    let answer = request.header("content-type", "application/json").send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// Everything is the same each time.
fn fixed() -> SandboxBuilder {
    let noon = SystemTime::UNIX_EPOCH + Duration::from_hours(490_908);
    fast().clock(noon).random_seed(7)
}

/// A little of everything.
async fn live(sandbox: &Sandbox) {
    let control = sandbox.control();
    let image: types::SendMessage =
        serde_json::from_value(json!({ "type": "image", "base64": "iVBORw0KGgoAAAA=" })).unwrap();
    control.messages_send(ANA, SUPPORT, &image).await.unwrap();
    let poll = json!({ "type": "poll", "question": "When?", "options": ["Now", "Later"] });
    let poll: types::SendMessage = serde_json::from_value(poll).unwrap();
    let poll = control.messages_send(ANA, BRUNO, &poll).await.unwrap().into_inner().data.id;
    sandbox.advance(Duration::from_secs(5)).await.unwrap();
    sandbox.account(BRUNO).votes(ANA, &poll, &["Later"]).await.unwrap();
    let place = json!({ "type": "location", "latitude": 1.0, "longitude": -0.1 });
    let place: types::SendMessage = serde_json::from_value(place).unwrap();
    control.messages_send(ANA, BRUNO, &place).await.unwrap();
    let body = types::CreateChannel { name: "News".to_owned(), description: None };
    control.channels_create(BRUNO, &body).await.unwrap();
    control.messages_send(ANA, "+12025550199", &text("ping")).await.unwrap();
    sandbox.advance(Duration::from_hours(1)).await.unwrap();
}

#[tokio::test]
async fn a_state_goes_to_another_sandbox_and_comes_back_byte_for_byte() {
    let (one, other) = (start_with(fixed()).await, start().await);
    live(&one).await;
    let state = export(&one, "").await;
    let (status, imported) = import(&other, state.clone()).await;
    assert_eq!(status, 200, "{imported}");
    assert!(imported["data"]["rows"].as_i64().unwrap() > 100, "{imported}");
    assert_eq!(export(&other, "").await, state);
    let messages = other.account(SUPPORT).messages(ANA).await.unwrap();
    let media = messages.last().unwrap().media.as_ref().unwrap();
    assert!(media.available);
    let file =
        reqwest::get(format!("{}/_sandbox/accounts/{ANA}/media/{}", other.url(), media.id)).await.unwrap();
    assert_eq!(file.headers()["content-type"], "image/png");
    assert!(file.bytes().await.unwrap().starts_with(b"\x89PNG"), "the file came along");
    other.advance(Duration::from_secs(1)).await.unwrap();
    other.account(ANA).sends(SUPPORT, "Life goes on").await.unwrap();
}

#[tokio::test]
async fn the_same_script_gives_the_same_state() {
    let (one, other) = (start_with(fixed()).await, start_with(fixed()).await);
    live(&one).await;
    live(&other).await;
    assert_eq!(export(&one, "").await, export(&other, "").await);
}

#[tokio::test]
async fn a_reset_with_a_seed_gives_the_state_of_the_start() {
    let sandbox = start_with(fixed()).await;
    let at_first = export(&sandbox, "").await;
    live(&sandbox).await;
    assert_ne!(export(&sandbox, "").await, at_first);
    let noon =
        types::SetClock { mode: types::ClockMode::Manual, now: Some("2026-01-01T12:00:00Z".to_owned()) };
    sandbox.control().clock_set(&noon).await.unwrap();
    sandbox.reset().await.unwrap();
    assert_eq!(export(&sandbox, "").await, at_first);
}

#[tokio::test]
async fn a_reset_forgets_and_leaves_the_keys() {
    let api = Api::new(fast()).await;
    let control = api.sandbox.control();
    api.say("main", crate::api::BRUNO, "forget me").await;
    control.state_reset(&types::Reset { to: Some(types::ResetTo::Empty) }).await.unwrap();
    let overview = control.overview_get().await.unwrap().into_inner().data;
    assert_eq!((overview.counts.accounts, overview.counts.messages, overview.counts.sessions), (0, 0, 0));
    assert_eq!(api.get("/api/sessions").await.ok()["data"], json!([]), "the key still opens the API");
    control.state_reset(&types::Reset { to: None }).await.unwrap();
    let overview = control.overview_get().await.unwrap().into_inner().data;
    assert_eq!((overview.counts.accounts, overview.sessions[0].as_str()), (8, "main"));
    api.say("main", crate::api::BRUNO, "a new life").await;
}

#[tokio::test]
async fn secrets_stay_where_they_are() {
    let api = Api::new(fast().allow_private(true)).await;
    let secret = json!([{ "name": "Authorization", "value": "Bearer HEADERSECRET" }]);
    let body = json!({ "url": "https://127.0.0.1:9/hook", "hmacKey": "HMACSECRET", "headers": secret });
    api.post("/api/webhooks", body).await.is(201);
    let proxy = json!({ "name": "proxied", "proxy": "http://user:PROXYSECRET@proxy.example.com:3128" });
    api.post("/api/sessions", proxy).await.is(201);
    let state = export(&api.sandbox, "").await;
    for secret in ["HEADERSECRET", "HMACSECRET", "PROXYSECRET", FULL_KEY] {
        assert!(!state.contains(secret), "{secret}");
    }
    assert!(state.contains("proxy.example.com:3128"));
    let (status, imported) = import(&api.sandbox, state).await;
    assert_eq!(status, 200, "{imported}");
    api.get("/api/sessions/proxied").await.ok();
}

#[tokio::test]
async fn without_media_a_state_is_smaller_and_its_files_have_expired() {
    let sandbox = start_with(fixed()).await;
    live(&sandbox).await;
    let (whole, small) = (export(&sandbox, "").await, export(&sandbox, "?media=false").await);
    assert!(small.len() < whole.len());
    assert_eq!(import(&sandbox, small).await.0, 200);
    let messages = sandbox.account(SUPPORT).messages(ANA).await.unwrap();
    assert!(!messages.last().unwrap().media.as_ref().unwrap().available);
}

#[tokio::test]
async fn a_state_that_does_not_fit_changes_nothing() {
    let sandbox = start_with(fixed()).await;
    let before = export(&sandbox, "").await;
    let state: Value = serde_json::from_str(&before).unwrap();
    let broken = |change: &dyn Fn(&mut Value)| {
        let mut state = state.clone();
        change(&mut state);
        state.to_string()
    };
    let cases: [(&str, u16, String); 9] = [
        ("version", 409, broken(&|it| it["version"] = json!(1))),
        ("format", 400, broken(&|it| it["format"] = json!("something"))),
        ("clock", 400, broken(&|it| it["clock"] = json!("noon on the first day"))),
        (
            "`star` is missing",
            409,
            broken(&|it| {
                it["tables"].as_object_mut().unwrap().remove("star");
            }),
        ),
        ("no table `moon`", 409, broken(&|it| it["tables"]["moon"] = it["tables"]["star"].clone())),
        ("columns", 409, broken(&|it| it["tables"]["star"]["columns"] = json!(["who"]))),
        ("row 0 of the table `star`", 409, broken(&|it| it["tables"]["star"]["rows"] = json!([[1, 2, 3]]))),
        (
            "refers to a row of `message`",
            409,
            broken(&|it| it["tables"]["star"]["rows"] = json!([[1, 999_999]])),
        ),
        (
            "row 0 of the table `account`",
            409,
            broken(&|it| it["tables"]["account"]["rows"][0][1] = Value::Null),
        ),
    ];
    for (named, status, state) in cases {
        let (answered, body) = import(&sandbox, state).await;
        let error = body["error"].as_str().unwrap_or_default();
        assert_eq!(answered, status, "{named}: {body}");
        assert!(error.contains(named), "{named}: {error}");
    }
    assert_eq!(import(&sandbox, "{").await.0, 400);
    assert_eq!(export(&sandbox, "").await, before);
    let nothing = types::State {
        format: types::StateFormat::WhatsappSandboxState,
        version: 1,
        clock: None,
        seed: None,
        tables: std::collections::HashMap::new(),
    };
    assert_eq!(refusal(sandbox.control().state_import(&nothing).await).0, 409);
}

#[tokio::test]
async fn rows_that_nobody_could_read_are_refused() {
    let sandbox = start_with(fixed()).await;
    live(&sandbox).await;
    let before = export(&sandbox, "").await;
    let state: Value = serde_json::from_str(&before).unwrap();
    let hostile = [
        ("account", "phone", json!("twelve")),
        ("agenda", "task", json!("not json")),
        ("agenda", "task", json!("{\"task\":\"dance\"}")),
        ("call", "phase", json!("humming")),
        ("event", "body", json!("{\"kind\":\"moonrise\"}")),
        ("event", "observers", json!("everybody")),
        ("message", "content", json!("garbage")),
        ("message", "content", json!("{\"type\":\"song\"}")),
        ("participant", "rank", json!(7)),
        ("receipt", "status", json!(99)),
        ("reply_rule", "matching", json!("(")),
        ("reply_rule", "reply", json!("{}")),
        ("session", "state", json!("asleep")),
        ("session", "synced", json!(101)),
        ("setting", "value", json!("{")),
        ("webhook", "registration", json!("{}")),
    ];
    for (table, column, value) in hostile {
        let mut state = state.clone();
        let rows = &mut state["tables"][table];
        let columns: Vec<String> = serde_json::from_value(rows["columns"].clone()).unwrap();
        let place = columns.iter().position(|it| it == column).unwrap();
        if rows["rows"][0].is_null() {
            rows["rows"] = json!([vec![json!("1"); columns.len()]]);
        }
        rows["rows"][0][place] = value.clone();
        let (status, answer) = import(&sandbox, state.to_string()).await;
        let error = answer["error"].as_str().unwrap_or_default();
        assert_eq!(status, 409, "{table}.{column} = {value}: {answer}");
        let named = format!("row 0 of the table `{table}` does not fit: `{column}`: ");
        assert!(error.contains(&named), "{error}");
    }
    assert_eq!(export(&sandbox, "").await, before);
}

#[tokio::test]
async fn webhooks_keep_their_secrets_or_get_new_keys() {
    let api = Api::new(fast().allow_private(true)).await;
    let receiver = Receiver::start().await;
    let headers = json!([{ "name": "X-Mine", "value": "kept" }]);
    let kept = json!({ "url": receiver.url, "hmacKey": "KEPT", "headers": headers });
    api.post("/api/webhooks", kept).await.is(201);
    let moved = json!({ "url": receiver.url, "hmacKey": "LOST" });
    let moved = api.post("/api/webhooks", moved).await.is(201)["data"]["id"].clone();
    let state = export(&api.sandbox, "").await;
    let (status, imported) = import(&api.sandbox, state.clone()).await;
    assert_eq!((status, &imported["data"]["newWebhookKeys"]), (200, &json!([])));
    let elsewhere = json!({ "url": format!("{}/elsewhere", receiver.url) });
    api.put(&format!("/api/webhooks/{moved}"), elsewhere).await.ok();
    let (status, imported) = import(&api.sandbox, state).await;
    assert_eq!((status, &imported["data"]["newWebhookKeys"]), (200, &json!([moved])));
    api.say("main", crate::api::BRUNO, "signed?").await;
    let both = eventually("both webhooks to hear of it", || async {
        let told: Vec<_> =
            receiver.all().into_iter().filter(|it| it.body["event"] == "message.sent").collect();
        (told.len() == 2).then_some(told)
    })
    .await;
    let own = both.iter().find(|it| it.headers.contains_key("x-mine")).unwrap();
    let other = both.iter().find(|it| !it.headers.contains_key("x-mine")).unwrap();
    let signature = |it: &Delivered| it.headers["x-webhook-signature"].to_str().unwrap().to_owned();
    assert_eq!(signature(own), signed("KEPT", &own.bytes));
    assert!(signature(other).starts_with("sha256=") && signature(other) != signed("LOST", &other.bytes));
}

#[tokio::test]
async fn an_import_ends_faults_of_http_and_brings_the_seed() {
    let (one, other) = (start_with(fixed()).await, start().await);
    let fault = json!({ "kind": "http_error", "status": 500 });
    let fault: types::SetFault = serde_json::from_value(fault).unwrap();
    other.control().faults_set(&fault).await.unwrap();
    let state = export(&one, "").await;
    let next = async || {
        assert_eq!(import(&other, state.clone()).await.0, 200);
        super::say(other.control(), ANA, SUPPORT, "the same").await
    };
    let (first, second) = (next().await, next().await);
    assert_eq!(first, second, "the seed came along");
    assert_eq!(other.control().seed_get().await.unwrap().into_inner().data.seed, Some(7));
    assert!(other.control().faults_list().await.unwrap().into_inner().data.is_empty());
}

#[tokio::test]
async fn what_no_webhook_waits_for_holds_no_export_up() {
    let api = Api::new(fast().allow_private(true)).await;
    let receiver = Receiver::start().await;
    let webhook = api.post("/api/webhooks", json!({ "url": receiver.url })).await.is(201);
    api.say("main", crate::api::BRUNO, "heard").await;
    receiver.event("message.sent", |_| true).await;
    api.delete(&format!("/api/webhooks/{}", webhook["data"]["id"])).await.ok();
    api.say("main", crate::api::BRUNO, "unheard").await;
    let stop = types::SetClock { mode: types::ClockMode::Manual, now: None };
    api.sandbox.control().clock_set(&stop).await.unwrap();
    let state: Value = serde_json::from_str(&export(&api.sandbox, "").await).unwrap();
    let newest = state["tables"]["event"]["rows"].as_array().unwrap().last().unwrap()[0].clone();
    assert_eq!(state["tables"]["event_cursor"]["rows"], json!([["webhooks", newest]]));
}

#[tokio::test]
async fn the_typed_client_carries_a_state() {
    let (one, other) = (start_with(fixed()).await, start_with(fixed()).await);
    live(&one).await;
    let state = one.control().state_export(None).await.unwrap().into_inner();
    let imported = other.control().state_import(&state).await.unwrap().into_inner().data;
    assert_eq!(imported.tables, i64::try_from(state.tables.len()).unwrap());
    assert_eq!(export(&one, "").await, export(&other, "").await);
}
