use super::stage::{Stage, seconds};
use crate::network::call::{self, Phase};
use crate::network::event::Event;
use crate::network::{account, contact};

async fn ring(stage: &Stage) -> String {
    let (ana, ben) = (stage.ana, stage.ben);
    stage.change(move |change| call::offer(change, ana, &account::by_id(change, ben)?, false)).await
}

async fn told(stage: &Stage) -> Vec<(Phase, usize)> {
    stage
        .told(0, |event, observers| match event {
            Event::Call { phase, .. } => Some((*phase, observers.len())),
            _ => None,
        })
        .await
}

#[tokio::test]
async fn a_call_that_nobody_answers_is_missed() {
    let stage = Stage::set().await;
    let id = ring(&stage).await;
    stage.pass(seconds(60)).await;
    assert_eq!(told(&stage).await, [(Phase::Ringing, 2), (Phase::Missed, 2)]);
    let ben = stage.ben;
    stage.refusal(move |change| call::answer(change, ben, &id, true)).await;
}

#[tokio::test]
async fn a_call_is_taken_by_the_other_side_only_and_ended_by_either() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    let id = ring(&stage).await;
    let call = id.clone();
    stage.refusal(move |change| call::answer(change, ana, &call, true)).await;
    let call = id.clone();
    stage.change(move |change| call::answer(change, ben, &call, true)).await;
    stage.pass(seconds(60)).await;
    stage.change(move |change| call::hang_up(change, ana, &id)).await;
    assert_eq!(told(&stage).await, [(Phase::Ringing, 2), (Phase::Accepted, 2), (Phase::Ended, 2)]);
    let id = ring(&stage).await;
    stage.change(move |change| call::answer(change, ben, &id, false)).await;
    assert_eq!(told(&stage).await.pop(), Some((Phase::Rejected, 2)));
}

#[tokio::test]
async fn a_blocked_caller_rings_nowhere() {
    let stage = Stage::set().await;
    let (ana, ben) = (stage.ana, stage.ben);
    stage.change(move |change| contact::block(change, ben, &account::by_id(change, ana)?, true)).await;
    ring(&stage).await;
    assert_eq!(told(&stage).await, [(Phase::Ringing, 1)]);
}
