use super::stage::{ANA, BEN, CAT, Stage, chat, jid, seconds, send, voice};
use crate::network::event::Event;
use crate::network::group::member::{self, Action};
use crate::network::privacy::{self, Privacy};
use crate::network::receipt::{self, Status};
use crate::network::sending::Draft;
use crate::network::{chat as chats, conversation, group, message, phone, revision};

#[tokio::test]
async fn a_message_goes_from_pending_to_read_and_the_sender_is_told_each_step() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    let message = stage.say(ana, BEN, "hello").await;
    assert_eq!(stage.status(message.id).await, Status::Pending);
    assert!(stage.transcript(ben, ANA).await.is_empty(), "it is on its way");
    stage.pass(seconds(1)).await;
    assert_eq!(stage.status(message.id).await, Status::Sent);
    stage.pass(seconds(1)).await;
    assert_eq!(stage.status(message.id).await, Status::Delivered);
    assert_eq!(stage.transcript(ben, ANA).await, ["hello"]);
    stage.change(move |change| receipt::see(change, ben, chat(change, ben, ANA)?, &[])).await;
    assert_eq!(stage.status(message.id).await, Status::Read);

    let told = stage
        .told(0, |event, observers| match event {
            Event::Receipt { status, overall, by, .. } => {
                assert_eq!(observers, [ana], "only the sender is told");
                assert_eq!(status, overall);
                Some((*status, by.len()))
            }
            _ => None,
        })
        .await;
    assert_eq!(told, [(Status::Sent, 0), (Status::Delivered, 1), (Status::Read, 1)]);
}

#[tokio::test]
async fn reading_twice_or_after_listening_changes_nothing() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    let note = stage.change(move |change| send(change, ana, &jid(BEN), &voice())).await;
    stage.pass(seconds(2)).await;
    let id = note.wire_id.clone();
    stage.change(move |change| receipt::play(change, ben, chat(change, ben, ANA)?, &id)).await;
    assert_eq!(stage.status(note.id).await, Status::Played);
    let before = stage.newest().await;
    let id = note.wire_id.clone();
    let seen = stage.change(move |change| receipt::see(change, ben, chat(change, ben, ANA)?, &[id])).await;
    assert_eq!(seen, 0);
    let id = note.wire_id.clone();
    stage.change(move |change| receipt::play(change, ben, chat(change, ben, ANA)?, &id)).await;
    assert_eq!(stage.status(note.id).await, Status::Played);
    assert!(stage.events_since(before).await.is_empty(), "nothing has happened");
}

#[tokio::test]
async fn only_voice_messages_can_be_listened_to() {
    let stage = Stage::set().await;
    let ben = stage.ben;
    let message = stage.say(stage.ana, BEN, "hello").await;
    stage.pass(seconds(2)).await;
    let refusal = stage
        .refusal(move |change| receipt::play(change, ben, chat(change, ben, ANA)?, &message.wire_id))
        .await;
    assert!(refusal.contains("voice"), "{refusal}");
}

#[tokio::test]
async fn in_a_group_each_member_has_a_receipt_and_the_message_the_least_of_them() {
    let stage = Stage::set().await;
    let (ana, ben, cat) = (stage.ana, stage.ben, stage.cat);
    let group = stage.group().await;
    let to = group.jid();
    stage.change(move |change| phone::switch(change, cat, false)).await;
    let (all, address) = (group.clone(), to.clone());
    let message = stage
        .change(move |change| {
            member::apply(change, ana, &all, Action::Add, &[jid(CAT)])?;
            send(change, ana, &address, &Draft::text("hello, both"))
        })
        .await;
    stage.pass(seconds(3)).await;
    stage.change(move |change| receipt::see(change, ben, group.id, &[])).await;
    let receipts = |who| {
        let message = message.clone();
        stage.network.read(move |view| receipt::list(view, who, &message))
    };
    let each: Vec<_> = receipts(ana).await.unwrap().iter().map(|it| (it.account.id, it.status)).collect();
    assert_eq!(each, [(ben, Status::Read), (cat, Status::Sent)]);
    assert_eq!(stage.status(message.id).await, Status::Sent, "Cat's phone is off");
    assert!(receipts(ben).await.is_err(), "only the sender may know");

    stage.change(move |change| phone::switch(change, cat, true)).await;
    assert_eq!(stage.status(message.id).await, Status::Delivered);
    let times = receipts(ana).await.unwrap();
    assert!(times[0].read_at.is_some() && times[1].delivered_at.is_some() && times[1].read_at.is_none());
}

#[tokio::test]
async fn a_phone_that_comes_back_gets_its_backlog_in_order() {
    let stage = Stage::set().await;
    let ben = stage.ben;
    stage.change(move |change| phone::switch(change, ben, false)).await;
    for text in ["one", "two", "three"] {
        stage.say(stage.ana, BEN, text).await;
        stage.pass(seconds(5)).await;
    }
    assert!(stage.transcript(ben, ANA).await.is_empty());
    let before = stage.newest().await;
    stage.change(move |change| phone::switch(change, ben, true)).await;
    assert_eq!(stage.transcript(ben, ANA).await, ["one", "two", "three"]);
    let arrived = stage
        .told(before, |event, observers| match event {
            Event::MessageArrived { message, .. } => {
                assert_eq!(observers, [ben]);
                Some(message.content.summary())
            }
            _ => None,
        })
        .await;
    assert_eq!(arrived, ["one", "two", "three"]);
    let unread = stage.read(move |view| chats::list(view, ben)).await[0].unread;
    assert_eq!(unread, 3);
}

#[tokio::test]
async fn a_long_backlog_comes_in_slices_and_before_what_is_new() {
    let stage = Stage::set().await;
    let ben = stage.ben;
    stage.change(move |change| phone::switch(change, ben, false)).await;
    let ana = stage.ana;
    stage
        .change(move |change| {
            for number in 0..70 {
                send(change, ana, &jid(BEN), &Draft::text(number.to_string()))?;
            }
            Ok(())
        })
        .await;
    stage.pass(seconds(5)).await;
    stage.change(move |change| phone::switch(change, ben, true)).await;
    assert!(
        stage.read(move |view| chats::list(view, ben)).await[0].unread < 70,
        "not all in one transaction"
    );
    stage.say(ana, BEN, "70").await;
    stage.pass(seconds(5)).await;
    let all: Vec<String> = (0..=70).map(|number: u32| number.to_string()).collect();
    assert_eq!(stage.transcript(ben, ANA).await, all);
    assert_eq!(stage.read(move |view| chats::list(view, ben)).await[0].unread, 71);
    let order = stage
        .told(0, |event, _| match event {
            Event::MessageArrived { message, .. } => Some(message.content.summary()),
            _ => None,
        })
        .await;
    assert_eq!(order, all);
}

#[tokio::test]
async fn what_was_deleted_or_left_before_it_arrived_never_arrives() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    let group = stage.group().await;
    stage.change(move |change| phone::switch(change, ben, false)).await;
    let regretted = stage.say(ana, BEN, "regretted").await;
    let address = group.jid();
    stage.change(move |change| send(change, ana, &address, &Draft::text("to the group"))).await;
    stage.pass(seconds(5)).await;
    stage
        .change(move |change| {
            revision::delete(change, ana, chat(change, ana, BEN)?, &regretted.wire_id)?;
            member::apply(change, ana, &group, Action::Remove, &[jid(BEN)])
        })
        .await;
    stage.change(move |change| phone::switch(change, ben, true)).await;
    stage.pass(seconds(5)).await;
    assert!(stage.transcript(ben, ANA).await.is_empty());
    assert!(stage.read(move |view| chats::list(view, ben)).await.is_empty());
}

#[tokio::test]
async fn whoever_keeps_read_receipts_to_himself_gives_none_and_gets_none() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    stage
        .change(move |change| {
            let quiet = Privacy { read_receipts: false, ..privacy::of(change, ben)? };
            privacy::set(change, ben, quiet)
        })
        .await;
    let there = stage.say(ana, BEN, "read this").await;
    let back = stage.say(ben, ANA, "and this").await;
    stage.pass(seconds(3)).await;
    stage
        .change(move |change| {
            receipt::see(change, ben, chat(change, ben, ANA)?, &[])?;
            receipt::see(change, ana, chat(change, ana, BEN)?, &[])
        })
        .await;
    assert_eq!(stage.status(there.id).await, Status::Delivered);
    assert_eq!(stage.status(back.id).await, Status::Delivered);
    let unread = stage.read(move |view| chats::list(view, ben)).await[0].unread;
    assert_eq!(unread, 0, "for Ben himself it is read");

    let group = stage.group().await;
    let address = group.jid();
    let message = stage.change(move |change| send(change, ana, &address, &Draft::text("to the group"))).await;
    stage.pass(seconds(3)).await;
    stage.change(move |change| receipt::see(change, ben, group.id, &[])).await;
    assert_eq!(stage.status(message.id).await, Status::Read, "groups ignore the setting");
}

#[tokio::test]
async fn nobody_can_read_what_has_not_arrived_or_is_elsewhere() {
    let stage = Stage::set().await;
    let (ana, ben, cat) = (stage.ana, stage.ben, stage.cat);
    let message = stage.say(ana, BEN, "secret").await;
    let id = message.wire_id.clone();
    stage.refusal(move |change| receipt::see(change, ben, chat(change, ben, ANA)?, &[id])).await;
    stage.pass(seconds(2)).await;
    let id = message.wire_id.clone();
    stage.refusal(move |change| message::visible(change, cat, &id)).await;
    stage.say(ana, CAT, "hi").await;
    stage.pass(seconds(2)).await;
    let id = message.wire_id;
    stage.refusal(move |change| receipt::see(change, cat, chat(change, cat, ANA)?, &[id])).await;
    let direct = stage.read(move |view| conversation::existing(view, ana, &jid(BEN))).await;
    let seen = stage.read(move |view| message::latest(view, cat, direct, 10)).await;
    assert!(seen.is_empty());
    assert!(stage.read(move |view| group::list(view, cat)).await.is_empty());
}
