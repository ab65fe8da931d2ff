use serde_json::json;
use whatsapp_sandbox::client::types;

use super::{ANA, CARLA, SUPPORT, new_person, refusal, say, start, text};

const ELISA: &str = "+5511977770001";

#[tokio::test]
async fn every_type_of_message_arrives_as_it_was_sent() {
    let sandbox = start().await;
    let control = sandbox.control();
    let messages = [
        json!({ "type": "text", "text": "Hello @5511999990001", "mentions": ["5511999990001@s.whatsapp.net"] }),
        json!({ "type": "image", "base64": "iVBORw0KGgoAAAA=", "caption": "A dot" }),
        json!({ "type": "video", "base64": "AAAAGGZ0eXBpc29tAAAAAGlzb20=" }),
        json!({ "type": "voice", "base64": "T2dnUwACAAAAAAAAAAA=", "ptt": true }),
        json!({ "type": "file", "base64": "aGVsbG8=", "filename": "hello.txt", "isForwarded": true }),
        json!({ "type": "poll", "question": "When?", "options": ["Now", "Later"], "multipleAnswers": true }),
        json!({ "type": "location", "latitude": -23.55, "longitude": -46.625, "name": "Office" }),
        json!({ "type": "contact", "contacts": [{ "name": "Bruno", "phoneNumber": "+5521977770002" }] }),
    ];
    for body in messages {
        let kind = body["type"].as_str().unwrap().to_owned();
        let message: types::SendMessage = serde_json::from_value(body).unwrap();
        let sent = control.messages_send(ANA, SUPPORT, &message).await.unwrap();
        assert_eq!(sent.status(), 201);
        let sent = sent.into_inner().data;
        let received = sandbox.account(SUPPORT).receives(&sent.id, ANA).await.unwrap();
        assert_eq!(received.type_.to_string(), kind);
        assert_eq!((&received.text, received.from_me), (&sent.text, false));
        assert_eq!(received.poll.is_some(), kind == "poll");
        assert_eq!(received.location.is_some(), kind == "location");
        assert_eq!(received.contacts.len(), usize::from(kind == "contact"));
        assert_eq!(
            received.media.is_some_and(|it| it.available),
            ["image", "video", "voice", "file"].contains(&&*kind)
        );
        assert_eq!(received.mentions.len(), usize::from(kind == "text"));
        assert_eq!(received.is_forwarded, kind == "file");
    }
}

#[tokio::test]
async fn the_location_of_a_sent_message_leads_to_it() {
    let sandbox = start().await;
    let sent = sandbox.control().messages_send(ANA, SUPPORT, &text("Here")).await.unwrap();
    let location = sent.headers()["location"].to_str().unwrap().to_owned();
    let message: serde_json::Value =
        reqwest::get(format!("{}{location}", sandbox.url())).await.unwrap().json().await.unwrap();
    assert_eq!(message["data"]["text"], "Here");
}

#[tokio::test]
async fn a_chat_is_read_page_by_page_from_its_end() {
    let sandbox = start().await;
    let control = sandbox.control();
    for number in 0..5 {
        say(control, ANA, CARLA, &number.to_string()).await;
    }
    let two = std::num::NonZeroU64::new(2);
    let page = async |before: Option<&str>| {
        control.messages_list(ANA, CARLA, before, two).await.unwrap().into_inner().data
    };
    let last = page(None).await;
    assert_eq!(last.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), ["3", "4"]);
    let before = page(Some(&last[0].id)).await;
    assert_eq!(before.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    let first = page(Some(&before[0].id)).await;
    assert_eq!(first.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(), ["0"]);
    assert_eq!(refusal(control.messages_list(ANA, CARLA, Some("3EB0"), two).await).0, 404);
}

#[tokio::test]
async fn messages_are_edited_starred_reacted_to_and_taken_back() {
    let sandbox = start().await;
    let control = sandbox.control();
    new_person(control, ELISA).await;
    let (ana, elisa) = (sandbox.account(ANA), sandbox.account(ELISA));
    let id = say(control, ANA, ELISA, "Helo").await;
    elisa.receives(&id, ANA).await.unwrap();
    assert_eq!(ana.edits(ELISA, &id, "Hello").await.unwrap().text, "Hello");
    let edit = types::EditMessage { text: "Mine".to_owned() };
    assert_eq!(refusal(control.messages_edit(ELISA, ANA, &id, &edit).await).0, 403);
    elisa.reacts(ANA, &id, "👍").await.unwrap();
    let star = types::Star { starred: true };
    let starred = control.messages_star(ELISA, ANA, &id, &star).await.unwrap().into_inner().data;
    assert!(starred.starred);
    let mine = control.messages_get(ANA, ELISA, &id).await.unwrap().into_inner().data;
    assert!(!mine.starred, "stars are private");
    assert!(mine.edited_at.is_some());
    assert_eq!(mine.reactions[0].reaction, "👍");
    assert!(elisa.reacts(ANA, &id, "").await.unwrap().reactions.is_empty());
    ana.deletes(ELISA, &id).await.unwrap();
    let gone = control.messages_get(ELISA, ANA, &id).await.unwrap().into_inner().data;
    assert_eq!(gone.type_, types::MessageType::Revoked);
    assert_eq!(refusal(control.messages_get(ELISA, ANA, "3EB0").await).0, 404);
}

#[tokio::test]
async fn a_copy_that_is_deleted_is_gone_for_its_owner_alone() {
    let sandbox = start().await;
    let control = sandbox.control();
    new_person(control, ELISA).await;
    let (kept, id) = (say(control, ANA, ELISA, "One").await, say(control, ANA, ELISA, "Two").await);
    sandbox.account(ELISA).receives(&id, ANA).await.unwrap();
    control.messages_remove(ELISA, ANA, &id).await.unwrap();
    assert_eq!(refusal(control.messages_get(ELISA, ANA, &id).await).0, 404);
    assert_eq!(refusal(control.messages_remove(ELISA, ANA, &id).await).0, 404);
    let left = control.messages_list(ELISA, ANA, None, None).await.unwrap().into_inner().data;
    assert_eq!(left.iter().map(|it| &it.id).collect::<Vec<_>>(), [&kept]);
    let chats = control.chats_list(ELISA, None, None).await.unwrap().into_inner().data;
    assert_eq!(chats[0].last_message.as_ref().unwrap().text, "One");
    assert_eq!(chats[0].unread, 1, "what was deleted was seen");
    let theirs = control.messages_get(ANA, ELISA, &id).await.unwrap().into_inner().data;
    assert_eq!((theirs.text.as_str(), theirs.status), ("Two", types::Status::Read));
}

#[tokio::test]
async fn votes_replace_each_other_and_are_counted() {
    let sandbox = start().await;
    let control = sandbox.control();
    let poll: types::SendMessage = types::SendPoll {
        type_: types::SendPollType::Poll,
        question: "Pizza or pasta?".to_owned(),
        options: vec!["Pizza".to_owned(), "Pasta".to_owned()],
        multiple_answers: None,
        quoted_message_id: None,
        is_forwarded: None,
    }
    .into();
    let id = control.messages_send(ANA, SUPPORT, &poll).await.unwrap().into_inner().data.id;
    let support = sandbox.account(SUPPORT);
    support.receives(&id, ANA).await.unwrap();
    support.votes(ANA, &id, &["Pizza"]).await.unwrap();
    let voted = support.votes(ANA, &id, &["Pasta"]).await.unwrap().poll.unwrap();
    assert!(voted.options[0].voters.is_empty());
    assert_eq!(voted.options[1].voters, ["5511999990001@s.whatsapp.net"]);
    let both = types::Vote { options: vec!["Pizza".to_owned(), "Pasta".to_owned()] };
    assert_eq!(refusal(control.messages_vote(SUPPORT, ANA, &id, &both).await).0, 409);
    let neither = support.votes(ANA, &id, &[]).await.unwrap().poll.unwrap();
    assert!(neither.options.iter().all(|it| it.voters.is_empty()));
}

#[tokio::test]
async fn a_voice_message_is_played_by_its_recipient() {
    let sandbox = start().await;
    let control = sandbox.control();
    new_person(control, ELISA).await;
    let voice: types::SendMessage =
        serde_json::from_value(json!({ "type": "voice", "base64": "T2dnUwACAAAAAAAAAAA=", "ptt": true }))
            .unwrap();
    let id = control.messages_send(ANA, ELISA, &voice).await.unwrap().into_inner().data.id;
    sandbox.account(ELISA).receives(&id, ANA).await.unwrap();
    let played = types::Seen { message_ids: Some(vec![id.clone()]), played: Some(true) };
    control.chats_seen(ELISA, ANA, &played).await.unwrap();
    let message = control.messages_get(ANA, ELISA, &id).await.unwrap().into_inner().data;
    assert_eq!(message.status, types::Status::Played);
    assert!(message.receipts[0].played_at.is_some());
}

#[tokio::test]
async fn a_wrong_body_is_named_field_by_field() {
    let sandbox = start().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/_sandbox/accounts/{ANA}/chats/{SUPPORT}/messages", sandbox.url());
    for (body, named) in [
        (json!({ "type": "text" }), "text"),
        (json!({ "type": "text", "text": "Hi", "colour": "red" }), "colour"),
        (json!({ "type": "smoke", "text": "Hi" }), "type"),
        (json!({ "type": "image" }), "base64"),
        (json!({ "type": "poll", "question": "?", "options": ["one"] }), "options"),
    ] {
        let answer = http.post(&url).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{body}");
        let error: types::Error = answer.json().await.unwrap();
        assert!(error.error.contains(named) && error.simulated, "{}", error.error);
    }
    let plain = http.post(&url).body("hello").send().await.unwrap();
    assert_eq!(plain.status(), 415);
    let other = http.put(&url).json(&json!({})).send().await.unwrap();
    assert_eq!(other.status(), 405);
    assert!(other.headers()["allow"].to_str().unwrap().contains("POST"));
    let large = http.post(format!("{}/_sandbox/reset", sandbox.url())).body(vec![b' '; 2 << 20]);
    let large = large.header("content-type", "application/json").send().await.unwrap();
    assert_eq!(large.status(), 413);
    let unknown = http.get(format!("{}/_sandbox/nothing", sandbox.url())).send().await.unwrap();
    assert_eq!(unknown.status(), 404);
    assert!(unknown.json::<types::Error>().await.unwrap().simulated);
}
