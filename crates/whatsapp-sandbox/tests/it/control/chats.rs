use whatsapp_sandbox::client::types;

use super::{ANA, SALES, SUPPORT, new_person, refusal, say, start};

#[tokio::test]
async fn chats_are_listed_with_what_came_last() {
    let sandbox = start().await;
    let control = sandbox.control();
    let chats = control.chats_list(SUPPORT, None, None).await.unwrap().into_inner().data;
    let ana = &chats[0];
    assert_eq!((ana.kind, ana.name.as_str(), ana.unread), (types::ChatKind::Direct, "Ana Souza", 1));
    let last = ana.last_message.as_ref().unwrap();
    assert_eq!(last.text, "Small question: can I also pay by card?");
    assert!(!last.from_me);
    assert!(ana.presence.available, "Ana is online");
    assert!(ana.picture_url.is_some());
    let club = chats.iter().find(|it| it.name == "Book Club").unwrap();
    assert_eq!(club.kind, types::ChatKind::Group);
    let one = std::num::NonZeroU64::new(1);
    let second = control.chats_list(SUPPORT, one, Some(1)).await.unwrap().into_inner().data;
    assert_eq!(second[0].chat_id, chats[1].chat_id);
}

#[tokio::test]
async fn reading_a_chat_tells_its_senders() {
    let sandbox = start().await;
    let control = sandbox.control();
    new_person(control, "+5511977770001").await;
    let elisa = sandbox.account("+5511977770001");
    let id = say(control, ANA, "+5511977770001", "One").await;
    elisa.receives(&id, ANA).await.unwrap();
    let seen = types::Seen { message_ids: Some(vec![id.clone()]), played: None };
    let changed = control.chats_seen("+5511977770001", ANA, &seen).await.unwrap().into_inner().data.changed;
    assert_eq!(changed, 1);
    let message = control.messages_get(ANA, "+5511977770001", &id).await.unwrap().into_inner().data;
    assert_eq!(message.status, types::Status::Read);
    assert!(message.receipts[0].read_at.is_some() && message.receipts[0].delivered_at.is_some());
    let other = control.messages_get("+5511977770001", ANA, &id).await.unwrap().into_inner().data;
    assert!(other.receipts.is_empty(), "only the sender sees receipts");
    let unknown = types::Seen { message_ids: Some(vec!["3EB0".to_owned()]), played: None };
    assert_eq!(refusal(control.chats_seen("+5511977770001", ANA, &unknown).await).0, 404);
    let no_chat = types::Seen { message_ids: None, played: None };
    assert_eq!(refusal(control.chats_seen("+5511977770001", SALES, &no_chat).await).0, 404);
}

#[tokio::test]
async fn whoever_writes_is_shown_as_writing() {
    let sandbox = start().await;
    let control = sandbox.control();
    let doing = async || {
        let chats = control.chats_list(SUPPORT, None, None).await.unwrap().into_inner().data;
        chats.into_iter().find(|it| it.name == "Ana Souza").unwrap().presence.doing
    };
    sandbox.account(ANA).types_in(SUPPORT).await.unwrap();
    assert_eq!(doing().await.as_deref(), Some("composing"));
    let recording = types::SetActivity { doing: types::SetActivityDoing::Recording };
    control.chats_set_activity(ANA, SUPPORT, &recording).await.unwrap();
    assert_eq!(doing().await.as_deref(), Some("recording"));
    let nothing = types::SetActivity { doing: types::SetActivityDoing::Nothing };
    control.chats_set_activity(ANA, SUPPORT, &nothing).await.unwrap();
    assert_eq!(doing().await, None);
}

#[tokio::test]
async fn a_chat_is_muted_by_the_account_alone() {
    let sandbox = start().await;
    let control = sandbox.control();
    let muted = async |account: &str, with: &str| {
        let chats = control.chats_list(account, None, None).await.unwrap().into_inner().data;
        chats.into_iter().find(|it| it.chat_id.starts_with(&with[1..])).unwrap().muted
    };
    control.chats_mute(SUPPORT, ANA, &types::MuteChat { muted: true }).await.unwrap();
    assert!(muted(SUPPORT, ANA).await && !muted(ANA, SUPPORT).await);
    control.chats_mute(SUPPORT, ANA, &types::MuteChat { muted: false }).await.unwrap();
    assert!(!muted(SUPPORT, ANA).await);
    let no_chat = types::MuteChat { muted: true };
    assert_eq!(refusal(control.chats_mute(SUPPORT, SALES, &no_chat).await).0, 404);
}
