//! Where keys come from, how long they are kept, and what happens when they change or cannot be had.

use std::time::Duration;

use serde_json::json;
use toolwright_http::access::OAuthConfig;
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::authority::{Authority, RESOURCE, fixed, time_passes};
use super::jwt::{Signer, now};
use super::{bearer, challenge};

#[tokio::test]
async fn a_new_key_is_fetched_when_a_token_names_it() {
    let (old, new) = (Signer::es256("old"), Signer::es256("new"));
    let authority = Authority::publishing(&[&old]).await;
    let access = authority.access();
    assert!(access.caller(&bearer(&old.sign(&authority.claims()))).await.is_ok());
    authority.publish(&[&new]);
    assert!(access.caller(&bearer(&new.sign(&authority.claims()))).await.is_ok());
    assert_eq!(authority.fetches().await, 2);
    let refusal = access.caller(&bearer(&old.sign(&authority.claims()))).await.unwrap_err();
    assert_eq!(refusal.status, 401, "a key that is not published any more");
}

#[tokio::test]
async fn tokens_with_unknown_keys_make_the_server_ask_once_in_half_a_minute() {
    let (known, unknown) = (Signer::es256("known"), Signer::es256("unknown"));
    let authority = Authority::publishing(&[&known]).await;
    let access = authority.access();
    let (good, bad) = (bearer(&known.sign(&authority.claims())), bearer(&unknown.sign(&authority.claims())));
    assert!(access.caller(&good).await.is_ok());
    for _ in 0..5 {
        assert_eq!(access.caller(&bad).await.unwrap_err().status, 401);
    }
    assert_eq!(authority.fetches().await, 2);
    time_passes(Duration::from_secs(31)).await;
    assert_eq!(access.caller(&bad).await.unwrap_err().status, 401);
    assert_eq!(authority.fetches().await, 3);
    assert!(access.caller(&good).await.is_ok());
}

#[tokio::test]
async fn callers_who_come_at_once_share_one_question() {
    let signer = Signer::es256("a");
    let authority = Authority::publishing(&[&signer]).await;
    let (access, headers) = (authority.access(), bearer(&signer.sign(&authority.claims())));
    let all = futures_util::future::join_all((0..20).map(|_| access.caller(&headers))).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(authority.fetches().await, 1);
}

#[tokio::test]
async fn a_caller_who_goes_away_does_not_end_the_question_for_others() {
    let signer = Signer::es256("a");
    let authority = Authority::publishing(&[&signer]).await;
    let (access, headers) = (authority.access(), bearer(&signer.sign(&authority.claims())));
    {
        let gone = access.caller(&headers);
        tokio::pin!(gone);
        assert!(futures_util::poll!(&mut gone).is_pending());
    }
    assert!(access.caller(&headers).await.is_ok());
    assert_eq!(authority.fetches().await, 1);
}

#[tokio::test]
async fn keys_are_kept_for_as_long_as_their_server_says() {
    let signer = Signer::es256("a");
    for (cache_control, kept_for, fetched_after) in [
        ("public, max-age=7200", 7_000, 7_300),
        ("no-store", 50, 70),
        ("max-age=0", 50, 70),
        ("max-age=31536000", 86_000, 87_000),
        ("private", 590, 610),
    ] {
        let authority = Authority::publishing(&[&signer]).await.with_cache_control(cache_control);
        let (access, headers) = (authority.access(), bearer(&signer.sign(&authority.claims())));
        assert!(access.caller(&headers).await.is_ok());
        time_passes(Duration::from_secs(kept_for)).await;
        assert!(access.caller(&headers).await.is_ok());
        assert_eq!(authority.fetches().await, 1, "{cache_control}");
        time_passes(Duration::from_secs(fetched_after - kept_for)).await;
        assert!(access.caller(&headers).await.is_ok());
        assert_eq!(authority.fetches().await, 2, "{cache_control}");
    }
}

#[tokio::test]
async fn kept_keys_serve_for_a_day_while_their_server_is_down() {
    let (known, unknown) = (Signer::es256("known"), Signer::es256("unknown"));
    let authority = Authority::publishing(&[&known]).await;
    let (access, good) = (authority.access(), bearer(&known.sign(&authority.claims())));
    assert!(access.caller(&good).await.is_ok());
    authority.stop();
    time_passes(Duration::from_hours(23)).await;
    assert!(access.caller(&good).await.is_ok());
    assert!(access.caller(&good).await.is_ok());
    assert_eq!(authority.fetches().await, 2, "not asked again right after a failure");
    let refusal = access.caller(&bearer(&unknown.sign(&authority.claims()))).await.unwrap_err();
    assert_eq!(refusal.status, 503, "nobody knows whether this key is new");
    time_passes(Duration::from_hours(2)).await;
    let refusal = access.caller(&good).await.unwrap_err();
    assert_eq!((refusal.status.as_u16(), refusal.kind), (503, "upstream_unavailable"));
    authority.publish(&[&known]);
    time_passes(Duration::from_secs(11)).await;
    assert!(access.caller(&good).await.is_ok());
}

#[tokio::test]
async fn without_its_server_a_token_cannot_be_checked() {
    // Nothing listens there.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let claims = json!({ "iss": issuer, "aud": RESOURCE, "sub": "alice", "exp": now() + 60 });
    let access = fixed(OAuthConfig::new(&issuer, RESOURCE));
    for _ in 0..2 {
        let refusal = access.caller(&bearer(&Signer::es256("a").sign(&claims))).await.unwrap_err();
        assert_eq!(
            (refusal.status.as_u16(), refusal.code, refusal.kind),
            (503, -32_004, "upstream_unavailable")
        );
        assert_eq!(refusal.data, [("retry_after_s", json!(10))]);
        assert_eq!(challenge(&refusal), "", "a new token would not help");
    }
}

#[tokio::test]
async fn keys_of_other_kinds_and_uses_are_left_out() {
    let signer = Signer::es256("a");
    let authority = Authority::publishing(&[]).await;
    let change = |name: &str, value: &str| {
        let mut key = signer.jwk();
        key[name] = value.into();
        key
    };
    let secret = json!({ "kty": "oct", "kid": "a", "k": "c2VjcmV0" });
    let odd = json!({ "kty": "XYZ", "kid": "a" });
    let bad =
        vec![change("use", "enc"), change("alg", "ES384"), change("alg", "ES512"), secret, odd, json!(7)];
    authority.publish_keys(bad.clone());
    let headers = bearer(&signer.sign(&authority.claims()));
    let refusal = authority.access().caller(&headers).await.unwrap_err();
    assert!(refusal.message.contains("does not publish"), "{}", refusal.message);
    authority.publish_keys(bad.into_iter().chain([signer.jwk()]).collect());
    assert!(authority.access().caller(&headers).await.is_ok());
}

#[tokio::test]
async fn the_place_of_the_keys_can_be_given() {
    let signer = Signer::es256("a");
    let authority = Authority::publishing(&[&signer]).await;
    let keys = format!("{}/keys", authority.issuer());
    let access = fixed(OAuthConfig::new("https://login.example.com", RESOURCE).with_jwks_url(&keys));
    let token = signer.sign(&authority.claims_with("iss", json!("https://login.example.com")));
    assert!(access.caller(&bearer(&token)).await.is_ok());
}

#[tokio::test]
async fn metadata_are_found_at_each_place_where_they_may_be() {
    let signer = Signer::es256("a");
    for place in [
        "/.well-known/oauth-authorization-server/tenant",
        "/.well-known/openid-configuration/tenant",
        "/tenant/.well-known/openid-configuration",
    ] {
        let server = MockServer::start().await;
        let issuer = format!("{}/tenant", server.uri());
        let metadata = json!({ "issuer": issuer, "jwks_uri": format!("{}/k", server.uri()) });
        let keys = json!({ "keys": [signer.jwk()] });
        for (at, body) in [(place, metadata), ("/k", keys)] {
            let answer = ResponseTemplate::new(200).set_body_json(body);
            Mock::given(path(at)).respond_with(answer).mount(&server).await;
        }
        let claims = json!({ "iss": issuer, "aud": RESOURCE, "sub": "alice", "exp": now() + 60 });
        let caller = fixed(OAuthConfig::new(&issuer, RESOURCE)).caller(&bearer(&signer.sign(&claims))).await;
        assert!(caller.is_ok(), "{place}");
    }
}

#[tokio::test]
async fn metadata_and_keys_that_are_not_right_are_not_used() {
    let signer = Signer::es256("a");
    let elsewhere = Authority::publishing(&[&signer]).await;
    let issuer_of = |server: &MockServer| server.uri();
    let keys = format!("{}/keys", elsewhere.issuer());
    let redirect = ResponseTemplate::new(302).insert_header("location", elsewhere.issuer());
    let huge = ResponseTemplate::new(200).set_body_string(" ".repeat(600 << 10));
    let other = json!({ "issuer": "https://other.example.com", "jwks_uri": keys });
    let cases = [
        ("another issuer", ResponseTemplate::new(200).set_body_json(other)),
        ("a redirect", redirect),
        ("a huge answer", huge),
        ("no JSON", ResponseTemplate::new(200).set_body_string("<html>")),
        ("no metadata", ResponseTemplate::new(404)),
    ];
    for (case, answer) in cases {
        let server = MockServer::start().await;
        Mock::given(wiremock::matchers::any()).respond_with(answer).mount(&server).await;
        let issuer = issuer_of(&server);
        let claims = json!({ "iss": issuer, "aud": RESOURCE, "sub": "alice", "exp": now() + 60 });
        let caller = fixed(OAuthConfig::new(&issuer, RESOURCE)).caller(&bearer(&signer.sign(&claims))).await;
        assert_eq!(caller.unwrap_err().status, 503, "{case}");
    }
    let server = MockServer::start().await;
    let issuer = issuer_of(&server);
    let plain = json!({ "issuer": issuer, "jwks_uri": "http://login.example.com/keys" });
    Mock::given(wiremock::matchers::any())
        .respond_with(ResponseTemplate::new(200).set_body_json(plain))
        .mount(&server)
        .await;
    let claims = json!({ "iss": issuer, "aud": RESOURCE, "sub": "alice", "exp": now() + 60 });
    let caller = fixed(OAuthConfig::new(&issuer, RESOURCE)).caller(&bearer(&signer.sign(&claims))).await;
    assert_eq!(caller.unwrap_err().status, 503, "keys over a network in plain text");
}
