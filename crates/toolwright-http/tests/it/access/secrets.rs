//! No credential is ever shown: not by `Debug`, not in a refusal, not in the log.

use std::io;
use std::sync::{Arc, Mutex};

use http::{HeaderMap, HeaderName};
use secrecy::SecretString;
use serde_json::json;
use toolwright::Granted;
use toolwright::client::Credential;
use toolwright_http::access::{Access, CallerToken, OAuthConfig, TokenExchange, UpstreamCredential};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use super::authority::{Authority, RESOURCE};
use super::jwt::{Signer, now};
use super::{bearer, headers};

const OWN: HeaderName = HeaderName::from_static("x-upstream-authorization");

/// In every secret of this test, encoded where it stands in a token or behind `Basic`.
const SECRETS: [&str; 4] = ["HUNTER2", "aHVudGVy", "SFVOVEVS", "VU5URVIy"];

/// Everything that was written, at every level.
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

/// All that a caller, an operator or a developer can see of one request.
async fn seen(access: &Access, headers: &HeaderMap) -> String {
    match access.caller(headers).await {
        Ok(caller) => format!("{access:?} {caller:?}"),
        Err(refusal) => {
            let debug = format!("{access:?} {refusal:?}");
            let response = refusal.into_response(None);
            let (parts, body) = response.into_parts();
            let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
            format!("{debug} {parts:?} {}", String::from_utf8_lossy(&body))
        }
    }
}

#[tokio::test]
async fn nothing_that_can_be_seen_has_a_secret_in_it() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    tracing::info!("the log is written");

    let signer = Signer::es256("HUNTER2-kid");
    let authority = Authority::publishing(&[&signer]).await;
    let mut shown = Vec::new();
    for access in modes(&authority) {
        for headers in requests(&authority, &signer) {
            shown.push(seen(&access, &headers).await);
        }
        shown.push(format!("{:?}", access.insufficient_scope(&["a:b".to_owned()], &["a:b"])));
    }
    for (status, error) in [(400, "invalid_grant"), (401, "invalid_client"), (400, "HUNTER2"), (500, "")] {
        let answer = json!({ "error": error, "error_description": "HUNTER2", "access_token": "HUNTER2" });
        let exchange = mount(&authority, ResponseTemplate::new(status).set_body_json(answer)).await;
        for headers in requests(&authority, &signer) {
            shown.push(seen(&exchange, &headers).await);
        }
    }
    authority.stop();
    shown.push(seen(&modes(&authority)[5], &bearer(&signer.sign(&authority.claims()))).await);
    drop(guard);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("the log is written") && log.contains("a token cannot be exchanged"), "{log}");
    shown.push(log);
    let statuses =
        |status: &str| shown.iter().filter(|text| text.contains(&format!("status: {status}"))).count();
    assert!(statuses("400") > 5 && statuses("401") > 20 && statuses("503") > 2);
    assert!(shown.iter().any(|text| text.contains("Caller {")));
    for text in &shown {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} in: {text}");
        }
    }
}

/// Each mode with each kind of secret in its configuration.
fn modes(authority: &Authority) -> Vec<Access> {
    let credential = || Credential::bearer("HUNTER2-server-key").unwrap();
    let own = Credential::header("x-api-key", "HUNTER2-own-key").unwrap();
    let tokens = || {
        let token = CallerToken::new("alice", "HUNTER2-caller-token", Granted::all()).unwrap();
        vec![token.with_credential(own.clone())]
    };
    let oauth = |upstream| Access::oauth(authority.config(), upstream, Granted::all()).unwrap();
    vec![
        Access::fixed(credential(), Granted::all()),
        Access::fixed(credential(), Granted::all()).with_callers(tokens()).unwrap(),
        Access::forward(Granted::all()),
        Access::header(OWN, Granted::all()),
        Access::header(OWN, Granted::all()).with_callers(tokens()).unwrap(),
        oauth(UpstreamCredential::Fixed(credential())),
        oauth(UpstreamCredential::Header(OWN)),
    ]
}

/// Requests with good and bad credentials of every kind.
fn requests(authority: &Authority, signer: &Signer) -> Vec<HeaderMap> {
    // Encoded, `hunter` and `HUNTER2` stand for themselves in the tokens.
    let mut claims = authority.claims_with("sub", json!("HUNTER2"));
    claims["email"] = json!("hunter2@example.com");
    let good = signer.sign(&claims);
    claims["exp"] = json!(now() - 3_600);
    let expired = signer.sign(&claims);
    claims["scope"] = json!({ "HUNTER2": "HUNTER2" });
    let odd = signer.sign_with(&json!({ "alg": "ES256", "kid": "HUNTER2", "typ": "HUNTER2" }), &claims);
    let unknown = Signer::es256("HUNTER2-unknown").sign(&claims);
    let long = format!("HUNTER2{}", "x".repeat(9_000));
    let texts = [
        &good,
        &expired,
        &odd,
        &unknown,
        &long,
        "HUNTER2",
        "HUNTER2-caller-token",
        "HUNTER2.HUNTER2.HUNTER2",
        "HUNTER2 HUNTER2",
        "",
    ];
    let authorization = texts.iter().map(|text| bearer(text));
    let own = texts.iter().map(|text| headers(&[(OWN.as_str(), text)]));
    let good = format!("Bearer {good}");
    let both = texts.iter().map(|text| headers(&[("authorization", &good), (OWN.as_str(), text)]));
    let basic = headers(&[("authorization", "Basic SFVOVEVSMg==")]);
    let twice = headers(&[("authorization", "Bearer HUNTER2"), ("authorization", "Bearer HUNTER2")]);
    authorization.chain(own).chain(both).chain([basic, twice, HeaderMap::new()]).collect()
}

/// OAuth with an exchange that is answered like this.
async fn mount(authority: &Authority, answer: ResponseTemplate) -> Access {
    let at = format!("/token/{}", uuid::Uuid::new_v4());
    Mock::given(method("POST")).and(path(&at)).respond_with(answer).mount(&authority.server).await;
    let exchange = TokenExchange::new(&format!("{}{at}", authority.issuer()))
        .with_client("mcp", SecretString::from("HUNTER2-client-secret"));
    let shown = format!("{exchange:?} {:?}", OAuthConfig::new(&authority.issuer(), RESOURCE));
    assert!(!shown.contains("HUNTER2"), "{shown}");
    Access::oauth(authority.config(), UpstreamCredential::Exchanged(exchange), Granted::all()).unwrap()
}
