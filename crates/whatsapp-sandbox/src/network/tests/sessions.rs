use std::time::Duration;

use super::stage::{ANA, BEN, Stage, jid, network, seconds};
use crate::jid::Jid;
use crate::network::account;
use crate::network::agenda;
use crate::network::event::{self, Event};
use crate::network::pairing::{self, Denial};
use crate::network::session::{self, State};
use crate::store::Store;

async fn pairing(stage: &Stage) {
    stage
        .change(|change| {
            session::create(change, "agent", None, None)?;
            session::start(change, "agent")
        })
        .await;
}

#[tokio::test]
async fn qr_codes_rotate_and_the_session_gives_up_after_the_last() {
    let stage = Stage::set().await;
    pairing(&stage).await;
    let mut codes = Vec::new();
    for _ in 0..6 {
        assert_eq!(stage.session("agent").await.state, State::Pairing);
        codes.push(stage.change(|change| pairing::qr(change, "agent")).await);
        stage.pass(seconds(20)).await;
    }
    codes.dedup();
    assert_eq!(codes.len(), 6, "each code is another one");
    assert_eq!(stage.session("agent").await.state, State::QrTimeout);
    stage.refusal(|change| pairing::qr(change, "agent")).await;
    stage.refusal(|change| pairing::scan(change, "agent", None)).await;
    let told = stage
        .told(0, |event, _| match event {
            Event::SessionQr { qr, round, .. } => Some((qr.clone(), *round)),
            _ => None,
        })
        .await;
    assert_eq!(told, codes.into_iter().zip(1..).collect::<Vec<_>>());
    stage.change(|change| session::start(change, "agent")).await;
    assert_eq!(stage.session("agent").await.state, State::Pairing, "another attempt begins");
}

#[tokio::test]
async fn a_pairing_code_is_typed_in_time_on_the_right_phone() {
    let stage = Stage::set().await;
    pairing(&stage).await;
    let phone = Jid::Phone(ANA.to_owned());
    let first = stage
        .change({
            let phone = phone.clone();
            move |change| pairing::code(change, "agent", &phone)
        })
        .await
        .text;
    let second = stage.change(move |change| pairing::code(change, "agent", &phone)).await.text;
    assert_ne!(first, second);
    let typed = first.clone();
    stage.refusal(move |change| pairing::enter_code(change, "agent", &typed)).await;
    let typed = format!("{}-{}", &second[..4].to_lowercase(), &second[4..]);
    let account = stage.change(move |change| pairing::enter_code(change, "agent", &typed)).await;
    assert_eq!(account.id, stage.ana);

    stage.change(|change| session::log_out(change, "agent")).await;
    stage.change(|change| session::start(change, "agent")).await;
    let late = stage.change(|change| pairing::code(change, "agent", &Jid::Phone(ANA.to_owned()))).await.text;
    // The QR codes would end the attempt before the code dies, so it is made to live longer here.
    stage
        .change(|change| {
            use crate::store::Sql as _;
            change.run("DELETE FROM agenda", ())?;
            Ok(())
        })
        .await;
    stage.pass(Duration::from_mins(3)).await;
    stage.refusal(move |change| pairing::enter_code(change, "agent", &late)).await;
}

#[tokio::test]
async fn a_phone_gets_few_pairing_codes_in_ten_minutes() {
    let stage = Stage::set().await;
    pairing(&stage).await;
    for _ in 0..5 {
        stage.change(|change| pairing::code(change, "agent", &jid(ANA))).await;
    }
    let refusal = stage.refusal(|change| pairing::code(change, "agent", &jid(ANA))).await;
    assert!(refusal.contains("600 seconds"), "{refusal}");
    stage.change(|change| pairing::code(change, "agent", &jid(BEN))).await;
    stage.pass(Duration::from_mins(10)).await;
    stage.change(|change| session::start(change, "agent")).await;
    stage.change(|change| pairing::code(change, "agent", &jid(ANA))).await;
}

#[tokio::test]
async fn a_session_of_a_name_that_was_used_before_begins_anew() {
    let stage = Stage::set().await;
    pairing(&stage).await;
    stage.pass(Duration::from_secs(14)).await;
    stage.change(|change| session::delete(change, "agent")).await;
    pairing(&stage).await;
    let before = stage.read(|view| pairing::showing(view, "agent")).await.qr;
    stage.pass(Duration::from_secs(19)).await;
    assert_eq!(stage.read(|view| pairing::showing(view, "agent")).await.qr, before);
    stage.pass(Duration::from_secs(2)).await;
    assert_ne!(stage.read(|view| pairing::showing(view, "agent")).await.qr, before);
}

#[tokio::test]
async fn a_phone_that_refuses_or_lacks_a_passkey_ends_the_attempt() {
    let stage = Stage::set().await;
    pairing(&stage).await;
    for (denial, state) in [(Denial::Reject, State::Rejected), (Denial::Passkey, State::PasskeyRequired)] {
        let session = stage.change(move |change| pairing::deny(change, "agent", denial)).await;
        assert_eq!((session.state, session.account), (state, None));
        stage.refusal(move |change| pairing::deny(change, "agent", denial)).await;
        stage.pass(seconds(300)).await;
        assert_eq!(stage.session("agent").await.state, state, "no late task wakes it");
        stage.change(|change| session::start(change, "agent")).await;
    }
    assert_eq!(stage.session("agent").await.state, State::Pairing);
}

#[tokio::test]
async fn the_history_comes_bit_by_bit_and_each_part_is_told() {
    let stage = Stage::set().await;
    pairing(&stage).await;
    stage.change(|change| pairing::scan(change, "agent", Some(&Jid::Phone(ANA.to_owned())))).await;
    assert_eq!(stage.session("agent").await.synced, 0);
    stage.pass(seconds(2)).await;
    assert_eq!(stage.session("agent").await.synced, 50);
    stage.change(|change| session::stop(change, "agent")).await;
    stage.pass(seconds(10)).await;
    assert_eq!(stage.session("agent").await.synced, 50, "nothing comes while it is stopped");
    stage.change(|change| session::start(change, "agent")).await;
    stage.pass(seconds(10)).await;
    assert_eq!(stage.session("agent").await.synced, 100);
    let told = stage
        .told(0, |event, _| match event {
            Event::SessionStatus { state: State::Connected, synced, .. } => Some(*synced),
            _ => None,
        })
        .await;
    assert_eq!(told, [0, 25, 50, 50, 75, 100]);
}

#[tokio::test]
async fn what_a_session_goes_through_is_told_to_the_account_that_it_was_linked_to() {
    let stage = Stage::set().await;
    let ana = stage.ana;
    stage.link("agent", ana).await;
    let before = stage.newest().await;
    stage.change(|change| session::log_out(change, "agent")).await;
    let told = stage
        .told(before, |event, observers| match event {
            Event::SessionStatus { state, account, .. } => {
                assert_eq!(observers, [ana]);
                Some((*state, account.as_ref().map(|it| it.account)))
            }
            _ => None,
        })
        .await;
    assert_eq!(told, [(State::LoggedOut, Some(ana))]);
    assert_eq!(stage.session("agent").await.account, None);
    let before = stage.newest().await;
    stage.link("other", ana).await;
    stage.change(|change| session::delete(change, "other")).await;
    let last = stage.events_since(before).await.pop().unwrap();
    assert!(matches!(last.event, Event::SessionStatus { state: State::LoggedOut, .. }));
    assert_eq!(last.session.as_deref(), Some("other"));
}

#[tokio::test]
async fn a_linked_account_is_reached_through_any_connected_session_and_has_four_at_most() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    for name in ["one", "two", "three", "four"] {
        stage.link(name, ben).await;
    }
    let refusal = stage
        .refusal(move |change| {
            let fifth = session::create(change, "five", None, None)?;
            session::link(change, &fifth, &account::by_id(change, ben)?)
        })
        .await;
    assert!(refusal.contains("four"), "{refusal}");
    for name in ["one", "two", "three"] {
        stage.change(move |change| session::stop(change, name)).await;
    }
    stage.say(ana, BEN, "hello").await;
    stage.pass(seconds(2)).await;
    assert_eq!(stage.transcript(ben, ANA).await, ["hello"]);
}

#[tokio::test]
async fn a_session_that_was_on_its_way_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let first = network(Store::open(folder.path()).unwrap());
    first
        .change(|change| {
            let ana = super::stage::person(change, ANA)?;
            let paired = session::create(change, "paired", None, None)?;
            session::link(change, &paired, &account::by_id(change, ana)?)?;
            session::restart(change, "paired")?;
            session::create(change, "waiting", None, None)?;
            session::start(change, "waiting")
        })
        .await
        .unwrap();
    first.close().await;
    let second = network(Store::open(folder.path()).unwrap());
    let state =
        async |name: &'static str| second.read(move |view| session::get(view, name)).await.unwrap().state;
    assert_eq!((state("paired").await, state("waiting").await), (State::Connecting, State::Pairing));
    second.advance(seconds(1)).await.unwrap();
    assert_eq!(state("paired").await, State::Connected);
    second.advance(seconds(200)).await.unwrap();
    assert_eq!(state("waiting").await, State::QrTimeout);
    assert!(second.change(agenda::run_due).await.unwrap().is_none(), "nothing is left to do");
    assert!(second.read(event::newest).await.unwrap() > 0);
    second.close().await;
}
