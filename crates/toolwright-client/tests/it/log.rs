use std::{
    io,
    sync::{Arc, Mutex},
};

use serde_json::json;
use toolwright_client::{
    Credential, Failure, GenericOperation, GenericRequest, QueryStyle, RequestBody, execute,
};
use tracing_subscriber::filter::LevelFilter;

use crate::recorder::{
    Answer::{self, Fails, Status},
    Recorder,
};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is logged about one call that carries a secret wherever it can.
async fn logged(script: &[Answer]) -> String {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .without_time()
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let recorder = Recorder::new(script);
    let context = recorder.context("https://api.example.com", Credential::bearer("hunter2").unwrap());
    let call = GenericRequest::new(GenericOperation::new("get_pet", "GET", "/pets/{pet}"))
        .path("pet", "hunter2")
        .query("q", json!("hunter2"), QueryStyle::Repeated)
        .header("x-one", "hunter2")
        .body(RequestBody::Json(json!("hunter2")));
    execute(&context, call).await;
    drop(guard);
    let bytes = log.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[tokio::test(start_paused = true)]
async fn each_call_is_one_event_without_its_arguments() {
    let text = logged(&[Status(503), Status(200)]).await;
    assert_eq!(text.lines().count(), 1, "{text}");
    let start = r#"DEBUG toolwright_client::exec: answered operation="get_pet" method="GET" template="/pets/{pet}" status=200 elapsed="#;
    assert!(text.trim_start().starts_with(start), "{text}");
    assert!(text.trim_end().ends_with("attempts=2"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_logged_with_its_text() {
    let refused = Fails(Failure::Connect("no connection to api.example.com:443: refused".to_owned()));
    let text = logged(&[refused.clone(), refused.clone(), refused]).await;
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains("failure=no connection to api.example.com:443: refused"), "{text}");
    assert!(text.trim_end().ends_with("attempts=3"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}
