use std::time::Duration;

use tokio::time::timeout;
use whatsapp_sandbox::client::types;
use whatsapp_sandbox::client::{Event, Events};

use super::{ANA, BRUNO, SUPPORT, say, start};

const PATIENCE: Duration = Duration::from_secs(20);

/// The next event of a kind.
async fn next(events: &mut Events, kind: &str) -> Event {
    let found = timeout(PATIENCE, async {
        loop {
            let event = events.next().await.unwrap().unwrap();
            if event.kind == kind {
                return event;
            }
        }
    });
    found.await.unwrap_or_else(|_| panic!("waited in vain for {kind}"))
}

#[tokio::test]
async fn what_happens_is_told_as_it_happens() {
    let sandbox = start().await;
    let mut events = sandbox.control().events(None).await.unwrap();
    let id = say(sandbox.control(), ANA, SUPPORT, "Live").await;
    let message = next(&mut events, "message").await;
    assert_eq!(message.body["message"]["id"], id);
    assert_eq!(message.account.as_deref(), Some("5511988880001@s.whatsapp.net"));
    let arrived = next(&mut events, "message_arrived").await;
    assert!(arrived.id > message.id);
    assert_eq!(arrived.observers[0].account, "5511999990001@s.whatsapp.net");
    assert_eq!(arrived.observers[0].chat_id.as_deref(), Some("5511988880001@s.whatsapp.net"));
}

#[tokio::test]
async fn whoever_comes_back_misses_nothing() {
    let sandbox = start().await;
    let control = sandbox.control();
    let mut events = control.events(None).await.unwrap();
    say(control, ANA, BRUNO, "One").await;
    let one = next(&mut events, "message").await;
    drop(events);
    let two = say(control, ANA, BRUNO, "Two").await;
    let mut again = control.events(Some(one.id)).await.unwrap();
    assert_eq!(next(&mut again, "message").await.body["message"]["id"], two);
    let mut by_address =
        reqwest::get(format!("{}/_sandbox/events?after={}", sandbox.url(), one.id)).await.unwrap();
    let chunk = timeout(PATIENCE, by_address.chunk()).await.unwrap().unwrap().unwrap();
    let chunk = String::from_utf8(chunk.to_vec()).unwrap();
    assert!(
        chunk.contains(&format!("id: {}\n", one.id + 1)) || chunk.contains(&format!("id:{}\n", one.id + 1)),
        "{chunk}"
    );
    let wrong = reqwest::Client::new().get(format!("{}/_sandbox/events", sandbox.url()));
    let wrong = wrong.header("last-event-id", "yesterday").send().await.unwrap();
    assert_eq!(wrong.status(), 400);
}

#[tokio::test]
async fn one_account_hears_only_what_it_can_observe() {
    let sandbox = start().await;
    let control = sandbox.control();
    let mut stream =
        reqwest::get(format!("{}/_sandbox/events?account=5511988880001", sandbox.url())).await.unwrap();
    say(control, BRUNO, SUPPORT, "Between us").await;
    say(control, BRUNO, ANA, "For Ana").await;
    let mut heard = String::new();
    while !heard.contains("For Ana") {
        let chunk = timeout(PATIENCE, stream.chunk()).await.unwrap().unwrap().unwrap();
        heard.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(!heard.contains("Between us"), "{heard}");
}

#[tokio::test]
async fn a_reset_is_told_and_the_stream_goes_on() {
    let sandbox = start().await;
    let control = sandbox.control();
    say(control, ANA, SUPPORT, "Before").await;
    let mut events = control.events(None).await.unwrap();
    control.state_reset(&types::Reset { to: None }).await.unwrap();
    next(&mut events, "state_replaced").await;
    let id = say(control, ANA, SUPPORT, "After").await;
    assert_eq!(next(&mut events, "message").await.body["message"]["id"], id);
}

#[tokio::test]
async fn a_sandbox_that_stops_ends_its_streams() {
    let sandbox = start().await;
    let mut events = sandbox.control().events(None).await.unwrap();
    let stopped = timeout(PATIENCE, async {
        tokio::join!(sandbox.stop(), async { while let Ok(Some(_)) = events.next().await {} })
    });
    stopped.await.unwrap();
}
