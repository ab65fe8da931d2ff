//! Request bodies go through the client's types and come out as they were given.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use titan_api_client::types;

fn through<T: DeserializeOwned + Serialize>(body: &Value) -> Value {
    serde_json::to_value(serde_json::from_value::<T>(body.clone()).unwrap()).unwrap()
}

#[test]
fn null_differs_from_absence() {
    for body in [json!({}), json!({ "session": null }), json!({ "session": "default" })] {
        assert_eq!(through::<types::UpdateWebhook>(&body), body);
    }
}

#[test]
fn an_empty_list_is_sent() {
    let body = json!({ "events": [], "headers": [] });
    assert_eq!(through::<types::UpdateWebhook>(&body), body);
}

#[test]
fn what_is_left_out_is_not_sent_with_a_default() {
    let body = json!({ "enabled": false });
    assert_eq!(through::<types::UpdateWebhook>(&body), body);
}

#[test]
fn a_message_becomes_the_variant_that_its_type_names() {
    let common = json!({ "session": "default", "chatId": "5511999999999@s.whatsapp.net" });
    let messages = [
        json!({ "type": "text", "text": "Hello", "mentions": [] }),
        json!({ "type": "image", "url": "https://example.com/a.jpg", "caption": "A" }),
        json!({ "type": "poll", "question": "When?", "options": ["Now", "Later"], "multipleAnswers": true }),
        json!({ "type": "location", "latitude": -23.55, "longitude": -46.625 }),
    ];
    for mut body in messages {
        body.as_object_mut().unwrap().extend(common.as_object().unwrap().clone());
        assert_eq!(through::<types::SendMessage>(&body), body);
    }
}

#[test]
fn a_message_of_an_unknown_type_is_refused() {
    let body = json!({ "session": "default", "chatId": "5511999999999@s.whatsapp.net", "type": "smoke", "text": "Hello" });
    assert!(serde_json::from_value::<types::SendMessage>(body).is_err());
}
