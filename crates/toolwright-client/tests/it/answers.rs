use futures_util::TryStreamExt;
use progenitor_client::Error;
use tokio::{io::AsyncWriteExt, net::TcpListener};
use toolwright_client::{ApiClient, CallContext, Captured, Credential, Failure, Upstream, execute};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

use crate::{
    context, failure, get_rex,
    pets::{Client, Pet},
    wire,
};

async fn failure_of(answer: &'static [u8]) -> Failure {
    let context = context(&wire::answering(answer).await);
    execute(&context, get_rex()).await;
    failure(&context)
}

#[tokio::test]
async fn every_answer_is_captured_whatever_its_status_and_type() {
    let table = [
        (200, "application/json", r#"{"name":"Rex","new_field":1}"#),
        (200, "text/html", "<html>login</html>"),
        (204, "text/plain", ""),
        (302, "text/plain", "elsewhere"),
        (404, "application/json", r#"{"error":"no such pet"}"#),
        (500, "text/html", "<html>oops</html>"),
    ];
    for (status, media_type, body) in table {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(status)
            .set_body_raw(body, media_type)
            .insert_header("location", "/elsewhere")
            .insert_header("set-cookie", "session=1");
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let context = context(&server.uri());
        let typed = Client::for_call(context.clone()).get_pet("ann", "rex", None).await;
        assert_eq!(typed.is_ok(), body.starts_with(r#"{"name""#), "{status} {media_type}");
        let Captured { status: captured, headers, body: bytes, attempts } =
            context.outcome().unwrap().unwrap();
        assert_eq!((captured.as_u16(), &bytes[..], attempts), (status, body.as_bytes(), 1));
        assert_eq!(headers["location"], "/elsewhere");
        execute(&context, get_rex()).await;
        let requests = server.received_requests().await.unwrap();
        assert_eq!(requests.len(), 2, "a redirect was followed");
        assert!(requests.iter().all(|request| !request.headers.contains_key("cookie")));
    }
}

#[tokio::test]
async fn typed_calls_see_the_answer_as_it_came() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(200).set_body_raw("png", "image/png"))
        .mount(&server)
        .await;
    let client = Client::for_call(context(&server.uri()));
    let photo = client.get_photo("rex", None).await.unwrap();
    assert_eq!(photo.headers()["content-type"], "image/png");
    let bytes: Vec<_> = photo.into_inner_stream().try_collect().await.unwrap();
    assert_eq!(bytes.concat(), b"png");

    let error = client.add_pet("ann", &Pet { name: "Rex".to_owned() }).await.unwrap_err();
    let Error::UnexpectedResponse(response) = error else { panic!("{error:?}") };
    assert_eq!(response.status(), 200);
    assert_eq!(response.url().as_str(), format!("{}/owners/ann/pets", server.uri()));
}

#[tokio::test]
async fn an_answer_in_any_number_of_pieces_is_captured_whole() {
    for pieces in [&[][..], &["<0->"], &["<0->", "<1->"], &["<0->", "<1->", "<2->", "<3->"]] {
        let chunks: Vec<String> = pieces.iter().map(|piece| format!("4\r\n{piece}\r\n")).collect();
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        let answer = format!("{head}{}0\r\n\r\n", chunks.concat()).leak();
        let context = context(&wire::answering(answer.as_bytes()).await);
        execute(&context, get_rex()).await;
        assert_eq!(context.outcome().unwrap().unwrap().body, pieces.concat());
    }
}

#[tokio::test]
async fn a_truncated_answer_is_a_transport_failure() {
    for answer in [
        &b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"name\":"[..],
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10\r\n{\"name\":",
        b"HTTP/1.1 200 OK\r\ncontent-",
        b"",
    ] {
        let failure = failure_of(answer).await;
        let Failure::Transport(text) = &failure else { panic!("{failure:?}") };
        assert!(text.starts_with("the connection to 127.0.0.1:"), "{text}");
    }
}

#[tokio::test]
async fn what_is_not_http_is_a_transport_failure() {
    let failure = failure_of(b"SSH-2.0-OpenSSH_9.6\r\n\r\n").await;
    assert!(matches!(failure, Failure::Transport(_)), "{failure:?}");
}

#[tokio::test]
async fn a_reset_connection_is_a_transport_failure() {
    let url = wire::serve(|connection| async move { connection.set_zero_linger().unwrap() }).await;
    let context = context(&url);
    execute(&context, get_rex()).await;
    let failure = failure(&context);
    assert!(matches!(failure, Failure::Transport(_)), "{failure:?}");
}

/// A base URL with a port that nobody listens on.
async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn a_refused_connection_names_host_and_port_only() {
    let url = nobody().await;
    let place = url.strip_prefix("http://").unwrap();
    let context = context(&format!("{url}/prefix"));
    let typed = Client::for_call(context.clone()).get_pet("ann", "rex", Some(true)).await;
    let Failure::Connect(text) = failure(&context) else { panic!("not a connect failure") };
    assert!(text.starts_with(&format!("no connection to {place}: ")), "{text}");
    assert!(!text.contains("prefix") && !text.contains("verbose") && !text.contains("rex"), "{text}");
    assert!(matches!(typed, Err(Error::Custom(error)) if error == text));
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_a_connect_failure() {
    let upstream = Upstream::builder("http://no-such-host.invalid").max_retries(0).build().unwrap();
    let context = CallContext::new(upstream, Credential::None);
    execute(&context, get_rex()).await;
    let failure = failure(&context);
    assert!(
        matches!(&failure, Failure::Connect(text) if text.starts_with("no connection to no-such-host.invalid:80: ")),
        "{failure:?}"
    );
}

#[tokio::test]
async fn a_server_without_tls_is_a_connect_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let context = context(&format!("https://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            connection.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        }
    });
    execute(&context, get_rex()).await;
    let failure = failure(&context);
    assert!(matches!(&failure, Failure::Connect(text) if text.contains("127.0.0.1:")), "{failure:?}");
}

#[tokio::test]
async fn an_outcome_is_taken_once() {
    let context = context(&nobody().await);
    assert!(context.outcome().is_none());
    context.reject(Failure::Cancelled);
    assert_eq!(context.clone().outcome(), Some(Err(Failure::Cancelled)));
    assert!(context.outcome().is_none());
}
