use axum::Router;
use axum::routing::get;
use serde_json::json;

use super::api::{ANA, ECHO, Kirim, SUPPORT, template};
use crate::api::{answer, eventually, fast, http};
use crate::media::serve;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

#[tokio::test]
async fn a_picture_that_came_can_be_fetched() {
    let kirim = Kirim::new(fast()).await;
    let acme = kirim.acme();
    let path = format!("{}/_sandbox/accounts/{ANA}/chats/{SUPPORT}/messages", kirim.sandbox.url());
    let body = json!({ "type": "image", "base64": "iVBORw0KGgpyZXN0", "caption": "Look" });
    answer(http().post(path).json(&body)).await.is(201);
    let message = eventually("the picture", || async {
        let list = acme.get(&Kirim::at("messages?limit=1&direction=inbound")).await.ok();
        Some(list["data"][0].clone()).filter(|it| it["type"] == "image")
    })
    .await;
    assert_eq!((&message["caption"], &message["mime_type"]), (&json!("Look"), &json!("image/png")));
    let file = answer(http().get(message["media_url"].as_str().unwrap())).await;
    assert_eq!((file.bytes.as_slice(), &file.headers["content-type"]), (PNG, &"image/png".parse().unwrap()));
}

#[tokio::test]
async fn a_file_is_fetched_from_its_link_and_arrives() {
    let kirim = Kirim::new(fast().allow_private(true)).await;
    let acme = kirim.acme();
    let base = serve(Router::new().route("/menu.png", get(async || PNG))).await;
    acme.send(template(ECHO)).await;
    acme.conversation(ECHO, |it| it["unread_count"] == 1).await;
    let image = json!({ "link": format!("{base}/menu.png"), "caption": "Our menu" });
    let body = json!({ "messaging_product": "whatsapp", "to": ECHO, "type": "image", "image": image });
    let id = acme.send(body).await;
    let read = acme.reaches(&id, "read").await;
    assert_eq!((&read["type"], &read["mime_type"]), (&json!("image"), &json!("image/png")));
    let seen = kirim.sandbox.account(ECHO).messages(SUPPORT).await.unwrap();
    assert!(seen.iter().any(|it| it.text == "Our menu"), "{seen:?}");
    let menu = json!({ "name": "weekly_menu", "language": "en_US", "components": [
        { "type": "header", "parameters": [{ "type": "image", "image": { "link": format!("{base}/menu.png") } }] },
        { "type": "body", "parameters": [{ "type": "text", "text": "Ana" }] },
    ] });
    let body = json!({ "messaging_product": "whatsapp", "to": ANA, "type": "template", "template": menu });
    let id = acme.send(body).await;
    let read = acme.reaches(&id, "read").await;
    assert_eq!(read["content"], "This week's menu is here, Ana.\n_Reply STOP to hear no more_");
    assert!(read["media_url"].is_string());
}
