use std::time::Duration;

use super::stage::{ANA, BEN, CAT, Stage, jid, seconds, send};
use crate::network::account;
use crate::network::event::Event;
use crate::network::fault::{self, Restriction};
use crate::network::sending::Draft;
use crate::network::session::{self, State};
use crate::network::{Kind, presence};

#[tokio::test]
async fn a_lost_connection_comes_back_by_itself_and_brings_the_backlog() {
    let stage = Stage::set().await;
    let ben = stage.ben;
    stage.link("agent", ben).await;
    stage.change(move |change| presence::set(change, ben, true)).await;
    let session = stage.change(|change| fault::disconnect(change, "agent", Some(seconds(30)))).await;
    assert_eq!(session.state, State::Connecting);
    assert!(session.until.is_some(), "when it comes back is known");
    assert!(!stage.read(move |view| account::by_id(view, ben)).await.available);
    stage.say(stage.ana, BEN, "are you there?").await;
    stage.pass(seconds(29)).await;
    assert!(stage.transcript(ben, ANA).await.is_empty());
    stage.refusal(|change| session::acting(change, "agent")).await;
    stage.pass(seconds(1)).await;
    assert_eq!(stage.session("agent").await.state, State::Connected);
    assert_eq!(stage.transcript(ben, ANA).await, ["are you there?"]);
}

#[tokio::test]
async fn a_stream_error_lasts_until_the_session_is_started() {
    let stage = Stage::set().await;
    stage.link("agent", stage.ben).await;
    stage.change(|change| fault::disconnect(change, "agent", None)).await;
    stage.pass(Duration::from_hours(1)).await;
    assert_eq!(stage.session("agent").await.state, State::StreamError);
    stage.refusal(|change| fault::disconnect(change, "agent", None)).await;
    stage.change(|change| session::start(change, "agent")).await;
    stage.pass(seconds(1)).await;
    assert_eq!(stage.session("agent").await.state, State::Connected);
}

#[tokio::test]
async fn a_banned_account_is_off_the_network_until_the_end_of_the_ban() {
    let stage = Stage::set().await;
    let ben = stage.ben;
    stage.link("agent", ben).await;
    let until = stage.network.now().after(seconds(600));
    stage.change(move |change| fault::restrict(change, ben, Restriction::TemporaryBan, until)).await;
    let session = stage.session("agent").await;
    assert_eq!((session.state, session.until), (State::TemporaryBan, Some(until)));
    stage.change(|change| session::start(change, "agent")).await;
    stage.pass(seconds(1)).await;
    assert_eq!(stage.session("agent").await.state, State::TemporaryBan, "starting it does not help");
    let refusal = stage
        .refusal(move |change| {
            let other = session::create(change, "other", None, None)?;
            session::link(change, &other, &account::by_id(change, ben)?)
        })
        .await;
    assert!(refusal.contains(&until.to_string()), "{refusal}");
    stage.pass(seconds(600)).await;
    assert_eq!(stage.session("agent").await.state, State::Connected);

    let until = stage.network.now().after(seconds(600));
    stage.change(move |change| fault::restrict(change, ben, Restriction::TemporaryBan, until)).await;
    stage.change(|change| session::stop(change, "agent")).await;
    stage.pass(seconds(700)).await;
    assert_eq!(stage.session("agent").await.state, State::ManualStop, "whoever stopped it meant it");
}

#[tokio::test]
async fn a_time_lock_refuses_only_first_messages_and_its_end_is_told() {
    let stage = Stage::set().await;
    let (ana, cat) = (stage.ana, stage.cat);
    stage.say(ana, BEN, "we know each other").await;
    let group = stage.group().await;
    let until = stage.network.now().after(seconds(600));
    stage.change(move |change| fault::restrict(change, ana, Restriction::TimeLock, until)).await;
    let refused = stage.network.change(move |change| send(change, ana, &jid(CAT), &Draft::text("hi"))).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.kind(), Kind::Conflict);
    assert!(
        refused.to_string().contains("463") && refused.to_string().contains(&until.to_string()),
        "{refused}"
    );
    stage.say(ana, BEN, "you I may write to").await;
    stage.change(move |change| send(change, ana, &group.jid(), &Draft::text("and to the group"))).await;
    stage.change(move |change| send(change, ana, &jid(ANA), &Draft::text("and to myself"))).await;
    stage.say(cat, ANA, "hello Ana").await;
    stage.pass(seconds(2)).await;
    stage.say(ana, CAT, "hello Cat: you wrote first").await;
    // It is prolonged, and ends only then.
    let later = until.after(seconds(600));
    stage.change(move |change| fault::restrict(change, ana, Restriction::TimeLock, later)).await;
    stage.pass(seconds(700)).await;
    assert_eq!(stage.read(move |view| fault::until(view, ana, Restriction::TimeLock)).await, Some(later));
    stage.pass(seconds(600)).await;
    assert_eq!(stage.read(move |view| fault::until(view, ana, Restriction::TimeLock)).await, None);
    let told = stage
        .told(0, |event, observers| match event {
            Event::Restricted { until, .. } => {
                assert_eq!(observers, [ana]);
                Some(*until)
            }
            _ => None,
        })
        .await;
    assert_eq!(told, [Some(until), Some(later), None]);
}

#[tokio::test]
async fn a_restriction_that_is_lifted_or_over_is_no_restriction() {
    let stage = Stage::set().await;
    let ana = stage.ana;
    let until = stage.network.now().after(seconds(600));
    stage.change(move |change| fault::restrict(change, ana, Restriction::TimeLock, until)).await;
    stage.change(move |change| fault::lift(change, ana, Restriction::TimeLock)).await;
    stage.say(ana, CAT, "hi").await;
    let past = stage.network.now();
    stage.change(move |change| fault::restrict(change, ana, Restriction::TimeLock, past)).await;
    stage.say(ana, BEN, "hi").await;
}
