use reqwest::Method;
use serde_json::json;

use crate::api::{answer, start};
use titan_api_client::OPERATIONS;
use whatsapp_sandbox::MASTER_KEY;

/// The path of a template with something plausible in each variable.
pub(crate) fn path(template: &str) -> String {
    [
        ("{session}", "main"),
        ("{chatId}", "5511988880001@s.whatsapp.net"),
        ("{contactId}", "5511988880001@s.whatsapp.net"),
        ("{groupId}", "120363000000000000@g.us"),
        ("{channelId}", "120363000000000000@newsletter"),
        ("{messageId}", "3EB0"),
        ("{mediaId}", "none"),
        ("{labelId}", "1"),
        ("{webhookId}", "1"),
        ("{keyId}", "key_none"),
    ]
    .into_iter()
    .fold(template.to_owned(), |path, (variable, value)| path.replace(variable, value))
}

#[tokio::test]
async fn every_operation_of_the_document_answers() {
    let api = start().await;
    for operation in OPERATIONS {
        let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
        let key = if operation.template.starts_with("/admin") { MASTER_KEY } else { api.sandbox.full_key() };
        let request = api.request(method, &path(operation.template)).bearer_auth(key).json(&json!({}));
        let answer = answer(request).await;
        let status = answer.status.as_u16();
        let error = answer.body["error"].as_str().unwrap_or_default().to_owned();
        assert_ne!(error, "there is no such route", "{}", operation.id);
        assert!(![401, 403, 405].contains(&status), "{}: {status} {error}", operation.id);
        assert!(status < 500, "{}: {status} {error}", operation.id);
        assert_eq!(answer.headers["x-sandbox"], "simulated", "{}", operation.id);
    }
}
