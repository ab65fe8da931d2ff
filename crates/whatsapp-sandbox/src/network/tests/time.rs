use std::time::Duration;

use super::stage::{BEN, Stage, seconds};
use crate::network::View;
use crate::network::receipt::Status;
use crate::store::Sql as _;

#[tokio::test]
async fn an_entry_that_cannot_be_read_holds_up_no_other() {
    let stage = Stage::set().await;
    stage
        .change(|change| Ok(change.run("INSERT INTO agenda (due_at, task) VALUES (0, 'not json')", ())?))
        .await;
    let message = stage.say(stage.ana, BEN, "still alive").await;
    stage.pass(seconds(5)).await;
    assert_eq!(stage.status(message.id).await, Status::Delivered);
    let left = |view: &View<'_>| Ok(view.any("SELECT 1 FROM agenda WHERE task = 'not json'", ())?);
    assert!(!stage.read(left).await);
}

#[tokio::test]
async fn a_network_ages_while_its_clock_stands_still() {
    let stage = Stage::set().await;
    let (now, age) = (stage.network.now(), stage.network.age());
    tokio::time::sleep(Duration::from_millis(2)).await;
    assert_eq!(stage.network.now(), now);
    assert!(stage.network.age() >= age + Duration::from_millis(2));
    stage.pass(seconds(60)).await;
    assert!(stage.network.age() >= age + seconds(60));
}
