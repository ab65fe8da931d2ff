use super::stage::{ANA, BEN, Stage, seconds};
use crate::network::event::{self, Address, Event};
use crate::network::{Refusal, account};

#[tokio::test]
async fn an_event_is_told_as_it_was_whatever_has_changed_since() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    stage.say(ana, BEN, "hello").await;
    stage.pass(seconds(2)).await;
    stage.change(move |change| account::set_push_name(change, ana, "Anna")).await;
    let events = stage.events_since(0).await;
    let arrived = events.iter().find(|it| matches!(it.event, Event::MessageArrived { .. })).unwrap();
    let Event::MessageArrived { place, message } = &arrived.event else { panic!("it was looked for") };
    assert_eq!(message.sender.push_name, ANA, "her name of then");
    assert_eq!(arrived.observers, [ben]);
    assert_eq!(arrived.account, Some(ana));
    assert_eq!(arrived.conversation, Some(place.conversation));
    assert_eq!(place.jid_for(ben), format!("{ANA}@s.whatsapp.net"));
    assert_eq!(place.jid_for(ana), format!("{BEN}@s.whatsapp.net"));
    assert!(matches!(place.address, Address::Direct { .. }) && !place.is_group());
    assert!(events.windows(2).all(|pair| pair[0].id < pair[1].id && pair[0].at <= pair[1].at));
}

#[tokio::test]
async fn what_is_refused_was_never_told_and_wakes_nobody() {
    let stage = Stage::set().await;
    let mut news = stage.network.events();
    news.mark_unchanged();
    let (ana, before) = (stage.ana, stage.newest().await);
    let refused: Result<(), Refusal> = stage
        .network
        .change(move |change| {
            account::set_push_name(change, ana, "Anna")?;
            Err(Refusal::NoInvite)
        })
        .await;
    assert!(refused.is_err());
    assert_eq!(stage.newest().await, before);
    assert!(!news.has_changed().unwrap());
    stage.change(move |change| account::set_push_name(change, ana, "Anna")).await;
    assert!(news.has_changed().unwrap());
    assert_eq!(*news.borrow_and_update(), stage.newest().await);
}

#[tokio::test]
async fn old_events_are_removed_once_every_reader_has_seen_them() {
    let stage = Stage::set().await;
    let ana = stage.ana;
    let rename = async |times: usize| {
        stage
            .change(move |change| (0..times).try_for_each(|_| account::set_push_name(change, ana, "Anna")))
            .await;
    };
    stage.change(|change| event::advance(change, "slow", 500)).await;
    rename(12_000).await;
    let first = stage.events_since(0).await[0].id;
    assert_eq!(first, 501, "the slow reader still needs it");
    stage.change(|change| event::advance(change, "slow", 11_000)).await;
    stage.change(|change| event::advance(change, "slow", 3)).await;
    assert_eq!(stage.read(|view| event::cursor(view, "slow")).await, 11_000, "a cursor never goes back");
    assert_eq!(stage.read(|view| event::cursor(view, "other")).await, 0);
    rename(1_000).await;
    let (first, newest) = (stage.events_since(0).await[0].id, stage.newest().await);
    assert_eq!((first, newest), (3_001, 13_000), "the newest 10,000 stay");
}
