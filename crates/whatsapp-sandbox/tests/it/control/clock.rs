use std::time::{Duration, SystemTime};

use whatsapp_sandbox::ControlError;
use whatsapp_sandbox::client::types;

use super::{ANA, SUPPORT, refusal, say, start, start_with};
use crate::api::fast;
use crate::process::Process;

fn milliseconds(milliseconds: i64) -> types::AdvanceClock {
    types::AdvanceClock { milliseconds }
}

#[tokio::test]
async fn time_stands_still_until_it_is_advanced() {
    let sandbox = start().await;
    let control = sandbox.control();
    assert_eq!(
        refusal(control.clock_advance(&milliseconds(1)).await).0,
        409,
        "the system's clock cannot be moved"
    );
    let stop =
        types::SetClock { mode: types::ClockMode::Manual, now: Some("2026-01-01T12:00:00Z".to_owned()) };
    let clock = control.clock_set(&stop).await.unwrap().into_inner().data;
    assert_eq!(clock.now, "2026-01-01T12:00:00.000Z");
    let id = say(control, ANA, SUPPORT, "Slow").await;
    let status = async || control.messages_get(ANA, SUPPORT, &id).await.unwrap().into_inner().data;
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(status().await.status, types::Status::Pending);
    let later = control.clock_advance(&milliseconds(60_000)).await.unwrap().into_inner().data;
    assert_eq!(later.now, "2026-01-01T12:01:00.000Z");
    let message = status().await;
    assert_eq!(message.status, types::Status::Delivered, "all of it has happened when the answer comes");
    assert_eq!(message.timestamp, "2026-01-01T12:00:00.000Z");
    assert_eq!(message.receipts[0].delivered_at.as_deref(), Some("2026-01-01T12:00:00.010Z"));
    let go_on = types::SetClock { mode: types::ClockMode::System, now: None };
    let clock = control.clock_set(&go_on).await.unwrap().into_inner().data;
    assert_eq!(clock.mode, types::ClockMode::System);
    assert_ne!(control.clock_get().await.unwrap().into_inner().data.now, later.now);
    let wrong = types::SetClock { now: Some("the first of January".to_owned()), ..stop };
    assert_eq!(refusal(control.clock_set(&wrong).await).0, 400);
}

#[tokio::test]
async fn a_clock_stops_where_it_is_if_no_instant_is_given() {
    let sandbox = start().await;
    let control = sandbox.control();
    let stop = types::SetClock { mode: types::ClockMode::Manual, now: None };
    let stopped = control.clock_set(&stop).await.unwrap().into_inner().data;
    tokio::time::sleep(Duration::from_millis(5)).await;
    assert_eq!(control.clock_get().await.unwrap().into_inner().data.now, stopped.now);
}

#[tokio::test]
async fn a_test_moves_time_in_rust() {
    let noon = SystemTime::UNIX_EPOCH + Duration::from_hours(490_908);
    let sandbox = start_with(fast().clock(noon)).await;
    let id = say(sandbox.control(), ANA, SUPPORT, "Soon").await;
    sandbox.advance(Duration::from_hours(1)).await.unwrap();
    let message = sandbox.control().messages_get(ANA, SUPPORT, &id).await.unwrap().into_inner().data;
    assert_eq!(message.status, types::Status::Delivered);
    assert_eq!(message.timestamp, "2026-01-01T12:00:00.000Z");
    let edit = types::EditMessage { text: "Late".to_owned() };
    let late = sandbox.control().messages_edit(ANA, SUPPORT, &id, &edit).await;
    assert_eq!(refusal(late).0, 409, "the fifteen minutes are over");
    let running = start().await;
    let refused = running.advance(Duration::from_secs(1)).await.unwrap_err();
    assert!(matches!(refused, ControlError::Refused { status: 409, .. }), "{refused}");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_ids() {
    let sandbox = start().await;
    let control = sandbox.control();
    assert_eq!(control.seed_get().await.unwrap().into_inner().data.seed, None);
    let seed = types::SetSeed { seed: Some(42) };
    let sow = async || {
        assert_eq!(control.seed_set(&seed).await.unwrap().into_inner().data.seed, Some(42));
        [say(control, ANA, SUPPORT, "One").await, say(control, ANA, SUPPORT, "Two").await]
    };
    let ids = sow().await;
    control.state_reset(&types::Reset { to: None }).await.unwrap();
    assert_eq!(sow().await, ids);
    let system = control.seed_set(&types::SetSeed { seed: None }).await.unwrap().into_inner().data;
    assert_eq!(system.seed, None);
}

#[tokio::test]
async fn advances_at_once_each_let_their_time_pass() {
    let noon = SystemTime::UNIX_EPOCH + Duration::from_hours(490_908);
    let sandbox = start_with(fast().clock(noon)).await;
    let minute = milliseconds(60_000);
    let advance = || sandbox.control().clock_advance(&minute);
    let (a, b, c, d) = tokio::join!(advance(), advance(), advance(), advance());
    for advanced in [a, b, c, d] {
        advanced.unwrap();
    }
    let now = sandbox.control().clock_get().await.unwrap().into_inner().data.now;
    assert_eq!(now, "2026-01-01T12:04:00.000Z");
}

#[tokio::test]
async fn the_clock_stays_within_years_of_four_digits() {
    let sandbox = start().await;
    let control = sandbox.control();
    let at = |now: &str| types::SetClock { mode: types::ClockMode::Manual, now: Some(now.to_owned()) };
    control.clock_set(&at("9999-12-31T23:59:59.000Z")).await.unwrap();
    let (status, why) = refusal(control.clock_advance(&milliseconds(1_000)).await);
    assert_eq!(status, 409);
    assert!(why.contains("9999-12-31T23:59:59.999Z"), "{why}");
    let last = control.clock_advance(&milliseconds(999)).await.unwrap().into_inner().data.now;
    assert_eq!(last, "9999-12-31T23:59:59.999Z");
    let state = control.state_export(None).await.unwrap().into_inner();
    control.state_import(&state).await.unwrap();
    assert_eq!(refusal(control.clock_set(&at("9999-12-31T23:59:59-01:00")).await).0, 400);
}

#[tokio::test]
async fn what_was_to_come_is_not_stranded_when_the_clock_goes_back() {
    let sandbox = start().await;
    let control = sandbox.control();
    let at = |now: &str| types::SetClock { mode: types::ClockMode::Manual, now: Some(now.to_owned()) };
    control.clock_set(&at("2030-01-01T12:00:00Z")).await.unwrap();
    let id = say(control, ANA, SUPPORT, "Early").await;
    let lock = serde_json::json!({ "kind": "time_lock", "account": SUPPORT, "seconds": 60 });
    control.faults_set(&serde_json::from_value(lock).unwrap()).await.unwrap();
    control.clock_set(&at("2026-01-01T12:00:00Z")).await.unwrap();
    let status = async || control.messages_get(ANA, SUPPORT, &id).await.unwrap().into_inner().data.status;
    control.clock_advance(&milliseconds(4)).await.unwrap();
    assert_eq!(status().await, types::Status::Pending, "it takes as long as it would have");
    let faults = control.faults_list().await.unwrap().into_inner().data;
    assert_eq!(faults[0].ends_at.as_deref(), Some("2026-01-01T12:01:00.000Z"));
    control.clock_advance(&milliseconds(60_000)).await.unwrap();
    assert_eq!(status().await, types::Status::Delivered);
    assert!(control.faults_list().await.unwrap().into_inner().data.is_empty());
}

#[tokio::test]
async fn clock_and_seed_outlive_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let open = || fast().data_dir(Some(folder.path().to_owned()));
    let process = Process::start(folder.path());
    let control = whatsapp_sandbox::client::Client::at(&process.url).unwrap();
    let stop =
        types::SetClock { mode: types::ClockMode::Manual, now: Some("2030-01-01T12:00:00Z".to_owned()) };
    control.clock_set(&stop).await.unwrap();
    control.seed_set(&types::SetSeed { seed: Some(42) }).await.unwrap();
    let before = say(&control, ANA, SUPPORT, "Before").await;
    control.clock_advance(&milliseconds(2)).await.unwrap();
    process.kill();

    let sandbox = start_with(open()).await;
    let control = sandbox.control();
    let clock = control.clock_get().await.unwrap().into_inner().data;
    assert_eq!((clock.mode, clock.now.as_str()), (types::ClockMode::Manual, "2030-01-01T12:00:00.002Z"));
    assert_eq!(control.seed_get().await.unwrap().into_inner().data.seed, Some(42));
    sandbox.advance(Duration::from_secs(1)).await.unwrap();
    let message = control.messages_get(ANA, SUPPORT, &before).await.unwrap().into_inner().data;
    assert_eq!(message.status, types::Status::Delivered);
    let after = say(control, ANA, SUPPORT, "After").await;
    assert_ne!(after[12..], before[12..], "the seed does not give the same twice");
    sandbox.stop().await;

    let noon = SystemTime::UNIX_EPOCH + Duration::from_hours(490_908);
    let sandbox = start_with(open().clock(noon).random_seed(7)).await;
    let control = sandbox.control();
    assert_eq!(control.clock_get().await.unwrap().into_inner().data.now, "2026-01-01T12:00:00.000Z");
    assert_eq!(control.seed_get().await.unwrap().into_inner().data.seed, Some(7));
    sandbox.advance(Duration::from_secs(1)).await.unwrap();
    let message = control.messages_get(ANA, SUPPORT, &after).await.unwrap().into_inner().data;
    assert_eq!(message.status, types::Status::Delivered, "going back strands nothing");
}
