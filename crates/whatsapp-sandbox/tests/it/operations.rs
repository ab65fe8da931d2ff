use reqwest::Method;
use serde_json::json;

use crate::api::start;
use titan_api_client::OPERATIONS;

/// The path of a template with something plausible in each variable.
fn path(template: &str) -> String {
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
    let mut later = Vec::new();
    let api = start().await;
    for operation in OPERATIONS {
        let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
        let answer = api.send(method, &path(operation.template), Some(json!({})), &[]).await;
        let status = answer.status.as_u16();
        let error = answer.body["error"].as_str().unwrap_or_default().to_owned();
        assert_ne!(error, "there is no such route", "{}", operation.id);
        assert_ne!(status, 405, "{}", operation.id);
        if status == 501 {
            assert_eq!(error, format!("This operation is not simulated yet: {}", operation.id));
            later.push(operation.id);
        } else {
            assert!(status < 500, "{}: {status} {error}", operation.id);
        }
        assert_eq!(answer.headers["x-sandbox"], "simulated", "{}", operation.id);
    }
    assert_eq!(
        later,
        [
            "account_create_key",
            "account_delete_key",
            "account_list_keys",
            "account_update_key",
            "admin_create_key",
            "admin_delete_key",
            "admin_get_license",
            "admin_get_settings",
            "admin_list_keys",
            "admin_update_key",
            "admin_update_settings",
            "client_tokens_create",
            "client_tokens_delete_rules",
            "client_tokens_get_rules",
            "client_tokens_set_rules",
            "media_persist",
            "widget_connect",
            "widget_create_session",
        ]
    );
}
