//! Nothing is lost when the process is killed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use whatsapp_sandbox::FULL_KEY;

use crate::api::{SALES, eventually};
use crate::process::Process;
use crate::receiver::Receiver;

/// How many messages are sent in each life of the process.
const MESSAGES: usize = 40;
/// How often it is killed.
const LIVES: usize = 3;

async fn post(http: &Client, url: &str, path: &str, body: Value) -> Option<Value> {
    let request = http.post(format!("{url}{path}")).bearer_auth(FULL_KEY).json(&body);
    let response = request.send().await.ok()?;
    assert!(response.status().is_success(), "{}", response.status());
    response.json().await.ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_accepted_message_is_told_though_the_process_is_killed_in_delivery() {
    let folder = tempfile::tempdir().unwrap();
    let http = crate::api::http();
    // Every third attempt fails, so that repeats are under way at any moment.
    let receiver = Receiver::answering(|log| {
        std::thread::sleep(Duration::from_millis(1));
        if log.len() % 3 == 0 { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK }
    })
    .await;
    let mut accepted = BTreeSet::new();
    for life in 0..LIVES {
        let process = Process::start(folder.path());
        if life == 0 {
            let body = json!({
                "url": receiver.url, "events": ["message.sent"],
                "retries": { "attempts": 100, "delaySeconds": 0, "policy": "constant" },
            });
            post(&http, &process.url, "/api/webhooks", body).await.unwrap();
        }
        for number in 0..MESSAGES {
            let body = json!({ "session": "main", "chatId": SALES, "type": "text", "text": format!("{life}.{number}") });
            let sent = post(&http, &process.url, "/api/messages/send", body).await.unwrap();
            accepted.insert(sent["data"]["id"].as_str().unwrap().to_owned());
        }
        eventually("some deliveries of this life", || async {
            let of_life = |it: &Value| {
                it["payload"]["text"].as_str().is_some_and(|it| it.starts_with(&format!("{life}.")))
            };
            receiver.bodies("message.sent").iter().any(of_life).then_some(())
        })
        .await;
        process.kill();
    }
    let last = Process::start(folder.path());
    let told = || -> BTreeMap<String, BTreeSet<String>> {
        let mut told = BTreeMap::<_, BTreeSet<_>>::new();
        for body in receiver.all().into_iter().filter(|it| it.status == StatusCode::OK).map(|it| it.body) {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            told.entry(text(&body["payload"]["id"])).or_default().insert(text(&body["id"]));
        }
        told
    };
    eventually("everything to be told", || async {
        accepted.iter().all(|id| told().contains_key(id)).then_some(())
    })
    .await;
    last.kill();
    for (message, events) in told() {
        assert_eq!(events.len(), 1, "message {message} has one event, whose id never changes: {events:?}");
        assert!(accepted.contains(&message), "only what was accepted is told");
    }
    assert!(receiver.all().iter().any(|it| it.headers["x-webhook-attempt"] != "1"), "there were repeats");
}
