//! Against servers on loopback, of which the policy of each test lets some be reached: 127.0.0.1 plays the public
//! internet, and 127.0.0.2 a private address.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use bytes::Bytes;
use http::StatusCode;
use tokio::net::TcpListener;

use super::policy::Policy;
use super::{Egress, EgressError};
use toolwright_client::is_public_address;

const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const PRIVATE: &str = "127.0.0.2";

/// Reaches only what plays the public internet here.
fn guarded() -> Egress {
    Egress::with(Policy { is_local: true, may_reach: |address| address == PUBLIC })
}

/// A server and how many requests it got.
struct Server {
    url: String,
    requests: Arc<AtomicUsize>,
}

impl Server {
    async fn start(ip: &str, router: Router) -> Self {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        let router = router.layer(axum::middleware::map_request(move |request: axum::extract::Request| {
            counter.fetch_add(1, Ordering::SeqCst);
            async { request }
        }));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, requests }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

fn file() -> Router {
    Router::new().fallback(async || ([("content-type", "text/plain; charset=utf-8")], "the file"))
}

/// `/n` redirects to `/n-1`, and `/0` is the file.
async fn countdown(Path(left): Path<u32>) -> Response {
    match left.checked_sub(1) {
        Some(left) => Redirect::temporary(&format!("/{left}")).into_response(),
        None => "the file".into_response(),
    }
}

#[test]
fn only_addresses_of_the_public_internet_are_public() {
    for address in [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::1",
        "2002:7f00:1::",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        assert!(!is_public_address(address.parse().unwrap()), "{address}");
    }
    for address in ["1.1.1.1", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"]
    {
        assert!(is_public_address(address.parse().unwrap()), "{address}");
    }
}

#[test]
fn a_private_address_is_told_by_its_text_in_any_spelling() {
    let egress = Egress::new(false);
    for url in [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://0/",
        "https://[::]/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::10.0.0.1]/",
        "https://[2002:7f00:1::]/",
        "https://169.254.169.254/latest/meta-data",
        "https://%31%32%37.0.0.1/",
        "https://127。0。0。1/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://a.localhost/",
        "https://printer/",
        "https://db.internal/",
        "https://nas.local:8443/",
        "https://router.lan/",
        "https://x.home.arpa/",
    ] {
        assert!(matches!(egress.check(url), Err(EgressError::Private { .. })), "{url}");
        assert!(Egress::new(true).check(url).is_ok(), "{url}");
    }
    assert_eq!(egress.check("http://hooks.example.com/").unwrap_err(), EgressError::Plain);
    for url in [
        "",
        "hooks.example.com",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https://user@hooks.example.com/",
        "https://:secret@hooks.example.com/",
        "https://999.999.999.999/",
        "https://[fe80::1%25eth0]/",
    ] {
        assert!(matches!(egress.check(url), Err(EgressError::Url(_))), "{url}");
    }
    let long = format!("https://hooks.example.com/{}", "a".repeat(2_048));
    assert!(matches!(egress.check(&long), Err(EgressError::Url(_))));
    assert!(egress.check("https://hooks.example.com/a?b=c").is_ok());
}

#[tokio::test]
async fn a_name_that_leads_to_a_private_address_is_not_called() {
    let server = Server::start("127.0.0.1", file()).await;
    let named = server.url.replace("127.0.0.1", "localhost");
    let nowhere = Egress::with(Policy { is_local: true, may_reach: |address| address != PUBLIC });
    let refused = nowhere.fetch(&named, 100).await.unwrap_err();
    assert!(
        matches!(&refused, EgressError::Private { place } if place.starts_with("localhost:")),
        "{refused}"
    );
    let refused = nowhere.post(&named, HeaderMap::new(), Bytes::new(), Duration::from_secs(5)).await;
    assert!(matches!(refused, Err(EgressError::Private { .. })));
    assert_eq!(server.requests(), 0);
    let fetched = Egress::new(true).fetch(&named, 100).await.unwrap();
    assert_eq!((&*fetched.bytes, fetched.mime_type.as_deref()), (&b"the file"[..], Some("text/plain")));
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_not_followed() {
    let private = Server::start(PRIVATE, file()).await;
    let target = private.url.clone();
    let public = Server::start(
        "127.0.0.1",
        Router::new()
            .route("/direct", get(async move || Redirect::temporary(&target)))
            .route("/scheme", get(async || Redirect::temporary("file:///etc/passwd")))
            .route("/{left}", get(countdown)),
    )
    .await;
    let fetch = async |path: &str| guarded().fetch(&format!("{}/{path}", public.url), 100).await;
    assert!(matches!(fetch("direct").await, Err(EgressError::Private { .. })));
    assert!(matches!(fetch("scheme").await, Err(EgressError::Url(_))));
    assert_eq!(private.requests(), 0);
    assert_eq!(fetch("3").await.unwrap().bytes, "the file");
    assert_eq!(fetch("4").await.unwrap_err(), EgressError::TooManyRedirects { most: 3 });
}

#[tokio::test]
async fn a_webhook_is_not_redirected() {
    let server =
        Server::start("127.0.0.1", Router::new().fallback(async || Redirect::permanent("/there"))).await;
    let posted = guarded().post(&server.url, HeaderMap::new(), Bytes::new(), Duration::from_secs(5)).await;
    assert_eq!(posted.unwrap().status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn what_is_downloaded_has_limits() {
    let chunk = Bytes::from_static(&[b'a'; 1_000]);
    let endless = move || {
        let chunk = chunk.clone();
        async move {
            let chunks = std::iter::repeat(Ok::<_, std::convert::Infallible>(chunk));
            Body::from_stream(futures_util::stream::iter(chunks))
        }
    };
    let server = Server::start(
        "127.0.0.1",
        Router::new()
            .route("/large", get(async || "x".repeat(101)))
            .route("/exact", get(async || "x".repeat(100)))
            .route("/endless", get(endless))
            .route("/bomb", get(async || ([("content-encoding", "gzip")], "\u{1f}")))
            .route("/plain", get(async || ([("content-encoding", "identity")], "plain")))
            .route("/gone", get(async || StatusCode::GONE)),
    )
    .await;
    let fetch = async |path: &str| guarded().fetch(&format!("{}/{path}", server.url), 100).await;
    assert_eq!(fetch("exact").await.unwrap().bytes.len(), 100);
    assert_eq!(fetch("large").await.unwrap_err(), EgressError::TooLarge { limit: 100 });
    assert_eq!(fetch("endless").await.unwrap_err(), EgressError::TooLarge { limit: 100 });
    assert!(matches!(fetch("bomb").await, Err(EgressError::Compressed { .. })));
    assert_eq!(fetch("plain").await.unwrap().bytes, "plain");
    assert!(matches!(fetch("gone").await, Err(EgressError::Status { status: StatusCode::GONE, .. })));
}

#[tokio::test]
async fn a_target_that_does_not_answer_is_given_up() {
    let hang = Router::new().fallback(async || tokio::time::sleep(Duration::from_mins(1)).await);
    let server = Server::start("127.0.0.1", hang).await;
    let limit = Duration::from_millis(50);
    let late = guarded().post(&server.url, HeaderMap::new(), Bytes::new(), limit).await;
    assert!(matches!(late, Err(EgressError::Timeout { .. })), "{late:?}");
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let refused = guarded().fetch(&format!("http://{closed}/secret"), 100).await.unwrap_err();
    assert!(matches!(&refused, EgressError::Connect { .. }), "{refused:?}");
    assert!(!refused.to_string().contains("secret"), "{refused}");
}
