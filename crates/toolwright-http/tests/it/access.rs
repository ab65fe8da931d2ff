//! Who may call and what the API is shown, with an authorization server on this machine.

mod authority;
mod callers;
mod exchange;
mod file;
mod jwt;
mod keys;
mod metadata;
mod modes;
mod oauth;
mod secrets;

use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue};
use toolwright::Granted;
use toolwright_http::Refusal;

/// The headers of a request with this bearer token.
fn bearer(token: &str) -> HeaderMap {
    headers(&[("authorization", &format!("Bearer {token}"))])
}

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pairs = pairs.iter().map(|(name, value)| {
        (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_str(value).unwrap())
    });
    // Unlike `collect`, keeps a header that comes twice.
    pairs.fold(HeaderMap::new(), |mut headers, (name, value)| {
        headers.append(name, value);
        headers
    })
}

fn granted(scopes: &str) -> Granted {
    scopes.parse().unwrap()
}

/// The challenge of a refusal; empty where there is none.
fn challenge(refusal: &Refusal) -> &str {
    let challenge = refusal.headers.iter().find(|(name, _)| *name == WWW_AUTHENTICATE);
    challenge.map_or("", |(_, value)| value.to_str().unwrap())
}

/// The bearer token that the API is shown, as the API sees it.
async fn upstream_sees(credential: &toolwright::client::Credential) -> String {
    use toolwright::client::{CallContext, GenericOperation, GenericRequest, Upstream, execute};

    let api = wiremock::MockServer::start().await;
    wiremock::Mock::given(wiremock::matchers::any())
        .respond_with(wiremock::ResponseTemplate::new(204))
        .mount(&api)
        .await;
    let context = CallContext::new(Upstream::builder(&api.uri()).build().unwrap(), credential.clone());
    execute(&context, GenericRequest::new(GenericOperation::new("read", "GET", "/"))).await;
    context.outcome().unwrap().unwrap();
    let requests = api.received_requests().await.unwrap();
    let value = requests[0].headers.get(AUTHORIZATION);
    value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}
