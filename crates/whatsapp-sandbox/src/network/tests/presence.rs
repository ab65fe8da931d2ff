use super::stage::{ANA, BEN, Stage, chat, jid, seconds};
use crate::network::account;
use crate::network::contact;
use crate::network::event::Event;
use crate::network::presence::{self, Doing};
use crate::network::privacy::{self, Circle, Privacy};

/// What is told of Ben's presence after this event: whether he is available, and what he does.
async fn told(stage: &Stage, id: i64) -> Vec<(bool, Option<Doing>)> {
    let ana = stage.ana;
    stage
        .told(id, |event, observers| match event {
            Event::Presence { available, doing, .. } if observers == [ana] => Some((*available, *doing)),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn presence_is_told_only_after_subscription() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    stage.say(ana, BEN, "hi").await;
    stage.change(move |change| presence::set(change, ben, true)).await;
    let refusal = stage.network.read(move |view| presence::of_chat(view, ana, &jid(BEN))).await.unwrap_err();
    assert!(refusal.to_string().contains("subscribe"), "{refusal}");
    assert!(told(&stage, 0).await.is_empty());
    stage.change(move |change| presence::subscribe(change, ana, &jid(BEN))).await;
    assert!(stage.read(move |view| presence::of_chat(view, ana, &jid(BEN))).await.available);
    stage.change(move |change| presence::set(change, ben, false)).await;
    stage.change(move |change| presence::set(change, ben, false)).await;
    assert_eq!(told(&stage, 0).await, [(false, None)], "a change is told once");
    assert!(stage.read(move |view| presence::of_chat(view, ana, &jid(BEN))).await.last_seen.is_some());
}

#[tokio::test]
async fn typing_ends_by_itself_and_goes_on_as_long_as_it_is_said_again() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    stage.say(ana, BEN, "hi").await;
    stage.change(move |change| presence::subscribe(change, ana, &jid(BEN))).await;
    let doing = async || stage.read(move |view| presence::of_chat(view, ana, &jid(BEN))).await.doing;
    let compose = async |what| {
        stage.change(move |change| presence::act(change, ben, chat(change, ben, ANA)?, what)).await;
    };
    compose(Some(Doing::Composing)).await;
    stage.pass(seconds(20)).await;
    compose(Some(Doing::Recording)).await;
    stage.pass(seconds(24)).await;
    assert_eq!(doing().await, Some(Doing::Recording));
    stage.pass(seconds(1)).await;
    assert_eq!(doing().await, None);
    let events = told(&stage, 0).await;
    assert_eq!(events, [(false, Some(Doing::Composing)), (false, Some(Doing::Recording)), (false, None)]);

    compose(Some(Doing::Composing)).await;
    stage.say(ben, ANA, "written").await;
    assert_eq!(doing().await, None, "what was written is sent");
    compose(Some(Doing::Composing)).await;
    stage.change(move |change| presence::set(change, ben, false)).await;
    assert_eq!(doing().await, None, "who goes away writes nothing");
}

#[tokio::test]
async fn presence_and_picture_are_shown_to_whom_the_other_side_allows() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    stage.change(move |change| presence::subscribe(change, ana, &jid(BEN))).await;
    stage.change(move |change| presence::set(change, ben, true)).await;
    let shown = async |circle| {
        stage
            .change(move |change| {
                let privacy = Privacy { presence: circle, picture: circle, ..privacy::of(change, ben)? };
                privacy::set(change, ben, privacy)
            })
            .await;
        let seen = stage.read(move |view| presence::of_chat(view, ana, &jid(BEN))).await.available;
        let hidden =
            stage.read(move |view| Ok(contact::of(view, ana, account::by_id(view, ben)?)?.hidden)).await;
        assert_eq!(seen, !hidden, "both settings say the same here");
        seen
    };
    assert!(shown(Circle::Everyone).await);
    assert!(!shown(Circle::Nobody).await);
    assert!(!shown(Circle::Contacts).await, "Ben has not saved Ana");
    stage.change(move |change| contact::save(change, ben, ana, "Ana")).await;
    assert!(shown(Circle::Contacts).await);
    stage.change(move |change| contact::block(change, ben, &account::by_id(change, ana)?, true)).await;
    assert!(!shown(Circle::Contacts).await);
    assert!(!shown(Circle::Everyone).await, "a blocked person is in no circle");
    let before = stage.newest().await;
    stage.change(move |change| presence::set(change, ben, false)).await;
    assert!(told(&stage, before).await.is_empty(), "nor told");
}
