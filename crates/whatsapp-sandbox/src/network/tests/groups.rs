use std::time::Duration;

use super::stage::{ANA, BEN, CAT, Stage, jid, seconds, send};
use crate::network::event::{Event, GroupChange};
use crate::network::group::member::{self, Action, MemberResult, Outcome, Rank};
use crate::network::group::{self, invite, mode};
use crate::network::privacy::{self, Privacy};
use crate::network::sending::Draft;
use crate::network::{account, contact};

async fn apply(stage: &Stage, group: &group::Group, action: Action, people: &[&str]) -> Vec<Outcome> {
    let (ana, group) = (stage.ana, group.clone());
    let people: Vec<_> = people.iter().map(|it| jid(it)).collect();
    stage.change(move |change| member::apply(change, ana, &group, action, &people)).await
}

#[tokio::test]
async fn each_person_gets_an_own_result() {
    let stage = Stage::set().await;
    let group = stage.group().await;
    let cat = stage.cat;
    stage
        .change(move |change| {
            let shut = Privacy { open_to_groups: false, ..privacy::of(change, cat)? };
            privacy::set(change, cat, shut)
        })
        .await;
    let outcomes = apply(&stage, &group, Action::Add, &[BEN, CAT, "999999999"]).await;
    let codes: Vec<u16> = outcomes.iter().map(|it| it.result.code()).collect();
    assert_eq!(codes, [409, 403, 404]);
    assert!(outcomes[0].invite.is_none() && outcomes[1].invite.is_some());
    assert_eq!(apply(&stage, &group, Action::Promote, &[BEN]).await[0].result, MemberResult::Done);
    assert_eq!(apply(&stage, &group, Action::Promote, &[BEN]).await[0].result, MemberResult::AlreadySo);
    for action in [Action::Demote, Action::Remove] {
        let outcomes = apply(&stage, &group, action, &[ANA]).await;
        assert_eq!(outcomes[0].result, MemberResult::Protected, "the superadmin stays");
    }
}

#[tokio::test]
async fn a_personal_invite_opens_the_group_for_one_person_once_and_in_time() {
    let stage = Stage::set().await;
    let group = stage.group().await;
    let (ana, ben, cat) = (stage.ana, stage.ben, stage.cat);
    stage.change(move |change| contact::block(change, cat, &account::by_id(change, ana)?, true)).await;
    let invite =
        async || apply(&stage, &group, Action::Add, &[CAT]).await.pop().unwrap().invite.unwrap().code;
    let join = |who, code: String| stage.network.change(move |change| invite::join(change, who, &code));

    let first = invite().await;
    let second = invite().await;
    assert!(join(cat, first).await.is_err(), "the newer one has replaced it");
    assert!(join(ben, second.clone()).await.is_err(), "it is not for Ben");
    join(cat, second.clone()).await.unwrap();
    apply(&stage, &group, Action::Remove, &[CAT]).await;
    assert!(join(cat, second).await.is_err(), "it was used");

    let late = invite().await;
    stage.pass(Duration::from_hours(72)).await;
    assert!(join(cat, late).await.is_err(), "it has expired");
    let dead = invite().await;
    let own = group.clone();
    let code = stage.change(move |change| invite::revoke(change, ana, &own)).await;
    assert!(join(cat, dead).await.is_err(), "it was revoked with the link");
    assert!(join(cat, group.invite_code.clone()).await.is_err(), "and so was the old link");
    join(cat, invite::link(&code)).await.unwrap();
    assert!(join(cat, code).await.is_err(), "Cat is in it already");
}

#[tokio::test]
async fn an_invite_of_somebody_who_is_no_admin_any_more_is_dead() {
    let stage = Stage::set().await;
    let group = stage.group().await;
    let (ben, cat) = (stage.ben, stage.cat);
    apply(&stage, &group, Action::Promote, &[BEN]).await;
    let own = group.clone();
    let code = stage
        .change(move |change| {
            let shut = Privacy { open_to_groups: false, ..privacy::of(change, cat)? };
            privacy::set(change, cat, shut)?;
            let mut outcomes = member::apply(change, ben, &own, Action::Add, &[jid(CAT)])?;
            Ok(outcomes.pop().unwrap().invite.unwrap().code)
        })
        .await;
    let look = code.clone();
    stage.network.read(move |view| invite::look(view, cat, &look)).await.unwrap();
    apply(&stage, &group, Action::Demote, &[BEN]).await;
    assert!(stage.network.read(move |view| invite::look(view, cat, &code)).await.is_err());
}

#[tokio::test]
async fn in_announcement_mode_only_admins_write() {
    let stage = Stage::set().await;
    let group = stage.group().await;
    let (ana, ben) = (stage.ana, stage.ben);
    let own = group.clone();
    let refusal = stage.refusal(move |change| mode::set_announce(change, ben, &own, true)).await;
    assert!(refusal.contains("admin"), "{refusal}");
    let own = group.clone();
    stage.change(move |change| mode::set_announce(change, ana, &own, true)).await;
    let write = |who| {
        let to = group.jid();
        stage.network.change(move |change| send(change, who, &to, &Draft::text("hello")))
    };
    assert!(write(ben).await.unwrap_err().to_string().contains("admin"));
    let message = write(ana).await.unwrap();
    stage.pass(seconds(2)).await;
    let id = message.wire_id;
    stage.change(move |change| crate::network::reaction::react(change, ben, group.id, &id, "👍")).await;
}

#[tokio::test]
async fn a_locked_group_is_changed_by_admins_only_and_an_unlocked_one_by_all() {
    let stage = Stage::set().await;
    let group = stage.group().await;
    let (ana, ben) = (stage.ana, stage.ben);
    let rename = |name: &'static str| {
        let to = group.jid();
        stage
            .network
            .change(move |change| group::set_subject(change, ben, &group::of_member(change, ben, &to)?, name))
    };
    assert!(rename("Ben's").await.unwrap_err().to_string().contains("admin"));
    let own = group.clone();
    stage.change(move |change| mode::set_locked(change, ana, &own, false)).await;
    rename("Everyone's").await.unwrap();
    let told = stage
        .told(0, |event, observers| match event {
            Event::GroupChanged { change, .. } => Some((change.clone(), observers.len())),
            _ => None,
        })
        .await;
    assert_eq!(
        told,
        [
            (GroupChange::Created { name: "Friends".to_owned() }, 1),
            (GroupChange::Locked(false), 2),
            (GroupChange::Name("Everyone's".to_owned()), 2),
        ]
    );
}

#[tokio::test]
async fn when_the_last_admin_leaves_the_longest_standing_member_becomes_one() {
    let stage = Stage::set().await;
    let group = stage.group().await;
    let (ana, ben, cat) = (stage.ana, stage.ben, stage.cat);
    stage.pass(seconds(60)).await;
    apply(&stage, &group, Action::Add, &[CAT]).await;
    let before = stage.newest().await;
    let own = group.clone();
    stage.change(move |change| member::leave(change, ana, &own)).await;
    let ranks = stage.read(move |view| member::list(view, group.id)).await;
    let ranks: Vec<_> = ranks.iter().map(|it| (it.account.id, it.rank)).collect();
    assert_eq!(ranks, [(ben, Rank::Admin), (cat, Rank::Member)]);
    let told = stage
        .told(before, |event, observers| match event {
            Event::ParticipantsChanged { action, people, .. } => {
                Some((*action, people[0].account, observers.len()))
            }
            _ => None,
        })
        .await;
    assert_eq!(told, [(Action::Remove, ana, 3), (Action::Promote, ben, 2)]);
}

#[tokio::test]
async fn whoever_is_removed_is_told_and_hears_nothing_more() {
    let stage = Stage::set().await;
    let group = stage.group().await;
    let (ana, ben) = (stage.ana, stage.ben);
    let before = stage.newest().await;
    apply(&stage, &group, Action::Remove, &[BEN]).await;
    let address = group.jid();
    stage.change(move |change| send(change, ana, &address, &Draft::text("he is gone"))).await;
    stage.pass(seconds(5)).await;
    let heard = stage.events_since(before).await;
    let heard: Vec<_> = heard.iter().filter(|it| it.observers.contains(&ben)).collect();
    assert!(matches!(heard[..], [it] if matches!(it.event, Event::ParticipantsChanged { .. })));
    let address = group.jid();
    stage.refusal(move |change| group::of_member(change, ben, &address)).await;
}

#[tokio::test]
async fn who_made_a_group_and_left_it_comes_back_as_any_other_member() {
    let stage = Stage::set().await;
    let group = stage.group().await;
    let ana = stage.ana;
    let (own, code) = (group.clone(), group.invite_code.clone());
    stage.change(move |change| member::leave(change, ana, &own)).await;
    stage.change(move |change| invite::join(change, ana, &code)).await;
    let refusal = stage.refusal(move |change| group::delete(change, ana, &group)).await;
    assert!(refusal.contains("creator"), "{refusal}");
}

#[tokio::test]
async fn only_who_made_a_group_deletes_it_and_its_code_dies_with_it() {
    let stage = Stage::set().await;
    let group = stage.group().await;
    let (ana, ben, cat) = (stage.ana, stage.ben, stage.cat);
    apply(&stage, &group, Action::Promote, &[BEN]).await;
    let own = group.clone();
    stage.refusal(move |change| group::delete(change, ben, &own)).await;
    let own = group.clone();
    stage.change(move |change| group::delete(change, ana, &own)).await;
    stage.refusal(move |change| invite::join(change, cat, &group.invite_code)).await;
    assert!(stage.read(move |view| group::list(view, ana)).await.is_empty());
}
