use std::time::{Duration, Instant};

use toolwright_client::{
    ApiClient, CallContext, Captured, Credential, Failure, GenericOperation, GenericRequest, Part,
    PartContent, RequestBody, Upstream, execute,
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::method};

use crate::{
    failure, get_rex,
    pets::{Client, Pet},
    recorder::{
        Answer::{self, Fails, Never, Status},
        Recorder,
    },
};

const BASE: &str = "https://api.example.com";

fn refused() -> Failure {
    Failure::Connect("no connection to api.example.com:443: refused".to_owned())
}

/// The outcome of an operation, and how often it was sent.
async fn outcome(method: &str, key: bool, script: &[Answer]) -> (Result<u16, Failure>, u32) {
    let recorder = Recorder::new(script);
    let context = recorder.context(BASE, Credential::None);
    let mut operation = GenericOperation::new("op", method, "/x");
    operation.idempotency_header = key.then(|| "Idempotency-Key".to_owned());
    let body = RequestBody::Multipart(vec![Part {
        name: "text".to_owned(),
        content: PartContent::Text("hello".to_owned()),
    }]);
    execute(&context, GenericRequest::new(operation).body(body)).await;
    let sent = u32::try_from(recorder.requests().len()).unwrap();
    let outcome = context.outcome().unwrap();
    if let Ok(Captured { attempts, .. }) = outcome {
        assert_eq!(attempts, sent);
    }
    (outcome.map(|captured| captured.status.as_u16()), sent)
}

#[tokio::test(start_paused = true)]
async fn only_what_is_safe_to_repeat_is_repeated_and_only_after_passing_trouble() {
    let reset = Failure::Transport("reset".to_owned());
    let table = [
        ("GET", false, vec![Status(503), Status(503), Status(200)], Ok(200), 3),
        ("GET", false, vec![Status(503), Status(503), Status(503), Status(200)], Ok(503), 3),
        ("GET", false, vec![Status(502), Status(504), Status(200)], Ok(200), 3),
        ("GET", false, vec![Fails(refused()), Status(200)], Ok(200), 2),
        ("GET", false, vec![Fails(refused()), Fails(refused()), Fails(refused())], Err(refused()), 3),
        ("HEAD", false, vec![Status(503), Status(200)], Ok(200), 2),
        ("GET", false, vec![Status(429), Status(200)], Ok(429), 1),
        ("GET", false, vec![Status(500), Status(200)], Ok(500), 1),
        ("GET", false, vec![Fails(reset.clone()), Status(200)], Err(reset.clone()), 1),
        ("POST", false, vec![Status(503), Status(200)], Ok(503), 1),
        ("POST", false, vec![Fails(refused()), Status(200)], Err(refused()), 1),
        ("PUT", false, vec![Status(503), Status(200)], Ok(503), 1),
        ("DELETE", false, vec![Status(503), Status(200)], Ok(503), 1),
        ("POST", true, vec![Status(503), Fails(refused()), Status(200)], Ok(200), 3),
        ("POST", true, vec![Fails(reset.clone()), Status(200)], Err(reset), 1),
    ];
    for (method, key, script, expected, sent) in table {
        assert_eq!(outcome(method, key, &script).await, (expected, sent), "{method} {script:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn retries_share_one_idempotency_key() {
    let recorder = Recorder::new(&[Status(503), Status(503)]);
    let client = Client::for_call(recorder.context(BASE, Credential::None));
    client.send_message("ann", &Pet { name: "Rex".to_owned() }).await.unwrap();
    let requests = recorder.requests();
    assert_eq!(requests.len(), 3);
    for request in &requests {
        assert_eq!(request.headers().get("idempotency-key"), requests[0].headers().get("idempotency-key"));
        assert_eq!(request.body().unwrap().as_bytes(), Some(&br#"{"name":"Rex"}"#[..]));
    }
}

#[tokio::test(start_paused = true)]
async fn a_caller_can_switch_retries_off() {
    let recorder = Recorder::new(&[Status(503)]);
    let upstream = Upstream::builder(BASE).transport(recorder.clone()).max_retries(0).build().unwrap();
    let context = toolwright_client::CallContext::new(upstream, Credential::None);
    execute(&context, get_rex()).await;
    assert_eq!(context.outcome().unwrap().unwrap().status, 503);
    assert_eq!(recorder.requests().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_last_answer_is_given_rather_than_waiting_beyond_the_deadline() {
    let recorder = Recorder::new(&[Status(503), Status(200)]);
    let upstream = Upstream::builder(BASE).transport(recorder.clone()).timeout(Duration::from_millis(50));
    let context = toolwright_client::CallContext::new(upstream.build().unwrap(), Credential::None);
    execute(&context, get_rex()).await;
    assert_eq!(context.outcome().unwrap().unwrap().status, 503);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_a_retry_under_way() {
    let recorder = Recorder::new(&[Status(503), Never]);
    let context = recorder.context(BASE, Credential::None);
    execute(&context, get_rex()).await;
    assert_eq!(failure(&context), Failure::Timeout { after: Duration::from_secs(30) });
    assert_eq!(recorder.requests().len(), 2);
}

#[tokio::test]
async fn a_deadline_that_has_passed_sends_nothing() {
    let recorder = Recorder::new(&[]);
    let passed = Instant::now().checked_sub(Duration::from_millis(10)).unwrap();
    let context = recorder.context(BASE, Credential::None).with_deadline(passed);
    execute(&context, get_rex()).await;
    assert_eq!(failure(&context), Failure::Timeout { after: Duration::ZERO });
    assert!(recorder.requests().is_empty());
}

#[tokio::test]
async fn a_real_server_is_asked_again() {
    let server = MockServer::start().await;
    Mock::given(method("GET")).respond_with(ResponseTemplate::new(503)).up_to_n_times(1).mount(&server).await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(200).set_body_string(r#"{"name":"Rex"}"#))
        .mount(&server)
        .await;
    let context = crate::context(&server.uri());
    let pet = Client::for_call(context.clone()).get_pet("ann", "rex", Some(true)).await.unwrap();
    assert_eq!(pet.name, "Rex");
    assert_eq!(context.outcome().unwrap().unwrap().attempts, 2);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_the_api_may_not_know_repeats_nothing() {
    let recorder = Recorder::new(&[Status(503), Status(200)]);
    let upstream = Upstream::builder(BASE).transport(recorder.clone()).repeat_writes(false).build().unwrap();
    let context = CallContext::new(upstream, Credential::None);
    let mut operation = GenericOperation::new("op", "POST", "/x");
    operation.idempotency_header = Some("Idempotency-Key".to_owned());
    execute(&context, GenericRequest::new(operation)).await;
    assert_eq!(context.outcome().unwrap().unwrap().status, 503);
    let requests = recorder.requests();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].headers().contains_key("idempotency-key"), "it is sent all the same");
}
