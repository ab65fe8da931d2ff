use serde_json::{Value, json};

use crate::api::{Api, SALES, SUPPORT, main_path};

async fn send(api: &Api, fields: Value) -> (String, String) {
    let mut body = json!({ "session": "main", "chatId": SALES });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let sent = api.post("/api/messages/send", body).await.ok()["data"].clone();
    let text = |field: &str| sent[field].as_str().unwrap().to_owned();
    api.message("sales", SUPPORT, "the message", |it| it["id"] == sent["id"]).await;
    (text("id"), text("mediaId"))
}

#[tokio::test]
async fn the_recipient_downloads_what_was_sent() {
    let api = Api::pair().await;
    let pdf = b"%PDF-1.7 price list";
    let body = json!({ "type": "file", "base64": "JVBERi0xLjcgcHJpY2UgbGlzdA==", "filename": "prices.pdf" });
    let (message, id) = send(&api, body).await;
    let info = api.get(&format!("/api/sessions/sales/media/{id}")).await.ok();
    let expected = json!({
        "id": id, "messageId": message, "session": "sales", "mimeType": "application/pdf",
        "fileLength": pdf.len(), "persisted": false, "s3Url": null,
    });
    assert_eq!(info["data"], expected);
    let file = api.post(&format!("/api/sessions/sales/media/{id}/download"), json!({})).await;
    assert_eq!(file.headers["content-type"], "application/pdf");
    assert_eq!(file.bytes, pdf);
    api.link("stranger", "+14155550123").await;
    api.get(&format!("/api/sessions/stranger/media/{id}")).await.error(404);
}

#[tokio::test]
async fn media_sent_by_url_is_fetched_from_there() {
    let api = Api::pair().await;
    let url = "https://files.example.com/menu.png?size=large";
    let (_, id) = send(&api, json!({ "type": "image", "url": url })).await;
    let info = api.get(&main_path(&format!("media/{id}"))).await.ok();
    assert_eq!(info["data"]["mimeType"], "image/png");
    let moved = api.post(&main_path(&format!("media/{id}/download")), json!({})).await;
    assert_eq!(moved.status, 302);
    assert_eq!(moved.headers["location"], url);
}

#[tokio::test]
async fn deleting_a_message_deletes_its_media() {
    let api = Api::pair().await;
    let (message, id) = send(&api, json!({ "type": "image", "base64": "iVBORw0KGgpyZXN0" })).await;
    api.delete(&main_path(&format!("chats/{SALES}/messages/{message}"))).await.ok();
    api.get(&format!("/api/sessions/sales/media/{id}")).await.error(404);
}
