use reqwest::Method;
use serde_json::json;
use whatsapp_sandbox::client::types;

use super::api::{ANA, BRUNO, ECHO, Kirim, SALES, SUPPORT, error, noon, start, template, text};
use crate::api::{answer, fast};

#[tokio::test]
async fn a_template_reaches_a_phone_and_is_read() {
    let kirim = start().await;
    let acme = kirim.acme();
    let id = acme.send(template(BRUNO)).await;
    let read = acme.reaches(&id, "read").await;
    assert_eq!((&read["type"], &read["direction"]), (&json!("template"), &json!("outbound")));
    assert_eq!((&read["from"], &read["to"]), (&json!(SUPPORT), &json!(BRUNO)));
    assert_eq!(read["content"], "Hello Ana, your order A-17 is on its way.");
    let seen = kirim.sandbox.account(BRUNO).messages(SUPPORT).await.unwrap();
    assert_eq!(seen.last().unwrap().text, "Hello Ana, your order A-17 is on its way.");
}

#[tokio::test]
async fn what_fills_a_variable_is_not_filled_itself() {
    let kirim = start().await;
    let acme = kirim.acme();
    let mut body = template(BRUNO);
    body["template"]["components"][0]["parameters"][0]["text"] = "{{2}} {{".into();
    let id = acme.send(body).await;
    assert_eq!(acme.reaches(&id, "read").await["content"], "Hello {{2}} {{, your order A-17 is on its way.");
}

#[tokio::test]
async fn an_answer_opens_the_window() {
    let kirim = Kirim::new(fast().clock(noon())).await;
    let acme = kirim.acme();
    // The echo contact has written, but two days ago.
    kirim.pass(2 * 24 * 60 * 60).await;
    let shut = acme.send(text(ECHO, "Are you there?")).await;
    let template = acme.send(template(ECHO)).await;
    kirim.pass(1).await;
    acme.reaches(&shut, "failed").await;
    acme.reaches(&template, "read").await;
    let open = acme.conversation(ECHO, |it| it["unread_count"] == 1).await;
    let id = acme.send(text(ECHO, "How are you?")).await;
    kirim.pass(1).await;
    acme.reaches(&id, "read").await;
    let query =
        format!("messages?limit=1&direction=inbound&conversation_id={}", open["id"].as_str().unwrap());
    let list = acme.get(&Kirim::at(&query)).await.ok();
    let answered = &list["data"][0];
    assert_eq!(
        (&answered["content"], &answered["status"]),
        (&json!("Echo: How are you?"), &json!("received"))
    );
    assert_eq!((&answered["from"], &answered["to"]), (&json!(ECHO), &json!(SUPPORT)));
}

#[tokio::test]
async fn outside_the_window_a_text_is_accepted_and_fails_later() {
    let kirim = Kirim::new(fast().clock(noon())).await;
    let acme = kirim.acme();
    kirim.sandbox.account(ANA).sends(SUPPORT, "Are you open?").await.unwrap();
    kirim.pass(1).await;
    let fine = acme.send(text(ANA, "Until six.")).await;
    kirim.pass(24 * 60 * 60).await;
    let late = acme.send(text(ANA, "Still there?")).await;
    let pending = acme.get(&Kirim::at(&format!("messages/{late}"))).await.ok();
    assert_eq!((&pending["data"]["status"], &pending["data"]["error"]), (&json!("pending"), &json!(null)));
    kirim.pass(1).await;
    let failed = acme.reaches(&late, "failed").await;
    assert_eq!(failed["error"]["code"], "outside_24h_window");
    assert_eq!(failed["error"]["provider_code"], 131_047);
    acme.reaches(&fine, "read").await;
    let seen = kirim.sandbox.account(ANA).messages(SUPPORT).await.unwrap();
    assert!(seen.iter().all(|it| it.text != "Still there?"), "the network never had it");
}

#[tokio::test]
async fn failures_carry_the_documented_codes() {
    let kirim = start().await;
    let acme = kirim.acme();
    let fails = async |body: serde_json::Value, code: &str| {
        let id = acme.send(body).await;
        assert_eq!(acme.reaches(&id, "failed").await["error"]["code"], code);
    };
    fails(template("+628999000111"), "recipient_not_on_whatsapp").await;
    let mut few = template(ANA);
    few["template"]["components"][0]["parameters"].as_array_mut().unwrap().pop();
    fails(few, "template_param_count_mismatch").await;
    let mut wrong = template(ANA);
    let header = json!({ "type": "header", "parameters": [{ "type": "text", "text": "x" }] });
    wrong["template"]["components"].as_array_mut().unwrap().push(header);
    fails(wrong, "template_param_format_mismatch").await;
    for (name, code) in [("flash_sale", "template_paused"), ("old_offer", "template_disabled")] {
        let mut body = template(ANA);
        body["template"] = json!({ "name": name, "language": "en_US" });
        fails(body, code).await;
    }
    acme.send(template(ECHO)).await;
    acme.conversation(ECHO, |it| it["last_inbound_at"].is_string()).await;
    let image = json!({
        "messaging_product": "whatsapp", "to": ECHO, "type": "image",
        "image": { "link": "https://127.0.0.1/none.png" },
    });
    fails(image, "media_download_failed").await;
}

#[tokio::test]
async fn an_unknown_template_or_a_lost_connection_is_refused_at_once() {
    let kirim = start().await;
    let acme = kirim.acme();
    let mut body = template(ANA);
    body["template"]["name"] = "nobody_knows_it".into();
    let refused = error(acme.post(&Kirim::at("messages"), body).await, 400, "invalid_template_name");
    assert_eq!(refused["param"], "template.name");
    let stop = kirim.sandbox.url().to_owned() + "/api/sessions/main/stop";
    let stopped = crate::api::http().post(stop).bearer_auth(kirim.sandbox.full_key());
    answer(stopped).await.ok();
    error(acme.post(&Kirim::at("messages"), template(ANA)).await, 422, "account_not_connected");
    assert_eq!(acme.get("/v1/accounts").await.ok()["data"], json!([]));
    assert_eq!(acme.get("/v1/accounts?status=all").await.ok()["data"][0]["status"], "disconnected");
}

#[tokio::test]
async fn marking_as_read_tells_the_sender() {
    let kirim = start().await;
    let acme = kirim.acme();
    let sent = kirim.sandbox.account(SALES).sends(SUPPORT, "Any news?").await.unwrap();
    let conversation = acme.conversation(SALES, |it| it["unread_count"] == 1).await;
    let path = Kirim::at(&format!("messages?conversation_id={}", conversation["id"].as_str().unwrap()));
    let wamid = acme.get(&path).await.ok()["data"][0]["provider_id"].clone();
    let body = json!({
        "messaging_product": "whatsapp", "status": "read", "message_id": wamid, "typing_indicator": { "type": "text" },
    });
    let read = acme.post(&Kirim::at("messages"), body.clone()).await.ok();
    assert_eq!(read["data"]["status"], "read");
    acme.conversation(SALES, |it| it["unread_count"] == 0).await;
    let theirs = kirim.toko().get("/v1/106540352242923/messages?direction=outbound").await.ok();
    assert_eq!(theirs["data"][0]["status"], "read", "{} {theirs}", sent.id);
    let unknown = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": "wamid.eA" });
    error(acme.post(&Kirim::at("messages"), unknown).await, 404, "resource_not_found");
}

#[tokio::test]
async fn what_is_sent_elsewhere_is_recorded_too() {
    let kirim = start().await;
    let address = kirim.sandbox.url().to_owned() + "/api/messages/send";
    let body = json!({ "session": "main", "chatId": ANA, "type": "text", "text": "From the phone" });
    let sent =
        crate::api::http().request(Method::POST, address).bearer_auth(kirim.sandbox.full_key()).json(&body);
    answer(sent).await.ok();
    let list = kirim.acme().get(&Kirim::at("messages?limit=1")).await.ok();
    assert_eq!(list["data"][0]["content"], "From the phone");
}

#[tokio::test]
async fn the_next_message_fails_as_it_was_told_to() {
    let kirim = start().await;
    let acme = kirim.acme();
    let body = types::SetKirimFailure {
        account: types::PersonId(SUPPORT.to_owned()),
        code: types::SetKirimFailureCode::RecipientBlocked,
    };
    kirim.sandbox.control().kirim_failures_set(&body).await.unwrap();
    let (one, other) = (acme.send(template(ANA)).await, acme.send(template(ANA)).await);
    assert_eq!(acme.reaches(&one, "failed").await["error"]["code"], "recipient_blocked");
    acme.reaches(&other, "read").await;
}

#[tokio::test]
async fn an_organisation_can_be_made_with_a_number_that_has_a_history() {
    let kirim = start().await;
    let body = types::CreateKirimOrganization {
        name: "Warung Sari".to_owned(),
        tier: None,
        key_seconds: None,
        accounts: Some(vec![types::PersonId(ANA.to_owned())]),
    };
    let made = kirim.sandbox.control().kirim_organizations_create(&body).await.unwrap().into_inner().data;
    let number = &made.organization.numbers[0].phone_number_id;
    let sari = kirim.with_key(&made.key);
    let messages = sari.get(&format!("/v1/{number}/messages")).await.ok();
    assert!(!messages["data"].as_array().unwrap().is_empty(), "what Ana wrote before is there");
    let again = kirim.sandbox.control().kirim_organizations_create(&body).await.unwrap_err();
    assert!(again.to_string().contains("already"), "{again}");
    let all = kirim.sandbox.control().kirim_organizations_list().await.unwrap().into_inner().data;
    assert_eq!(all.iter().filter(|it| it.name == "Warung Sari").count(), 1, "nothing of the second is kept");
}

#[tokio::test]
async fn faults_of_http_come_in_kirims_shape() {
    let kirim = start().await;
    let acme = kirim.acme();
    let body = json!({ "kind": "http_error", "status": 503, "operation": "accounts_list", "requests": 1 });
    let set = crate::api::http().post(format!("{}/_sandbox/faults", kirim.sandbox.url())).json(&body);
    answer(set).await.is(201);
    let failed = error(acme.get("/v1/accounts").await, 503, "internal_error");
    assert_eq!(failed["type"], "api_error");
    acme.get("/v1/accounts").await.ok();
}
