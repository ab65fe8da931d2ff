use serde_json::json;
use whatsapp_sandbox::client::{Client, types};

use super::{ANA, BRUNO, SUPPORT, start};

async fn send(control: &Client, body: serde_json::Value) -> (String, String) {
    let message: types::SendMessage = serde_json::from_value(body).unwrap();
    let sent = control.messages_send(ANA, SUPPORT, &message).await.unwrap().into_inner().data;
    (sent.id, sent.media.unwrap().id)
}

#[tokio::test]
async fn whoever_sees_a_message_gets_its_file() {
    let sandbox = start().await;
    let control = sandbox.control();
    let (message, media) =
        send(control, json!({ "type": "file", "base64": "aGVsbG8=", "filename": "hello.html" })).await;
    sandbox.account(SUPPORT).receives(&message, ANA).await.unwrap();
    let address = |account: &str| format!("{}/_sandbox/accounts/{account}/media/{media}", sandbox.url());
    let file = reqwest::get(address(SUPPORT)).await.unwrap();
    assert_eq!(file.headers()["x-content-type-options"], "nosniff");
    assert_eq!(file.headers()["content-disposition"], "attachment", "a page among the files runs nowhere");
    assert_eq!(file.bytes().await.unwrap(), "hello");
    assert_eq!(reqwest::get(address(BRUNO)).await.unwrap().status(), 404);
    let (_, picture) = send(control, json!({ "type": "image", "base64": "iVBORw0KGgoAAAA=" })).await;
    let shown =
        reqwest::get(format!("{}/_sandbox/accounts/{ANA}/media/{picture}", sandbox.url())).await.unwrap();
    assert_eq!(shown.headers()["content-type"], "image/png");
    assert!(!shown.headers().contains_key("content-disposition"));
}

#[tokio::test]
async fn files_expire_on_demand() {
    let sandbox = start().await;
    let control = sandbox.control();
    let (message, media) = send(control, json!({ "type": "image", "base64": "iVBORw0KGgoAAAA=" })).await;
    let listed = control.media_list(None).await.unwrap().into_inner().data;
    assert!(listed.iter().any(|it| it.id == media && it.message_id == message && !it.expired), "{listed:?}");
    let expired = control.media_expire(&media).await.unwrap().into_inner().data;
    assert!(expired.expired);
    let gone =
        reqwest::get(format!("{}/_sandbox/accounts/{ANA}/media/{media}", sandbox.url())).await.unwrap();
    assert_eq!(gone.status(), 410);
    let shown = control.messages_get(ANA, SUPPORT, &message).await.unwrap().into_inner().data;
    assert!(!shown.media.unwrap().available);
    assert_eq!(super::refusal(control.media_expire("med_nothing").await).0, 404);
}
