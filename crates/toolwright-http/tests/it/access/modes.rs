//! The modes, and what may be combined.

use http::HeaderName;
use toolwright::Granted;
use toolwright::client::{CallContext, Credential, GenericOperation, GenericRequest, Upstream, execute};
use toolwright_http::Fingerprint;
use toolwright_http::access::{Access, AccessError, CallerToken, OAuthConfig, UpstreamCredential};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::authority::{Authority, RESOURCE};
use super::jwt::Signer;
use super::{bearer, challenge, granted, headers, upstream_sees};

const OWN: HeaderName = HeaderName::from_static("x-upstream-authorization");
const TOKEN: &str = "caller-token-0123456789";

fn tokens() -> Vec<CallerToken> {
    vec![CallerToken::new("alice", TOKEN, Granted::all()).unwrap()]
}

fn server_key() -> Credential {
    Credential::bearer("server-key").unwrap()
}

#[tokio::test]
async fn static_serves_anyone_with_the_key_of_the_server() {
    let access = Access::fixed(server_key(), granted("messages:read"));
    assert!(!access.authenticates());
    for headers in
        [headers(&[]), bearer("whatever"), headers(&[("authorization", "a"), ("authorization", "b")])]
    {
        let caller = access.caller(&headers).await.unwrap();
        assert_eq!(caller.fingerprint, Fingerprint::anonymous());
        assert_eq!(caller.granted, granted("messages:read"));
        assert_eq!(upstream_sees(&caller.credential).await, "Bearer server-key");
    }
}

#[tokio::test]
async fn forward_sends_the_callers_key_to_the_api() {
    let access = Access::forward(granted("messages:read"));
    assert!(access.authenticates());
    let caller = access.caller(&bearer("callers-key")).await.unwrap();
    assert_eq!(upstream_sees(&caller.credential).await, "Bearer callers-key");
    assert_eq!(caller.granted, granted("messages:read"));
    assert_ne!(caller.fingerprint, access.caller(&bearer("other-key")).await.unwrap().fingerprint);
    let refusal = access.caller(&headers(&[])).await.unwrap_err();
    assert_eq!((refusal.status.as_u16(), challenge(&refusal)), (401, "Bearer realm=\"mcp\""));
}

#[tokio::test]
async fn a_forwarded_key_does_not_follow_a_redirect() {
    let (api, elsewhere) = (MockServer::start().await, MockServer::start().await);
    let redirect = ResponseTemplate::new(307).insert_header("location", elsewhere.uri());
    Mock::given(any()).respond_with(redirect).mount(&api).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&elsewhere).await;
    let caller = Access::forward(Granted::all()).caller(&bearer("callers-key")).await.unwrap();
    let context = CallContext::new(Upstream::builder(&api.uri()).build().unwrap(), caller.credential);
    execute(&context, GenericRequest::new(GenericOperation::new("read", "GET", "/"))).await;
    assert_eq!(context.outcome().unwrap().unwrap().status, 307);
    assert_eq!(api.received_requests().await.unwrap().len(), 1);
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn header_takes_the_key_with_or_without_its_scheme() {
    let access = Access::header(OWN, Granted::all());
    assert!(access.authenticates());
    for value in ["callers-key", "Bearer callers-key", "bearer  callers-key"] {
        let caller = access.caller(&headers(&[(OWN.as_str(), value)])).await.unwrap();
        assert_eq!(upstream_sees(&caller.credential).await, "Bearer callers-key");
        assert_eq!(caller.fingerprint, Fingerprint::of("key", "callers-key"));
    }
}

#[tokio::test]
async fn header_without_its_header_is_refused_with_the_headers_name() {
    let access = Access::header(OWN, Granted::all());
    let refusal = access.caller(&bearer("not-the-key-of-the-api")).await.unwrap_err();
    assert_eq!((refusal.status.as_u16(), refusal.kind), (401, "unauthenticated"));
    assert!(refusal.message.contains("`x-upstream-authorization`"), "{}", refusal.message);
    assert_eq!(challenge(&refusal), "ApiKey in=\"header\", name=\"x-upstream-authorization\"");
    for value in ["", "Bearer ", "two words"] {
        let refusal = access.caller(&headers(&[(OWN.as_str(), value)])).await.unwrap_err();
        assert_eq!(refusal.status, 400, "{value}");
    }
    let twice = headers(&[(OWN.as_str(), "a"), (OWN.as_str(), "b")]);
    assert_eq!(access.caller(&twice).await.unwrap_err().status, 400);
}

#[tokio::test]
async fn header_stands_beside_caller_tokens() {
    let access = Access::header(OWN, Granted::all()).with_callers(tokens()).unwrap();
    let both = |key: &str| headers(&[("authorization", &format!("Bearer {TOKEN}")), (OWN.as_str(), key)]);
    let caller = access.caller(&both("callers-key")).await.unwrap();
    assert_eq!(upstream_sees(&caller.credential).await, "Bearer callers-key");
    assert_eq!(caller.fingerprint, access.caller(&both("another-key")).await.unwrap().fingerprint);
    let only_key = headers(&[(OWN.as_str(), "callers-key")]);
    assert_eq!(access.caller(&only_key).await.unwrap_err().status, 401);
    let refusal = access.caller(&bearer(TOKEN)).await.unwrap_err();
    assert_eq!((refusal.status.as_u16(), challenge(&refusal)), (400, ""), "another token would not help");
    assert!(refusal.message.contains("`x-upstream-authorization`"), "{}", refusal.message);
}

#[tokio::test]
async fn a_callers_own_key_serves_where_the_header_does_not_come() {
    let own = tokens().remove(0).with_credential(Credential::bearer("configured-key").unwrap());
    let access = Access::header(OWN, Granted::all()).with_callers(vec![own]).unwrap();
    let caller = access.caller(&bearer(TOKEN)).await.unwrap();
    assert_eq!(upstream_sees(&caller.credential).await, "Bearer configured-key");
}

#[tokio::test]
async fn header_stands_beside_oauth() {
    let signer = Signer::es256("a");
    let authority = Authority::publishing(&[&signer]).await;
    let access = Access::oauth(authority.config(), UpstreamCredential::Header(OWN), Granted::all()).unwrap();
    let token = format!("Bearer {}", signer.sign(&authority.claims()));
    let both = headers(&[("authorization", &token), (OWN.as_str(), "callers-key")]);
    let caller = access.caller(&both).await.unwrap();
    assert_eq!(upstream_sees(&caller.credential).await, "Bearer callers-key");
    assert_eq!(access.caller(&headers(&[("authorization", &token)])).await.unwrap_err().status, 400);
}

#[test]
fn an_access_token_can_never_be_what_the_api_is_shown() {
    let authorization = HeaderName::from_static("authorization");
    let config = OAuthConfig::new("https://login.example.com", RESOURCE);
    let oauth = |name| Access::oauth(config.clone(), UpstreamCredential::Header(name), Granted::all());
    assert_eq!(oauth(authorization.clone()).unwrap_err(), AccessError::HeaderTaken);
    let with_tokens = Access::header(authorization, Granted::all()).with_callers(tokens());
    assert_eq!(with_tokens.unwrap_err(), AccessError::HeaderTaken);
    for access in [Access::forward(Granted::all()), oauth(OWN).unwrap()] {
        let error = access.with_callers(tokens()).unwrap_err();
        assert!(matches!(error, AccessError::TokensNotPossible(_)), "{error}");
    }
}

#[test]
fn the_headers_with_credentials_are_known() {
    let names = |access: Access| access.credential_headers();
    assert_eq!(names(Access::forward(Granted::all())), ["authorization"]);
    assert_eq!(names(Access::header(OWN, Granted::all())), ["authorization", "x-upstream-authorization"]);
    let beside = Access::header(OWN, Granted::all()).with_callers(tokens()).unwrap();
    assert_eq!(names(beside), ["authorization", "x-upstream-authorization"]);
}
