//! Callers with tokens of their own.

use toolwright::Granted;
use toolwright::client::Credential;
use toolwright_http::access::{Access, AccessError, CallerToken, CallerTokenError};

use super::{bearer, challenge, granted, headers, upstream_sees};

const ALICE: &str = "alice-token-0123456789";
const BOB: &str = "bob-token-0123456789-";

fn server_key() -> Credential {
    Credential::bearer("server-key").unwrap()
}

fn tokens() -> Vec<CallerToken> {
    let bob = CallerToken::new("bob", BOB, granted("*")).unwrap();
    vec![
        CallerToken::new("alice", ALICE, granted("messages:*")).unwrap(),
        bob.with_credential(Credential::bearer("bobs-key").unwrap()),
    ]
}

fn access() -> Access {
    Access::fixed(server_key(), granted("messages:read groups:read")).with_callers(tokens()).unwrap()
}

#[tokio::test]
async fn each_caller_has_the_scopes_of_the_token_within_those_of_the_server() {
    let alice = access().caller(&bearer(ALICE)).await.unwrap();
    let bob = access().caller(&bearer(BOB)).await.unwrap();
    assert_eq!(alice.granted, granted("messages:read"));
    assert_eq!(bob.granted, granted("messages:read groups:read"));
    assert_ne!(alice.fingerprint, bob.fingerprint);
    assert_eq!(upstream_sees(&alice.credential).await, "Bearer server-key");
    assert_eq!(upstream_sees(&bob.credential).await, "Bearer bobs-key");
}

#[tokio::test]
async fn no_token_and_a_wrong_token_are_refused_differently() {
    let nothing = access().caller(&headers(&[])).await.unwrap_err();
    assert_eq!((nothing.status.as_u16(), nothing.code), (401, -32_001));
    assert_eq!(challenge(&nothing), "Bearer realm=\"mcp\"");
    let longer = format!("{ALICE}0");
    for wrong in [&ALICE[1..], &longer, "bobs-key", "server-key"] {
        let refusal = access().caller(&bearer(wrong)).await.unwrap_err();
        assert_eq!((refusal.status.as_u16(), refusal.kind), (401, "unauthenticated"));
        let expected = "Bearer error=\"invalid_token\", error_description=\"this server does not know it\"";
        assert_eq!(challenge(&refusal), expected);
    }
}

#[tokio::test]
async fn a_token_can_be_known_by_its_digest_alone() {
    // printf %s alice-token-0123456789 | sha256sum
    let digest = "965b04f03a8200d4bff70f6df635c1d4d3e9c9a1d164d415efc95b9304bfbaf2";
    let same = CallerToken::from_sha256("alice", digest, Granted::all()).unwrap();
    let access = Access::fixed(server_key(), Granted::all()).with_callers(vec![same]).unwrap();
    let known = access.caller(&bearer(ALICE)).await.unwrap();
    let by_token = self::access().caller(&bearer(ALICE)).await.unwrap();
    assert_eq!(known.fingerprint, by_token.fingerprint, "a caller is told by name");
}

#[tokio::test]
async fn a_header_that_cannot_be_read_is_a_bad_request() {
    let long = "x".repeat(8_200);
    for (headers, expected) in [
        (
            headers(&[("authorization", &format!("Bearer {ALICE}")), ("authorization", "Bearer b")]),
            "more than once",
        ),
        (headers(&[("authorization", &format!("Bearer {long}"))]), "longer than 8 KiB"),
        (headers(&[("authorization", "Bearer")]), "empty"),
        (headers(&[("authorization", &format!("Bearer {ALICE}, Bearer {BOB}"))]), "has a space"),
        (headers(&[("authorization", "Bearer ünlesbar")]), "another character"),
    ] {
        let refusal = access().caller(&headers).await.unwrap_err();
        assert_eq!((refusal.status.as_u16(), refusal.code, refusal.kind), (400, -32_600, "invalid_request"));
        assert!(refusal.message.contains(expected), "{}", refusal.message);
        assert!(challenge(&refusal).starts_with("Bearer error=\"invalid_request\""));
    }
}

#[tokio::test]
async fn the_scheme_is_read_in_any_case() {
    for scheme in ["Bearer", "bearer", "BEARER", "Bearer  "] {
        let headers = headers(&[("authorization", &format!("{scheme} {ALICE}"))]);
        assert!(access().caller(&headers).await.is_ok(), "{scheme}");
    }
}

#[test]
fn tokens_that_could_be_guessed_or_not_be_sent_are_refused() {
    let error = |token: &str| CallerToken::new("alice", token, Granted::all()).unwrap_err();
    assert_eq!(error("short"), CallerTokenError::Short);
    assert_eq!(error("with a space in the middle"), CallerTokenError::Unprintable);
    assert!(CallerToken::new("alice", "ends-in-a-line-break\n", Granted::all()).is_ok());
    assert_eq!(CallerToken::new("", ALICE, Granted::all()).unwrap_err(), CallerTokenError::Name);
    for digits in ["", "00", &"g".repeat(64), &"é".repeat(32)] {
        let error = CallerToken::from_sha256("alice", digits, Granted::all()).unwrap_err();
        assert_eq!(error, CallerTokenError::Digest);
    }
}

#[test]
fn callers_must_be_told_apart() {
    let fixed = || Access::fixed(server_key(), Granted::all());
    let new = |name: &str, token: &str| CallerToken::new(name, token, Granted::all()).unwrap();
    let same =
        |what: &'static str, second: &str| AccessError::SameCaller("a".to_owned(), second.to_owned(), what);
    assert_eq!(fixed().with_callers(vec![]).unwrap_err(), AccessError::NoCallers);
    assert_eq!(fixed().with_callers(vec![new("a", ALICE), new("a", BOB)]).unwrap_err(), same("name", "a"));
    assert_eq!(fixed().with_callers(vec![new("a", ALICE), new("b", ALICE)]).unwrap_err(), same("token", "b"));
}

#[test]
fn a_call_without_the_scope_is_challenged() {
    let needed = ["messages:write".to_owned()];
    let refusal = access().insufficient_scope(&needed, &["messages:write"]);
    assert_eq!(refusal.status, 403);
    assert!(challenge(&refusal).starts_with("Bearer error=\"insufficient_scope\", scope=\"messages:write\""));
    assert!(refusal.message.contains("this server grants to no caller"), "{}", refusal.message);
    let needed = ["messages:read".to_owned()];
    let refusal = access().insufficient_scope(&needed, &["messages:read"]);
    assert!(refusal.message.contains("the caller was not granted: messages:read"), "{}", refusal.message);
}
