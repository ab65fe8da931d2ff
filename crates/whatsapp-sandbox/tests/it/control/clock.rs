use std::time::{Duration, SystemTime};

use whatsapp_sandbox::ControlError;
use whatsapp_sandbox::client::types;

use super::{ANA, SUPPORT, refusal, say, start, start_with};
use crate::api::fast;

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
