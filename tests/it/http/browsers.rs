//! Pages in browsers: who may call, who may read what, and that a check beforehand needs no credential.

use http::{HeaderName, Method, StatusCode};
use serde_json::json;
use toolwright::Granted;
use toolwright::client::Upstream;
use toolwright_http::HttpConfig;
use toolwright_http::access::Access;

use super::{Answer, Served};
use crate::world::Era;

const OURS: &str = "https://app.example.com";
const FOREIGN: &str = "https://evil.example";
const KEY_HEADER: &str = "x-titan-key";

/// A server whose callers send a key in a header of its own, for pages of one origin.
async fn served(cors: bool) -> Served {
    let upstream = Upstream::builder("http://127.0.0.1:9").build().unwrap();
    let access = Access::header(HeaderName::from_static(KEY_HEADER), Granted::all());
    let mut config = HttpConfig::new(upstream, access);
    config.cors = cors;
    config.allowed_origins = vec![OURS.to_owned()];
    Served::start(config).await
}

/// What a browser asks before it sends a call with these headers for a page of this origin.
async fn preflight(served: &Served, origin: &str, headers: &str) -> Answer {
    let asked = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", headers),
        ("content-type", ""),
        ("accept", ""),
    ];
    served.send(Method::OPTIONS, "", &asked).await
}

fn listed(answer: &Answer, name: &str) -> Vec<String> {
    let words = answer.header(name).unwrap_or_default().split(',');
    words.map(|word| word.trim().to_ascii_lowercase()).collect()
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_send_what_a_client_sends() {
    let served = served(true).await;
    let sent =
        "authorization,content-type,mcp-method,mcp-name,mcp-protocol-version,mcp-session-id,x-titan-key";
    let answer = preflight(&served, OURS, sent).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.header("access-control-allow-origin"), Some(OURS));
    assert!(listed(&answer, "access-control-allow-methods").contains(&"post".to_owned()), "{answer:?}");
    let allowed = listed(&answer, "access-control-allow-headers");
    for header in sent.split(',') {
        assert!(allowed.contains(&header.to_owned()), "no {header}: {answer:?}");
    }
    assert!(answer.header("vary").is_some_and(|vary| vary.to_ascii_lowercase().contains("origin")));
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_read_what_the_protocol_says_in_headers() {
    let served = served(true).await;
    // A refusal too: a page has to see why.
    for headers in [&[("origin", OURS)][..], &[("origin", OURS), (KEY_HEADER, "k")]] {
        let answer = served.call(Era::Stateless, "sessions_list", json!({}), headers).await;
        assert_eq!(answer.header("access-control-allow-origin"), Some(OURS), "{answer:?}");
        let exposed = listed(&answer, "access-control-expose-headers");
        for header in ["mcp-session-id", "www-authenticate", "retry-after", "x-ratelimit-remaining"] {
            assert!(exposed.contains(&header.to_owned()), "no {header}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn a_page_of_another_origin_may_neither_call_nor_read() {
    let served = served(true).await;
    for origin in [FOREIGN, "https://app.example.com.evil.example", "http://app.example.com", "null"] {
        let answer = preflight(&served, origin, "content-type").await;
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}: {answer:?}");
        let headers = [("origin", origin), (KEY_HEADER, "k")];
        let answer = served.call(Era::Stateless, "sessions_list", json!({}), &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin}: {answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), None, "{origin}: {answer:?}");
    }
}

#[tokio::test]
async fn browsers_are_told_nothing_unless_that_is_asked_for() {
    let served = served(false).await;
    let answer = preflight(&served, OURS, "content-type").await;
    assert!(!answer.status.is_success(), "{answer:?}");
    assert_eq!(answer.header("access-control-allow-origin"), None, "{answer:?}");
}
