use std::time::Duration;

use tokio::io::AsyncWriteExt;
use toolwright_client::{
    ApiClient, CallContext, CancellationToken, Credential, Failure, GenericOperation, GenericRequest,
    Upstream, execute,
};

use crate::{failure, get_rex, pets::Client, wire};

/// A context that takes answers of at most 1000 bytes.
fn small(base_url: &str) -> CallContext {
    let upstream = Upstream::builder(base_url).max_response_bytes(1000).build().unwrap();
    CallContext::new(upstream, Credential::None)
}

#[tokio::test]
async fn an_announced_size_over_the_limit_is_not_read() {
    let url = wire::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 60000000\r\n\r\nstart").await;
    let context = small(&url);
    execute(&context, get_rex()).await;
    let failure = failure(&context);
    assert_eq!(failure, Failure::TooLarge { limit: 1000, announced: Some(60_000_000) });
    assert_eq!(failure.to_string(), "the answer is larger than the limit of 1000 bytes: it has 60000000");
}

#[tokio::test]
async fn an_endless_stream_is_cut_off_at_the_limit() {
    let (tell, cut) = tokio::sync::mpsc::unbounded_channel();
    let url = wire::serve(move |mut connection| {
        let tell = tell.clone();
        async move {
            connection.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await.unwrap();
            let chunk = [b"400\r\n".as_slice(), &[b'x'; 1024], b"\r\n"].concat();
            while connection.write_all(&chunk).await.is_ok() {}
            tell.send(()).unwrap();
        }
    })
    .await;
    let context = small(&url);
    execute(&context, get_rex()).await;
    assert_eq!(failure(&context), Failure::TooLarge { limit: 1000, announced: None });
    let mut cut = cut;
    cut.recv().await.expect("the server could not go on writing");
}

#[tokio::test]
async fn an_answer_of_exactly_the_limit_is_read() {
    let body = "x".repeat(1000);
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{body}").leak();
    let context = small(&wire::answering(answer.as_bytes()).await);
    execute(&context, get_rex()).await;
    assert_eq!(context.outcome().unwrap().unwrap().body, body);
}

#[tokio::test]
async fn a_head_request_is_not_judged_by_the_size_it_tells() {
    let context = small(&wire::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 60000000\r\n\r\n").await);
    execute(&context, GenericRequest::new(GenericOperation::new("head", "HEAD", "/x"))).await;
    let captured = context.outcome().unwrap().unwrap();
    assert_eq!((captured.status.as_u16(), captured.body.len()), (200, 0));
}

#[tokio::test]
async fn cancelling_closes_the_connection_to_the_api() {
    let server = wire::silent().await;
    let token = CancellationToken::new();
    let context = crate::context(&server.base_url).with_cancellation(token.clone());
    let client = Client::for_call(context.clone());
    let call = tokio::spawn(async move { client.get_pet("ann", "rex", None).await.unwrap_err().to_string() });
    server.asked.await.unwrap();
    token.cancel();
    assert_eq!(call.await.unwrap(), "Error: the call was cancelled");
    server.closed.await.expect("the server saw the connection end");
    assert_eq!(failure(&context), Failure::Cancelled);
}

#[tokio::test]
async fn dropping_a_call_closes_the_connection_to_the_api() {
    let server = wire::silent().await;
    let context = crate::context(&server.base_url);
    let call = tokio::spawn(async move { execute(&context, get_rex()).await });
    server.asked.await.unwrap();
    call.abort();
    server.closed.await.expect("the server saw the connection end");
}

#[tokio::test]
async fn the_deadline_closes_the_connection_to_the_api() {
    let server = wire::silent().await;
    let timeout = Duration::from_millis(300);
    let upstream = Upstream::builder(&server.base_url).timeout(timeout).build().unwrap();
    let context = CallContext::new(upstream, Credential::None);
    execute(&context, get_rex()).await;
    assert_eq!(failure(&context), Failure::Timeout { after: timeout });
    server.closed.await.expect("the server saw the connection end");
}

#[tokio::test]
async fn a_cancelled_token_sends_nothing() {
    let recorder = crate::recorder::Recorder::new(&[]);
    let token = CancellationToken::new();
    token.cancel();
    let context = recorder.context("https://api.example.com", Credential::None).with_cancellation(token);
    execute(&context, get_rex()).await;
    assert_eq!(failure(&context), Failure::Cancelled);
    assert!(recorder.requests().is_empty());
}
