//! Rules of the network as Titan's API shows them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::api::{ANA, Api, CARLA, SALES, SUPPORT, eventually, fast, main_path, start};

#[tokio::test]
async fn who_may_not_be_added_gets_an_invite_that_opens_the_group_to_nobody_else() {
    let api = Api::pair().await;
    api.link("carla", "+351912345003").await;
    let group =
        api.post(&main_path("groups"), json!({ "name": "Launch", "participants": [ANA] })).await.is(201);
    let group = group["data"]["id"].as_str().unwrap().to_owned();
    // Carla lets only contacts add her, and has not saved Acme Sales.
    api.post(&main_path(&format!("groups/{group}/participants/add")), json!({ "participants": [SALES] }))
        .await
        .ok();
    api.post(&main_path(&format!("groups/{group}/admin/promote")), json!({ "participants": [SALES] }))
        .await
        .ok();
    let add = format!("/api/sessions/sales/groups/{group}/participants/add");
    let results = api.post(&add, json!({ "participants": [CARLA, ANA, "+4930123456"] })).await.ok();
    let statuses: Vec<&Value> = results["data"].as_array().unwrap().iter().map(|it| &it["status"]).collect();
    assert_eq!(statuses, [403, 409, 404]);
    let invite = &results["data"][0]["invite"];
    assert!(invite["expiresAt"].is_string() && results["data"][1].get("invite").is_none());
    let code = json!({ "code": invite["link"] });
    api.link("stranger", "+14155550123").await;
    api.post("/api/sessions/stranger/groups/join", code.clone()).await.error(404);
    api.post("/api/sessions/carla/groups/join", code.clone()).await.ok();
    let shown = api.get(&format!("/api/sessions/carla/groups/{group}")).await.ok();
    assert_eq!(shown["data"]["participants"].as_array().unwrap().len(), 4);
    assert_eq!((&shown["data"]["announce"], &shown["data"]["locked"]), (&json!(false), &json!(true)));
    api.post("/api/sessions/carla/groups/join", code).await.error(404);
}

#[tokio::test]
async fn a_new_group_tells_who_could_not_be_added() {
    let api = start().await;
    let body = json!({ "name": "Launch", "participants": [ANA, CARLA, "+4930123456"] });
    let group = api.post(&main_path("groups"), body).await.is(201)["data"].clone();
    assert_eq!(group["participants"].as_array().unwrap().len(), 2);
    let results = group["notAdded"].as_array().unwrap();
    assert_eq!((&results[0]["jid"], &results[0]["status"]), (&json!(CARLA), &json!(403)));
    assert!(results[0]["invite"]["code"].is_string());
    assert_eq!(results[1]["status"], 404);
    let body = json!({ "name": "Launch", "participants": [ANA] });
    let group = api.post(&main_path("groups"), body).await.is(201);
    assert!(group["data"].get("notAdded").is_none());
}

#[tokio::test]
async fn lists_say_that_they_are_partial_until_the_history_has_come() {
    let api = Api::new(fast().sync_delay(Duration::from_millis(50))).await;
    let whole = api.get(&main_path("contacts")).await.ok();
    assert!(whole.get("partial").is_none());
    api.link("second", "+5511999990001").await;
    let early = api.get("/api/sessions/second/contacts").await.ok();
    assert_eq!(early["partial"], true);
    assert!(early["data"].as_array().unwrap().len() < whole["data"].as_array().unwrap().len());
    for list in ["contacts", "chats", "labels"] {
        let complete = eventually("the whole list", || async {
            let answer = api.get(&format!("/api/sessions/second/{list}")).await.ok();
            answer.get("partial").is_none().then_some(answer)
        });
        assert_eq!(complete.await["data"], api.get(&main_path(list)).await.ok()["data"]);
    }
    let session = api.get("/api/sessions/second").await.ok();
    assert_eq!(session["data"]["sandbox"]["synced"], 100);
    assert_eq!(session["data"]["sandbox"]["state"], "connected");
}

#[tokio::test]
async fn every_spelling_of_an_address_leads_to_one_chat() {
    let api = start().await;
    let ana = api.get(&main_path(&format!("contacts/{ANA}"))).await.ok();
    let lid = ana["data"]["lid"].as_str().unwrap().to_owned();
    let before = api.transcript("main", ANA).await.len();
    let spellings = [
        "5511988880001",
        "+55 11 98888-0001",
        "5511988880001@c.us",
        "5511988880001:3@s.whatsapp.net",
        lid.as_str(),
    ];
    for spelling in spellings {
        api.say("main", spelling, spelling).await;
    }
    let texts = api.transcript("main", ANA).await;
    let texts: Vec<&str> = texts[before..].iter().map(|it| it["text"].as_str().unwrap()).collect();
    assert_eq!(texts, spellings);
}

#[tokio::test]
async fn the_chat_list_counts_what_is_unread() {
    let api = Api::pair().await;
    let id = api.say("main", SALES, "one").await;
    let last = api.say("main", SALES, "two").await;
    api.message("sales", SUPPORT, "the last message", |it| it["id"] == *last).await;
    let unread = async || {
        let chats = api.get("/api/sessions/sales/chats").await.ok();
        let chats = chats["data"].as_array().unwrap().clone();
        chats.iter().find(|it| it["id"] == SUPPORT).unwrap()["unreadCount"].clone()
    };
    assert_eq!(unread().await, 2);
    let seen = json!({ "chatId": SUPPORT, "messageIds": [id] });
    api.post("/api/sessions/sales/messages/seen", seen).await.ok();
    assert_eq!(unread().await, 1);
}
