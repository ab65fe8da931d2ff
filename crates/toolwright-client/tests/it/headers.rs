use http::{HeaderName, HeaderValue};
use toolwright_client::{
    ApiClient, CallContext, Credential, CredentialError, Failure, SecretString, execute,
};

use crate::{
    failure, get_rex,
    pets::{Client, Pet},
    recorder::Recorder,
};

const BASE: &str = "https://api.example.com/v1/";

/// The headers of the request that `get_pet` makes in the context that `change` makes, as text.
async fn sent(credential: Credential, change: impl FnOnce(CallContext) -> CallContext) -> Vec<String> {
    let recorder = Recorder::new(&[]);
    let context = change(recorder.context(BASE, credential).with_request_id("r-1".to_owned()));
    Client::for_call(context).get_pet("ann", "rex", None).await.expect_err("204 is not documented");
    let request = recorder.only_request();
    let mut headers: Vec<_> = request
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    headers
}

#[tokio::test]
async fn a_request_carries_its_credential_and_ids_and_no_api_version() {
    let headers = sent(Credential::bearer(" k-1\n").unwrap(), |context| context).await;
    assert_eq!(
        headers,
        [
            "accept: application/json",
            "authorization: Bearer k-1",
            "user-agent: toolwright-client/0.1.0",
            "x-request-id: r-1",
        ]
    );
}

#[tokio::test]
async fn forwarded_headers_are_sent_but_never_replace_the_credential() {
    let headers = sent(Credential::header("X-Api-Key", "k-1").unwrap(), |context| {
        context
            .with_header(HeaderName::from_static("traceparent"), HeaderValue::from_static("00-1-2-01"))
            .with_header(HeaderName::from_static("x-api-key"), HeaderValue::from_static("forged"))
            .with_header(HeaderName::from_static("x-request-id"), HeaderValue::from_static("forged"))
    })
    .await;
    assert_eq!(
        headers,
        [
            "accept: application/json",
            "traceparent: 00-1-2-01",
            "user-agent: toolwright-client/0.1.0",
            "x-api-key: k-1",
            "x-request-id: r-1",
        ]
    );
}

#[tokio::test]
async fn a_key_stands_in_the_header_that_the_api_names() {
    let name = HeaderName::from_static("x-api-key");
    let key = || Credential::key(" k-1\n").unwrap();
    let headers = sent(key().in_header(Some(&name)), |context| context).await;
    assert!(headers.contains(&"x-api-key: k-1".to_owned()), "{headers:?}");
    assert!(!headers.iter().any(|header| header.starts_with("authorization")), "{headers:?}");
    let headers = sent(key().in_header(None), |context| context).await;
    assert!(headers.contains(&"authorization: Bearer k-1".to_owned()), "{headers:?}");
}

#[tokio::test]
async fn a_token_of_an_authorization_server_is_no_key() {
    let token = Credential::bearer("t-1").unwrap().in_header(Some(&HeaderName::from_static("x-api-key")));
    let headers = sent(token, |context| context).await;
    assert!(headers.contains(&"authorization: Bearer t-1".to_owned()), "{headers:?}");
}

#[tokio::test]
async fn an_api_version_that_the_api_documents_is_kept() {
    let recorder = Recorder::new(&[]);
    let client = Client::for_call(recorder.context(BASE, Credential::None));
    assert!(client.get_photo("rex", Some("2024-05-01")).await.is_err(), "204 is not documented");
    let request = recorder.only_request();
    let versions: Vec<_> = request.headers().get_all("api-version").iter().collect();
    assert_eq!(versions, ["2024-05-01"]);
}

#[tokio::test]
async fn credentials_are_marked_as_sensitive() {
    let recorder = Recorder::new(&[]);
    let context = recorder.context(BASE, Credential::bearer("k-1").unwrap());
    execute(&context, get_rex()).await;
    assert!(recorder.only_request().headers()["authorization"].is_sensitive());
}

#[tokio::test]
async fn every_request_gets_its_own_idempotency_key_unless_the_context_has_one() {
    let recorder = Recorder::new(&[]);
    let context = recorder.context(BASE, Credential::None);
    let rex = Pet { name: "Rex".to_owned() };
    let fresh = Client::for_call(context.clone());
    fresh.send_message("ann", &rex).await.unwrap();
    fresh.send_message("ann", &rex).await.unwrap();
    let given = Client::for_call(context.with_idempotency_key("i-1".to_owned()));
    given.send_message("ann", &rex).await.unwrap();
    given.add_pet("ann", &rex).await.expect_err("204 is not documented");
    let requests = recorder.requests();
    let keys: Vec<_> = requests.iter().map(|request| request.headers().get("idempotency-key")).collect();
    assert!(keys[0].is_some() && keys[1].is_some() && keys[0] != keys[1], "{keys:?}");
    assert_eq!(keys[2], Some(&HeaderValue::from_static("i-1")));
    assert_eq!(keys[3], None, "the operation declares no such header");
}

#[tokio::test]
async fn a_request_id_that_no_header_can_carry_is_an_invalid_request() {
    let recorder = Recorder::new(&[]);
    let context = recorder.context(BASE, Credential::None).with_request_id("a\nb".to_owned());
    execute(&context, get_rex()).await;
    assert!(matches!(failure(&context), Failure::InvalidRequest(text) if text.starts_with("the request id")));
    assert!(recorder.requests().is_empty());
}

#[tokio::test]
async fn a_credential_that_no_header_can_carry_is_an_invalid_request() {
    let recorder = Recorder::new(&[]);
    let context = recorder.context(BASE, Credential::Bearer(SecretString::from("hunter2\n")));
    execute(&context, get_rex()).await;
    let failure = failure(&context);
    assert!(matches!(failure, Failure::InvalidRequest(_)));
    assert!(!failure.to_string().contains("hunter2"), "{failure}");
}

#[test]
fn credentials_are_checked_when_they_are_made() {
    assert_eq!(Credential::bearer(" \n").unwrap_err(), CredentialError::Empty);
    assert_eq!(Credential::bearer("two\nlines").unwrap_err(), CredentialError::Unprintable);
    assert_eq!(Credential::header("X Key", "k").unwrap_err(), CredentialError::HeaderName);
    assert_eq!(Credential::header("X-Key", "").unwrap_err(), CredentialError::Empty);
}

#[tokio::test]
async fn an_operation_that_is_not_in_the_table_is_not_sent() {
    let recorder = Recorder::new(&[]);
    let context = recorder.context(BASE, Credential::None);
    let error = Client::for_call(context.clone()).unknown_operation().await.unwrap_err();
    assert!(matches!(error, progenitor_client::Error::Custom(text) if text.contains("unknown_operation")));
    assert!(matches!(failure(&context), Failure::InvalidRequest(_)));
    assert!(recorder.requests().is_empty());
}

#[test]
fn a_client_knows_its_document_and_operations() {
    assert_eq!(Client::SPEC_HASH, "pets-1");
    assert_eq!(Client::OPERATIONS.len(), 4);
}
