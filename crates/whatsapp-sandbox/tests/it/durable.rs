//! What was accepted is stored, at whatever moment the process is killed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Client;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use whatsapp_sandbox::FULL_KEY;

use crate::api::{SALES, eventually};
use crate::process::Process;

/// How often the process is killed.
const LIVES: usize = 50;
/// How many clients send at once.
const SENDERS: usize = 8;

/// How many messages were sent, and how many of them accepted, in all lives.
#[derive(Default)]
struct Counts {
    sent: AtomicUsize,
    accepted: AtomicUsize,
}

/// Sends one message after another until the process is gone; the ids and texts of those that were accepted.
async fn send_until_killed(http: Client, url: String, counts: Arc<Counts>) -> Vec<(String, String)> {
    let mut accepted = Vec::new();
    loop {
        let text = format!("number {}", counts.sent.fetch_add(1, Ordering::Relaxed));
        let body = json!({ "session": "main", "chatId": SALES, "type": "text", "text": text });
        let request = http.post(format!("{url}/api/messages/send")).bearer_auth(FULL_KEY).json(&body);
        let Ok(response) = request.send().await else { return accepted };
        assert!(response.status().is_success(), "{}", response.status());
        let Ok(answer) = response.json::<Value>().await else { return accepted };
        accepted.push((answer["data"]["id"].as_str().unwrap().to_owned(), text));
        counts.accepted.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_accepted_message_is_stored_whenever_the_process_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let http = crate::api::http();
    let counts = Arc::<Counts>::default();
    let mut accepted = BTreeSet::new();
    for life in 0..LIVES {
        let process = Process::start(folder.path());
        let mut senders = JoinSet::new();
        for _ in 0..SENDERS {
            senders.spawn(send_until_killed(http.clone(), process.url.clone(), Arc::clone(&counts)));
        }
        // A different moment in each life: from the first message on to some sixty later.
        let enough = counts.accepted.load(Ordering::Relaxed) + 1 + 5 * (life % 13);
        eventually("enough messages of this life", || async {
            (counts.accepted.load(Ordering::Relaxed) >= enough).then_some(())
        })
        .await;
        process.kill();
        accepted.extend(senders.join_all().await.into_iter().flatten());
    }
    let last = Process::start(folder.path());
    last.kill();
    let database = rusqlite::Connection::open(folder.path().join("sandbox.sqlite3")).unwrap();
    let mut statement = database.prepare("SELECT wire_id, content ->> 'text' FROM message").unwrap();
    let row =
        |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, Option<String>>(1)?.unwrap_or_default()));
    let stored: BTreeSet<(String, String)> =
        statement.query_map((), row).unwrap().collect::<Result<_, _>>().unwrap();
    let missing: Vec<_> = accepted.difference(&stored).collect();
    assert!(
        missing.is_empty(),
        "{} of {} accepted messages are lost: {missing:?}",
        missing.len(),
        accepted.len()
    );
    let check: String = database.query_row("PRAGMA integrity_check", (), |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    let broken: i64 =
        database.query_row("SELECT count(*) FROM pragma_foreign_key_check", (), |row| row.get(0)).unwrap();
    assert_eq!(broken, 0, "a change was stored in part");
}
