//! The typed client reads every kind of answer, so each is what the document says.

use titan_api_client::{ApiClient as _, CallContext, Client, Credential, Upstream, types};

use crate::api::{ANA, Api, BRUNO, start};

fn client(api: &Api) -> Client {
    let upstream = Upstream::builder(api.sandbox.url()).build().unwrap();
    Client::for_call(CallContext::new(upstream, Credential::bearer(api.sandbox.full_key()).unwrap()))
}

#[tokio::test]
async fn the_typed_client_reads_sessions_and_pairing() {
    let api = start().await;
    let client = client(&api);
    let body: types::CreateSession =
        serde_json::from_value(serde_json::json!({ "name": "agent", "start": true })).unwrap();
    let session = client.sessions_create(&body).await.unwrap().into_inner().data;
    assert_eq!(session.status, types::SessionStatus::Connecting);
    assert!(client.pair_qr("agent", None).await.unwrap().qr.starts_with("2@"));
    let body = types::RequestPairingCode { phone_number: "+14155550123".to_owned().into() };
    assert!(client.pair_code("agent", &body).await.unwrap().code.is_some());
    let main = client.sessions_get("main").await.unwrap().into_inner().data;
    assert_eq!(main.phone_number.as_deref(), Some("+5511999990001"));
    assert!(main.created_at.is_some());
    assert_eq!(client.sessions_me("main").await.unwrap().data.platform.as_deref(), Some("smba"));
    assert_eq!(client.sessions_list().await.unwrap().data.len(), 2);
    assert!(client.sessions_delete("agent").await.unwrap().data.success);
    assert_eq!(client.info_status().await.unwrap().data.status.as_deref(), Some("ok"));
    assert!(client.info_version().await.unwrap().data.version.is_some());
}

#[tokio::test]
async fn the_typed_client_reads_people_and_chats() {
    let api = start().await;
    let client = client(&api);
    assert_eq!(client.contacts_list("main").await.unwrap().data.len(), 5);
    assert_eq!(client.contacts_get("main", ANA).await.unwrap().data.name.as_deref(), Some("Ana Souza"));
    assert!(client.contacts_picture("main", ANA).await.unwrap().data.url.is_some());
    let body = types::CheckNumbers { phone_numbers: vec!["+4930123456".to_owned().into()] };
    assert_eq!(client.contacts_check("main", &body).await.unwrap().data[0].exists, Some(false));
    let body = types::ResolveLids { jids: vec![ANA.to_owned().into()] };
    assert!(client.lids_resolve("main", &body).await.unwrap().data[0].lid.is_some());
    assert_eq!(client.chats_list("main").await.unwrap().data.len(), 6);
    assert!(client.presence_subscribe("main", BRUNO).await.unwrap().data.success);
    let presence = client.presence_get_chat("main", BRUNO).await.unwrap().into_inner().data;
    assert_eq!(presence.presence, types::PresencePresence::Unavailable);
    assert_eq!(client.presence_get_all("main").await.unwrap().data.len(), 1);
    assert!(client.profile_get("main").await.unwrap().data.name.is_some());
}

#[tokio::test]
async fn the_typed_client_reads_groups_channels_and_labels() {
    let api = start().await;
    let client = client(&api);
    let groups = client.groups_list("main").await.unwrap().into_inner().data;
    assert_eq!(groups.len(), 2);
    let group = client.groups_get("main", &groups[0].id).await.unwrap().into_inner().data;
    assert_eq!(group.participants.len(), 4);
    let invite = client.groups_get_invite_code("main", &group.id).await.unwrap().into_inner().data;
    let code = invite.code.unwrap();
    assert_eq!(client.groups_join_info("main", &code).await.unwrap().data.id, group.id);
    let body = types::ParticipantList { participants: vec![ANA.to_owned().into()] };
    let results = client.groups_add_participants("main", &group.id, &body).await.unwrap().into_inner();
    assert_eq!(results.data[0].status, Some(409));
    let body = types::CreateChannel { name: "News".to_owned(), description: None, profile_url: None };
    let channel = client.channels_create("main", &body).await.unwrap().into_inner().data;
    assert_eq!(client.channels_list("main").await.unwrap().data[0].id, channel.id);
    let body = types::CreateLabel { name: "Paid".to_owned(), color: Some(3) };
    assert_eq!(client.labels_create("main", &body).await.unwrap().data.color, Some(3));
    assert_eq!(client.labels_list("main").await.unwrap().data.len(), 1);
}

#[tokio::test]
async fn the_typed_client_sends_and_reads_errors() {
    let api = start().await;
    let client = client(&api);
    let body = serde_json::json!({ "session": "main", "chatId": ANA, "type": "text", "text": "hello" });
    let body: types::SendMessage = serde_json::from_value(body).unwrap();
    let sent = client.messages_send(None, &body).await.unwrap().into_inner().data;
    assert_eq!(sent.status, Some(types::SentMessageStatus::Pending));
    let titan_api_client::Error::ErrorResponse(refusal) = client.sessions_get("nobody").await.unwrap_err()
    else {
        panic!("the document describes the error");
    };
    assert!(refusal.into_inner().error.contains("nobody"));
    let body = serde_json::json!({ "url": "https://hooks.example.com/a", "retries": { "attempts": 3 } });
    let body: types::CreateWebhook = serde_json::from_value(body).unwrap();
    let webhook = client.webhooks_create(&body).await.unwrap().into_inner().data;
    let shown = client.webhooks_get(webhook.id).await.unwrap().into_inner().data;
    assert_eq!((shown.url, shown.enabled), (webhook.url, Some(true)));
}
