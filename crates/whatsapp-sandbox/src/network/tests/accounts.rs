use super::stage::{ANA, CAT, Stage, jid};
use crate::network::event::{ContactChange, Event};
use crate::network::{account, contact};

#[tokio::test]
async fn a_number_under_another_spelling_is_found_by_asking_and_not_by_rule() {
    let stage = Stage::set().await;
    let ana = stage.ana;
    stage.change(move |change| account::add_spelling(change, ana, "551188880001")).await;
    let ask = |digits: &'static str| stage.network.read(move |view| account::dialled(view, &jid(digits)));
    assert_eq!(ask("551188880001").await.unwrap().unwrap().id, ana);
    assert!(ask("551188880002").await.unwrap().is_none());
    let refusal = stage.refusal(|change| account::expect(change, &jid("551188880001"))).await;
    assert!(refusal.contains("check the number first"), "{refusal}");
    let ben = stage.ben;
    stage.refusal(move |change| account::add_spelling(change, ben, ANA)).await;
}

#[tokio::test]
async fn a_number_belongs_to_one_account() {
    let stage = Stage::set().await;
    let refusal = stage.refusal(|change| super::stage::person(change, CAT)).await;
    assert!(refusal.contains(CAT), "{refusal}");
}

#[tokio::test]
async fn what_somebody_shows_is_told_to_those_who_know_them_and_are_not_blocked() {
    let stage = Stage::set().await;
    let (ana, ben, cat) = (stage.ana, stage.ben, stage.cat);
    stage.say(ben, ANA, "hi").await;
    stage
        .change(move |change| {
            contact::save(change, cat, ana, "Ana")?;
            contact::block(change, ana, &account::by_id(change, cat)?, true)
        })
        .await;
    let before = stage.newest().await;
    stage.change(move |change| account::set_about(change, ana, "On holiday")).await;
    let told = stage
        .told(before, |event, observers| match event {
            Event::Contact { change, .. } => Some((*change, observers.to_vec())),
            _ => None,
        })
        .await;
    assert_eq!(told, [(ContactChange::About, vec![ben])]);
}
