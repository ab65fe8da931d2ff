//! Tokens of the API in exchange for those of callers.

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use serde_json::{Value, json};
use toolwright::Granted;
use toolwright_http::access::{Access, TokenExchange, UpstreamCredential};
use url::form_urlencoded;
use wiremock::matchers::{method, path};
use wiremock::{Mock, Request, ResponseTemplate};

use super::authority::{Authority, time_passes};
use super::jwt::Signer;
use super::{bearer, challenge, upstream_sees};

struct Setup {
    signer: Signer,
    authority: Authority,
    access: Access,
}

impl Setup {
    async fn answering(answer: ResponseTemplate) -> Self {
        Self::with(answer, |exchange| {
            exchange.with_client("mcp server", SecretString::from("client:secret")).with_audience("the-api")
        })
        .await
    }

    async fn with(answer: ResponseTemplate, change: impl Fn(TokenExchange) -> TokenExchange) -> Self {
        let signer = Signer::es256("a");
        let authority = Authority::publishing(&[&signer]).await;
        Mock::given(method("POST")).and(path("/token")).respond_with(answer).mount(&authority.server).await;
        let exchange = change(TokenExchange::new(&format!("{}/token", authority.issuer())));
        let upstream = UpstreamCredential::Exchanged(exchange);
        let access = Access::oauth(authority.config(), upstream, Granted::all()).unwrap();
        Self { signer, authority, access }
    }

    fn token(&self, subject: &str) -> String {
        self.signer.sign(&self.authority.claims_with("sub", json!(subject)))
    }

    async fn requests(&self) -> Vec<Request> {
        let requests = self.authority.server.received_requests().await.unwrap();
        requests.into_iter().filter(|request| request.url.path() == "/token").collect()
    }
}

fn success(expires_in: u64) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "access_token": "token-of-the-api",
        "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "token_type": "Bearer",
        "expires_in": expires_in,
    }))
}

#[tokio::test]
async fn the_api_is_shown_a_token_that_was_exchanged_for_the_callers() {
    let setup = Setup::answering(success(300)).await;
    let token = setup.token("alice");
    let caller = setup.access.caller(&bearer(&token)).await.unwrap();
    assert_eq!(upstream_sees(&caller.credential).await, "Bearer token-of-the-api");
    let requests = setup.requests().await;
    let form: HashMap<_, _> = form_urlencoded::parse(&requests[0].body).into_owned().collect();
    let expected = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("subject_token", &token),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ("audience", "the-api"),
    ];
    assert_eq!(form, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    let basic = format!("Basic {}", STANDARD.encode("mcp+server:client%3Asecret"));
    assert_eq!(requests[0].headers["authorization"].to_str().unwrap(), basic);
}

#[tokio::test]
async fn a_client_without_a_secret_says_who_it_is() {
    let setup =
        Setup::with(success(300), |exchange| exchange.with_client("mcp", None).with_scopes("a b")).await;
    setup.access.caller(&bearer(&setup.token("alice"))).await.unwrap();
    let requests = setup.requests().await;
    let form: HashMap<_, _> = form_urlencoded::parse(&requests[0].body).into_owned().collect();
    assert_eq!((form["client_id"].as_str(), form["scope"].as_str()), ("mcp", "a b"));
    assert!(!requests[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn an_exchanged_token_is_used_until_shortly_before_it_expires() {
    let setup = Setup::answering(success(300)).await;
    let (alice, bob) = (bearer(&setup.token("alice")), bearer(&setup.token("bob")));
    let all = futures_util::future::join_all((0..10).map(|_| setup.access.caller(&alice))).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(setup.requests().await.len(), 1, "callers who come at once share one exchange");
    setup.access.caller(&bob).await.unwrap();
    assert_eq!(setup.requests().await.len(), 2, "each token has its own");
    time_passes(Duration::from_secs(265)).await;
    setup.access.caller(&alice).await.unwrap();
    assert_eq!(setup.requests().await.len(), 2);
    time_passes(Duration::from_secs(10)).await;
    setup.access.caller(&alice).await.unwrap();
    assert_eq!(setup.requests().await.len(), 3);
}

#[tokio::test]
async fn a_token_that_is_not_exchanged_is_no_valid_token() {
    for error in ["invalid_grant", "invalid_request"] {
        let answer = json!({ "error": error, "error_description": "alice is not allowed" });
        let setup = Setup::answering(ResponseTemplate::new(400).set_body_json(answer)).await;
        let headers = bearer(&setup.token("alice"));
        let refusal = setup.access.caller(&headers).await.unwrap_err();
        assert_eq!((refusal.status.as_u16(), refusal.kind), (401, "unauthenticated"));
        assert!(challenge(&refusal).contains("error=\"invalid_token\""));
        setup.access.caller(&headers).await.unwrap_err();
        assert_eq!(setup.requests().await.len(), 1, "not asked again at once");
    }
}

#[tokio::test]
async fn a_server_that_may_not_exchange_blames_itself_and_not_the_caller() {
    let token = |name: &str, value: Value| {
        let mut body = json!({ "access_token": "token-of-the-api", "token_type": "Bearer" });
        body[name] = value;
        ResponseTemplate::new(200).set_body_json(body)
    };
    for (answer, expected) in [
        (
            ResponseTemplate::new(401).set_body_json(json!({ "error": "invalid_client" })),
            "gives this server no",
        ),
        (
            ResponseTemplate::new(400).set_body_json(json!({ "error": "invalid_target" })),
            "gives this server no",
        ),
        (ResponseTemplate::new(500), "cannot be asked"),
        (ResponseTemplate::new(302).insert_header("location", "/elsewhere"), "cannot be asked"),
        (ResponseTemplate::new(200).set_body_string("<html>"), "cannot be asked"),
        (token("token_type", json!("N_A")), "cannot be asked"),
        (token("access_token", json!("two\nlines")), "cannot be asked"),
    ] {
        let setup = Setup::answering(answer).await;
        let refusal = setup.access.caller(&bearer(&setup.token("alice"))).await.unwrap_err();
        assert_eq!((refusal.status.as_u16(), refusal.kind), (503, "upstream_unavailable"));
        assert!(refusal.message.contains(expected), "{}", refusal.message);
        assert_eq!(setup.requests().await.len(), 1, "an exchange is not repeated");
    }
}

#[tokio::test]
async fn a_token_that_is_not_valid_is_not_exchanged() {
    let setup = Setup::answering(success(300)).await;
    let token = setup.signer.sign(&setup.authority.claims_with("aud", json!("other")));
    assert_eq!(setup.access.caller(&bearer(&token)).await.unwrap_err().status, 401);
    assert!(setup.requests().await.is_empty());
}

#[test]
fn an_exchange_goes_over_no_network_in_plain_text() {
    let config =
        toolwright_http::access::OAuthConfig::new("https://login.example.com", super::authority::RESOURCE);
    let upstream = UpstreamCredential::Exchanged(TokenExchange::new("http://login.example.com/token"));
    let error = Access::oauth(config, upstream, Granted::all()).unwrap_err();
    assert!(error.to_string().contains("neither `https` nor on this machine"), "{error}");
}
