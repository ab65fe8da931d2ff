use serde_json::{Value, json};

use crate::api::{ANA, Api, BRUNO, CARLA, DIEGO, SALES, main_path, start};

/// A group that the main session has made, by its JID.
async fn make(api: &Api, people: &[&str]) -> String {
    let body = json!({ "name": "Offer", "participants": people });
    let group = api.post(&main_path("groups"), body).await.is(201);
    group["data"]["id"].as_str().unwrap().to_owned()
}

async fn members(api: &Api, group: &str) -> Vec<Value> {
    let answer = api.get(&main_path(&format!("groups/{group}/participants"))).await.ok();
    answer["data"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_new_group_belongs_to_who_made_it() {
    let api = start().await;
    let body = json!({ "name": "Friday team", "participants": [ANA, BRUNO] });
    let group = api.post(&main_path("groups"), body).await.is(201)["data"].clone();
    assert_eq!(group["name"], "Friday team");
    assert!(group["createdAt"].is_i64());
    let lid = api.get(&main_path("profile")).await.ok()["data"]["lid"].clone();
    assert_eq!(group["ownerLid"], lid);
    let first = &group["participants"][0];
    assert_eq!(
        (&first["lid"], &first["isAdmin"], &first["isSuperAdmin"]),
        (&lid, &json!(true), &json!(true))
    );
    assert_eq!(group["participants"].as_array().unwrap().len(), 3);
    assert_eq!(api.get(&main_path("groups")).await.ok()["data"].as_array().unwrap().len(), 3);
    let body = json!({ "name": "x".repeat(26), "participants": [] });
    api.post(&main_path("groups"), body).await.error(400);
}

#[tokio::test]
async fn a_plain_member_changes_nothing() {
    let api = start().await;
    let groups = api.get(&main_path("groups")).await.ok();
    let club = groups["data"].as_array().unwrap().iter().find(|it| it["name"] == "Book Club").unwrap();
    let path = main_path(&format!("groups/{}", club["id"].as_str().unwrap()));
    for (field, word) in [("subject", "subject"), ("description", "description")] {
        let refusal = api.put(&format!("{path}/{field}"), json!({ field: "Mine now" })).await.error(403);
        assert!(refusal.contains("only an admin") && refusal.contains(word), "{refusal}");
    }
    let picture = json!({ "url": "https://files.example.com/logo.jpg" });
    api.put(&format!("{path}/picture"), picture).await.error(403);
    for rest in ["participants/add", "participants/remove", "admin/promote", "admin/demote"] {
        api.post(&format!("{path}/{rest}"), json!({ "participants": [BRUNO] })).await.error(403);
    }
    api.get(&format!("{path}/invite-code")).await.error(403);
    api.post(&format!("{path}/invite-code/revoke"), json!({})).await.error(403);
    assert!(api.delete(&path).await.error(403).contains("creator"));
    assert_eq!(api.get(&path).await.ok()["data"]["name"], "Book Club");
}

#[tokio::test]
async fn an_admin_changes_what_the_group_shows() {
    let api = start().await;
    let path = main_path(&format!("groups/{}", make(&api, &[ANA]).await));
    api.put(&format!("{path}/subject"), json!({ "subject": "Offers" })).await.ok();
    api.put(&format!("{path}/description"), json!({ "description": "All offers" })).await.ok();
    api.put(&format!("{path}/picture"), json!({ "url": "https://files.example.com/logo.jpg" })).await.ok();
    let group = api.get(&path).await.ok();
    assert_eq!(
        (&group["data"]["name"], &group["data"]["description"]),
        (&json!("Offers"), &json!("All offers"))
    );
    api.put(&format!("{path}/subject"), json!({ "subject": "x".repeat(26) })).await.error(400);
    api.put(&format!("{path}/subject"), json!({ "subject": "" })).await.error(400);
}

#[tokio::test]
async fn adding_people_answers_for_each_of_them() {
    let api = start().await;
    let group = make(&api, &[ANA]).await;
    let nobody = "4930123456789@s.whatsapp.net";
    let body = json!({ "participants": [BRUNO, ANA, nobody] });
    let results = api.post(&main_path(&format!("groups/{group}/participants/add")), body).await.ok();
    let codes: Vec<i64> =
        results["data"].as_array().unwrap().iter().map(|it| it["status"].as_i64().unwrap()).collect();
    assert_eq!(codes, [200, 409, 404], "{results}");
    assert_eq!(members(&api, &group).await.len(), 3);
    // Carla lets only contacts add her, and the support account is none of hers.
    let body = json!({ "participants": [CARLA] });
    let results = api.post(&main_path(&format!("groups/{group}/participants/add")), body).await.ok();
    assert_eq!(results["data"][0]["status"], 403);
    assert!(results["data"][0]["message"].as_str().unwrap().contains("invite link"));
}

#[tokio::test]
async fn members_rise_fall_and_go() {
    let api = start().await;
    let group = make(&api, &[ANA, DIEGO]).await;
    let act = async |rest: &str, person: &str| {
        let path = main_path(&format!("groups/{group}/{rest}"));
        api.post(&path, json!({ "participants": [person] })).await.ok()["data"][0]["status"].as_i64().unwrap()
    };
    let is_admin = async || members(&api, &group).await[1]["isAdmin"].clone();
    assert_eq!(act("admin/promote", ANA).await, 200);
    assert_eq!(act("admin/promote", ANA).await, 409);
    assert_eq!(is_admin().await, true);
    assert_eq!(act("admin/demote", ANA).await, 200);
    assert_eq!(act("admin/demote", ANA).await, 409);
    assert_eq!(is_admin().await, false);
    assert_eq!(act("participants/remove", ANA).await, 200);
    assert_eq!(act("participants/remove", ANA).await, 404);
    let me = "5511999990001@s.whatsapp.net";
    assert_eq!(act("admin/demote", me).await, 406, "the creator stays superadmin");
    assert_eq!(members(&api, &group).await.len(), 2);
    let path = main_path(&format!("groups/{group}/participants/add"));
    api.post(&path, json!({ "participants": [] })).await.error(400);
}

#[tokio::test]
async fn an_invite_leads_into_the_group_until_it_is_revoked() {
    let api = Api::pair().await;
    let group = make(&api, &[ANA]).await;
    let invite = api.get(&main_path(&format!("groups/{group}/invite-code"))).await.ok();
    let code = invite["data"]["code"].as_str().unwrap().to_owned();
    assert_eq!(invite["data"]["link"], format!("https://chat.whatsapp.com/{code}"));
    let look = format!("/api/sessions/sales/groups/join-info?code={code}");
    let preview = api.get(&look).await.ok();
    assert_eq!(preview["data"]["name"], "Offer");
    assert!(preview["data"].get("participants").is_none(), "strangers do not see the members");
    api.get(&format!("/api/sessions/sales/groups/{group}")).await.error(404);

    let joined = api.post("/api/sessions/sales/groups/join", json!({ "code": code })).await.ok();
    assert_eq!(joined["data"]["id"], group);
    api.post("/api/sessions/sales/groups/join", json!({ "code": code })).await.error(409);
    api.get(&format!("/api/sessions/sales/groups/{group}")).await.ok();

    let renewed = api.post(&main_path(&format!("groups/{group}/invite-code/revoke")), json!({})).await.ok();
    assert_ne!(renewed["data"]["code"], code);
    api.get(&look).await.error(404);
}

#[tokio::test]
async fn who_leaves_is_out_and_a_group_always_has_an_admin() {
    let api = start().await;
    let group = make(&api, &[ANA]).await;
    let code = api.get(&main_path(&format!("groups/{group}/invite-code"))).await.ok()["data"]["code"].clone();
    api.post(&main_path(&format!("groups/{group}/leave")), json!({})).await.ok();
    api.get(&main_path(&format!("groups/{group}"))).await.error(404);
    let body = json!({ "session": "main", "chatId": group, "type": "text", "text": "still here?" });
    api.post("/api/messages/send", body).await.error(404);
    api.post(&main_path("groups/join"), json!({ "code": code })).await.ok();
    let members = members(&api, &group).await;
    assert_eq!(members[0]["phoneNumber"], "+5511988880001");
    assert_eq!(members[0]["isAdmin"], true);
    assert_eq!(members[1]["isAdmin"], false, "who comes back comes back as a plain member");
}

#[tokio::test]
async fn a_deleted_group_is_gone_for_everyone() {
    let api = Api::pair().await;
    let group = make(&api, &[SALES]).await;
    api.get(&format!("/api/sessions/sales/groups/{group}")).await.ok();
    api.delete(&format!("/api/sessions/sales/groups/{group}")).await.error(403);
    api.delete(&main_path(&format!("groups/{group}"))).await.ok();
    api.get(&format!("/api/sessions/sales/groups/{group}")).await.error(404);
    let chats = api.get("/api/sessions/sales/chats").await.ok();
    assert_eq!(chats["data"], json!([]));
}

#[tokio::test]
async fn an_admin_deletes_what_others_write() {
    let api = Api::pair().await;
    let group = make(&api, &[SALES]).await;
    let id = api.say("sales", &group, "spam").await;
    api.message("main", &group, "the message", |it| it["id"] == *id).await;
    let path = main_path(&format!("chats/{group}/messages/{id}"));
    api.delete(&path).await.ok();
    let gone = api.message("sales", &group, "the message", |it| it["id"] == *id).await;
    assert_eq!(gone["type"], "revoked");
}
