//! A courier on a network whose time is moved by hand, and targets on loopback.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde_json::{Map, Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use super::courier::Courier;
use super::queue::{Delivery, Filter, State};
use super::{Deliveries, Dialect, Notice, outbox};
use crate::access::webhook::{self, Owner, Policy, Registration, Retries};
use crate::clock::{Clock, Timestamp};
use crate::egress::Egress;
use crate::entropy::Entropy;
use crate::network::{Network, Pace, Refusal};
use crate::store::Store;

const BEGIN: i64 = 1_800_000_000_000;

/// Titan's, and nothing happens by itself.
static DIALECTS: [Dialect; 1] = [Dialect { tell: |_, _| Ok(Vec::new()), ..crate::titan::DIALECT }];

/// What a target got.
#[derive(Clone, Debug)]
struct Request {
    headers: HeaderMap,
    body: Value,
}

impl Request {
    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    fn text(&self) -> &str {
        self.body["payload"]["text"].as_str().unwrap()
    }
}

/// A target that answers as it is told.
#[derive(Clone)]
struct Target {
    url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Target {
    /// `answer` gets the request and how many came before it.
    async fn start<F>(answer: impl Fn(&Request, usize) -> F + Clone + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Response> + Send,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        let router = Router::new().fallback(move |headers: HeaderMap, body: Bytes| {
            let request = Request { headers, body: serde_json::from_slice(&body).unwrap() };
            let before = {
                let mut log = log.lock().unwrap();
                log.push(request.clone());
                log.len() - 1
            };
            let answer = answer.clone();
            async move { answer(&request, before).await }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, requests }
    }

    async fn fine() -> Self {
        Self::start(|_, _| async { StatusCode::NO_CONTENT.into_response() }).await
    }

    fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    fn texts(&self) -> Vec<String> {
        self.requests().iter().map(|it| it.text().to_owned()).collect()
    }

    async fn gets(&self, texts: &[&str]) {
        eventually(&format!("{texts:?}, got {:?}", self.texts()), || async { self.texts() == texts }).await;
    }
}

/// A network with a courier.
struct World {
    network: Network,
    deliveries: Deliveries,
    bell: Arc<Notify>,
    running: Option<(watch::Sender<bool>, JoinHandle<()>)>,
}

impl World {
    fn new() -> Self {
        let moment = Duration::from_secs(1);
        let pace = Pace {
            auto_pair: None,
            qr_lifetime: moment,
            receipt_delay: moment,
            echo_delay: moment,
            connect_delay: moment,
            sync_delay: moment,
        };
        let clock = Clock::manual(Timestamp::from_unix_millis(BEGIN));
        let network = Network::new(Store::in_memory().unwrap(), pace, clock, Entropy::from_seed(7), &[]);
        let bell = Arc::<Notify>::default();
        let deliveries = Deliveries::new(network.clone(), Arc::clone(&bell));
        let mut world = Self { network, deliveries, bell, running: None };
        world.start();
        world
    }

    fn start(&mut self) {
        let (stop, stopped) = watch::channel(false);
        let courier = Courier::new(
            self.network.clone(),
            Egress::new(true),
            &DIALECTS,
            Duration::from_secs(5),
            Arc::clone(&self.bell),
        );
        self.running = Some((stop, tokio::spawn(courier.run(stopped))));
    }

    /// Ends the courier as a crash would.
    fn crash(&mut self) {
        let (_, task) = self.running.take().unwrap();
        task.abort();
    }

    async fn hook(&self, target: &Target) -> i64 {
        let retries = Retries { attempts: 3, delay_seconds: 10, policy: Policy::Constant };
        self.hook_with(target, |it| it.retries = retries).await
    }

    async fn hook_with(&self, target: &Target, change: impl FnOnce(&mut Registration)) -> i64 {
        let mut registration: Registration = serde_json::from_value(json!({ "url": target.url })).unwrap();
        change(&mut registration);
        self.network
            .change(move |it| webhook::create(it, &Owner::titan(), None, registration))
            .await
            .unwrap()
            .id
    }

    async fn tell(&self, lane: &str, text: &str) {
        let notice = Notice {
            audience: Owner::titan(),
            name: "message.received",
            session: "main".to_owned(),
            lane: Some(lane.to_owned()),
            at: self.network.now(),
            body: Map::from_iter([("payload".to_owned(), json!({ "text": text }))]),
        };
        self.network.change(move |change| outbox::enqueue(change, &DIALECTS[0], &notice)).await.unwrap();
        self.deliveries.wake();
    }

    async fn pass(&self, seconds: u64) {
        self.network.advance(Duration::from_secs(seconds)).await.unwrap();
    }

    /// All deliveries, the oldest first.
    async fn list(&self) -> Vec<Delivery> {
        let mut list = self.deliveries.list(Filter { limit: 100, ..Filter::default() }).await.unwrap();
        list.reverse();
        list
    }

    async fn states(&self) -> Vec<State> {
        self.list().await.iter().map(|it| it.state).collect()
    }

    /// Waits until so many attempts at each delivery are written down.
    async fn tried(&self, attempts: &[u32]) {
        let written = async || self.list().await.iter().map(|it| it.attempts).collect::<Vec<_>>() == attempts;
        eventually(&format!("{attempts:?} attempts"), written).await;
    }

    async fn reaches(&self, states: &[State]) {
        eventually(&format!("{states:?}"), || async { self.states().await == states }).await;
    }
}

async fn eventually<F: Future<Output = bool>>(what: &str, ask: impl Fn() -> F) {
    let begin = Instant::now();
    while !ask().await {
        assert!(begin.elapsed() < Duration::from_secs(20), "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn answer(status: u16) -> Response {
    StatusCode::from_u16(status).unwrap().into_response()
}

#[tokio::test]
async fn a_chat_arrives_in_order_and_holds_up_no_other() {
    let world = World::new();
    let target = Target::start(|request, _| {
        let broken = request.text().starts_with("a1") && request.header("x-webhook-attempt") != "3";
        async move { answer(if broken { 503 } else { 200 }) }
    })
    .await;
    world.hook(&target).await;
    for (lane, text) in [("a", "a1"), ("a", "a2"), ("b", "b1"), ("b", "b2")] {
        world.tell(lane, text).await;
    }
    world.reaches(&[State::Waiting, State::Waiting, State::Delivered, State::Delivered]).await;
    world.tried(&[1, 0, 1, 1]).await;
    let of = |chat: &str| target.texts().into_iter().filter(|it| it.starts_with(chat)).collect::<Vec<_>>();
    assert_eq!((of("a"), of("b")), (vec!["a1".to_owned()], vec!["b1".to_owned(), "b2".to_owned()]));
    world.pass(12).await;
    world.tried(&[2, 0, 1, 1]).await;
    world.pass(12).await;
    world.reaches(&[State::Delivered; 4]).await;
    assert_eq!(of("a"), ["a1", "a1", "a1", "a2"]);
    let requests = target.requests();
    let first: Vec<&Request> = requests.iter().filter(|it| it.text() == "a1").collect();
    for (attempt, request) in (1..).zip(&first) {
        assert_eq!(request.header("x-webhook-attempt"), attempt.to_string());
        assert_eq!(request.body, first[0].body, "the same bytes, and so the same id, each time");
        assert_eq!(request.header("x-webhook-event-id"), request.body["id"]);
        assert_eq!(request.header("x-webhook-delivery-id"), first[0].header("x-webhook-delivery-id"));
    }
}

#[tokio::test]
async fn a_repeat_is_not_sent_before_its_time() {
    let world = World::new();
    let busy = |_: &Request, before: usize| async move {
        if before == 0 {
            (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "60")]).into_response()
        } else {
            answer(200)
        }
    };
    let target = Target::start(busy).await;
    let other = Target::fine().await;
    world.hook(&target).await;
    world.hook(&other).await;
    world.tell("a", "1").await;
    world.tried(&[1, 1]).await;
    world.pass(59).await;
    world.tell("b", "2").await;
    target.gets(&["1", "2"]).await;
    // A fifth of the delay at most is added.
    world.pass(13).await;
    target.gets(&["1", "2", "1"]).await;
    world.reaches(&[State::Delivered; 4]).await;
}

#[tokio::test]
async fn what_is_given_up_is_kept_and_can_be_replayed() {
    let world = World::new();
    let target = Target::start(|_, before| async move { answer(if before < 2 { 410 } else { 200 }) }).await;
    let hook = world.hook(&target).await;
    world.tell("a", "1").await;
    world.tell("a", "2").await;
    world.tell("a", "3").await;
    world.reaches(&[State::Dead, State::Dead, State::Delivered]).await;
    let dead = Filter { state: Some(State::Dead), webhook: Some(hook), limit: 10, ..Filter::default() };
    let letters = world.deliveries.list(dead).await.unwrap();
    assert_eq!(letters.len(), 2);
    for letter in &letters {
        assert_eq!((letter.status, letter.attempts, letter.due_at), (Some(410), 1, None));
        assert!(letter.error.as_deref().unwrap().contains("410"), "{letter:?}");
    }
    let replayed = world.deliveries.replay(letters[0].id).await.unwrap();
    assert_eq!((replayed.state, replayed.attempts), (State::Waiting, 0));
    target.gets(&["1", "2", "3", "2"]).await;
    world.reaches(&[State::Dead, State::Delivered, State::Delivered]).await;
    assert_eq!(world.deliveries.replay_all(hook).await.unwrap(), 1);
    target.gets(&["1", "2", "3", "2", "1"]).await;
    world.reaches(&[State::Delivered; 3]).await;
    assert!(matches!(world.deliveries.replay(letters[0].id).await, Err(Refusal::NotDead(_))));
    assert!(matches!(world.deliveries.replay(9_999).await, Err(Refusal::NoDelivery(_))));
    let ids: Vec<Value> = target.requests().iter().map(|it| it.body["id"].clone()).collect();
    assert_eq!((&ids[0], &ids[1]), (&ids[4], &ids[3]), "a replay has the id of the event");
}

#[tokio::test]
async fn repeats_end_in_a_dead_letter() {
    let world = World::new();
    let target = Target::start(|_, _| async { answer(500) }).await;
    world.hook(&target).await;
    world.tell("a", "1").await;
    for attempts in 1..=4 {
        world.tried(&[attempts]).await;
        world.pass(12).await;
    }
    world.reaches(&[State::Dead]).await;
    assert_eq!(target.requests().len(), 4, "once, and three repeats");
}

#[tokio::test]
async fn a_target_that_is_played_down_gets_nothing_until_it_is_up() {
    let world = World::new();
    let target = Target::fine().await;
    let hook = world.hook(&target).await;
    assert!(world.deliveries.set_down(hook, true).await.unwrap().down);
    world.tell("a", "1").await;
    world.tried(&[1]).await;
    assert!(world.list().await[0].error.as_deref().unwrap().contains("unreachable"));
    assert!(target.requests().is_empty());
    world.deliveries.set_down(hook, false).await.unwrap();
    world.pass(12).await;
    target.gets(&["1"]).await;
    world.reaches(&[State::Delivered]).await;
}

#[tokio::test]
async fn a_hanging_target_holds_up_no_other() {
    let world = World::new();
    let hanging = Target::start(|_, _| async {
        tokio::time::sleep(Duration::from_mins(1)).await;
        answer(200)
    })
    .await;
    let fine = Target::fine().await;
    world.hook(&hanging).await;
    world.hook(&fine).await;
    for chat in 0..20 {
        world.tell(&format!("chat {chat}"), &chat.to_string()).await;
    }
    eventually("the other target", || async { fine.requests().len() == 20 }).await;
    assert!(hanging.requests().len() <= 8, "one target has so many connections at most");
}

#[tokio::test]
async fn what_was_under_way_in_a_crash_is_sent_again() {
    let mut world = World::new();
    let target = Target::start(|_, before| async move {
        if before == 0 {
            tokio::time::sleep(Duration::from_mins(1)).await;
        }
        answer(200)
    })
    .await;
    world.hook(&target).await;
    world.tell("a", "1").await;
    world.tell("a", "2").await;
    eventually("the first attempt", || async { !target.requests().is_empty() }).await;
    world.crash();
    world.start();
    target.gets(&["1", "1", "2"]).await;
    world.reaches(&[State::Delivered; 2]).await;
    let requests = target.requests();
    assert_eq!(requests[0].body, requests[1].body);
    assert_eq!(requests[0].header("x-webhook-attempt"), requests[1].header("x-webhook-attempt"));
}

#[tokio::test]
async fn a_disabled_webhook_holds_what_waits_and_a_deleted_one_loses_it() {
    let world = World::new();
    let target = Target::start(|_, before| async move { answer(if before == 0 { 500 } else { 200 }) }).await;
    let hook = world.hook(&target).await;
    world.tell("a", "1").await;
    eventually("the failed attempt", || async { target.requests().len() == 1 }).await;
    let set_enabled = async |enabled: bool| {
        let change = move |change: &crate::network::Change<'_>| {
            let registration = webhook::get(change, hook)?.registration;
            webhook::update(change, hook, &Registration { enabled, ..registration })
        };
        world.network.change(change).await.unwrap();
        world.deliveries.wake();
    };
    world.tried(&[1]).await;
    set_enabled(false).await;
    world.pass(60).await;
    world.tell("b", "not told").await;
    let other = Target::fine().await;
    let second = world.hook(&other).await;
    world.tell("c", "2").await;
    other.gets(&["2"]).await;
    assert_eq!(target.requests().len(), 1);
    set_enabled(true).await;
    target.gets(&["1", "1"]).await;
    world.reaches(&[State::Delivered; 2]).await;
    world.network.change(move |change| webhook::delete(change, second)).await.unwrap();
    world.reaches(&[State::Delivered]).await;
    let left = world
        .network
        .read(|view| {
            use crate::store::Sql as _;
            Ok(view.first("SELECT count(*) FROM notice", (), |row| row.get::<_, i64>(0))?)
        })
        .await;
    assert_eq!(left.unwrap(), Some(1), "a notice goes with its last delivery");
}

#[tokio::test]
async fn headers_and_signatures_fit_the_body() {
    let world = World::new();
    let target = Target::fine().await;
    world
        .hook_with(&target, |it| {
            it.hmac_key = Some("a key".to_owned());
            it.headers = serde_json::from_value(json!([{ "name": "X-Team", "value": "sales" }])).unwrap();
        })
        .await;
    world.tell("a", "olá").await;
    target.gets(&["olá"]).await;
    world.reaches(&[State::Delivered]).await;
    let request = &target.requests()[0];
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!((request.header("x-team"), request.header("x-sandbox")), ("sales", "simulated"));
    assert_eq!(
        (request.header("x-webhook-event"), &request.body["event"]),
        ("message.received", &json!("message.received"))
    );
    assert!(request.header("x-webhook-event-id").starts_with("evt_"));
    let sent = world.list().await.remove(0).body;
    assert_eq!(serde_json::from_slice::<Value>(&sent).unwrap(), request.body);
    assert_eq!(request.header("x-webhook-signature"), format!("sha256={}", hmac(&sent)));
    let seconds = BEGIN / 1_000;
    let timed = [format!("{seconds}.").as_bytes(), &sent].concat();
    assert_eq!(request.header("x-webhook-signature-v2"), format!("t={seconds},v2={}", hmac(&timed)));
}

/// RFC 2104 by hand, so that the test stands apart from the library.
fn hmac(message: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    let mut key = [0_u8; 64];
    key[..5].copy_from_slice(b"a key");
    let pad = |with: u8| key.map(|byte| byte ^ with);
    let inner = Sha256::digest([&pad(0x36)[..], message].concat());
    let outer = Sha256::digest([&pad(0x5c)[..], &inner].concat());
    let digits = outer.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from_digit(u32::from(digit), 16).unwrap()).collect()
}
