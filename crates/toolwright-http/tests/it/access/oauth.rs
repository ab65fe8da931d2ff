//! Which tokens are accepted, and what they allow.

use serde_json::{Value, json};
use toolwright_http::access::{AccessError, OAuthConfig};

use super::authority::{API_KEY, Authority, RESOURCE, fixed};
use super::jwt::{Signer, now, sign_hs256, unsigned};
use super::{bearer, challenge, granted, headers, upstream_sees};

#[tokio::test]
async fn every_asymmetric_signature_is_accepted() {
    let signers = [Signer::es256("a"), Signer::es384("b"), Signer::ed25519("c"), Signer::rsa("d")];
    let authority = Authority::publishing(&signers.each_ref()).await;
    let access = authority.access();
    for signer in &signers {
        let caller = access.caller(&bearer(&signer.sign(&authority.claims()))).await.unwrap();
        assert_eq!(caller.granted, granted("openid messages:read groups:*"), "{}", signer.algorithm());
    }
    let header = json!({ "alg": "PS512", "kid": "d" });
    let token = signers[3].sign_with(&header, &authority.claims());
    assert!(access.caller(&bearer(&token)).await.is_ok());
    assert_eq!(authority.fetches().await, 1);
}

#[tokio::test]
async fn the_api_sees_its_own_key_and_never_the_token() {
    let signer = Signer::es256("a");
    let authority = Authority::publishing(&[&signer]).await;
    let caller = authority.access().caller(&bearer(&signer.sign(&authority.claims()))).await.unwrap();
    assert_eq!(upstream_sees(&caller.credential).await, format!("Bearer {API_KEY}"));
}

#[tokio::test]
async fn a_request_without_a_token_is_told_where_to_get_one_and_nothing_else() {
    let authority = Authority::publishing(&[]).await;
    let access = fixed(authority.config().with_initial_scopes(["messages:read"]));
    for headers in [headers(&[]), headers(&[("authorization", "Basic YWxpY2U6c2VjcmV0")])] {
        let refusal = access.caller(&headers).await.unwrap_err();
        assert_eq!((refusal.status.as_u16(), refusal.code, refusal.kind), (401, -32_001, "unauthenticated"));
        assert_eq!(
            challenge(&refusal),
            "Bearer scope=\"messages:read\", resource_metadata=\"https://mcp.example.com/.well-known/oauth-protected-resource/mcp\""
        );
    }
    assert_eq!(authority.fetches().await, 0);
}

/// What a token with these claims is refused with.
async fn refused(change: &str, value: Value) -> String {
    let signer = Signer::es256("a");
    let authority = Authority::publishing(&[&signer]).await;
    let token = signer.sign(&authority.claims_with(change, value));
    let refusal = authority.access().caller(&bearer(&token)).await.unwrap_err();
    assert_eq!((refusal.status.as_u16(), refusal.kind), (401, "unauthenticated"));
    assert!(challenge(&refusal).starts_with("Bearer error=\"invalid_token\", resource_metadata="));
    assert!(challenge(&refusal).contains("error_description=\"it"), "{}", challenge(&refusal));
    refusal.message
}

#[tokio::test]
async fn wrong_claims_are_refused_by_name() {
    for (claim, value, expected) in [
        ("aud", json!("https://other.example.com/mcp"), "for another resource"),
        ("aud", json!(["https://other.example.com", "agent"]), "for another resource"),
        ("aud", Value::Null, "`aud` is missing"),
        ("iss", json!("https://other.example.com"), "another issuer"),
        ("iss", json!(["https://other.example.com"]), "another issuer"),
        ("iss", Value::Null, "`iss` is missing"),
        ("exp", json!(now() - 31), "has expired"),
        ("exp", json!("2099-01-01"), "`exp` is missing or of the wrong kind"),
        ("exp", Value::Null, "`exp` is missing"),
        ("nbf", json!(now() + 300), "not valid yet"),
    ] {
        let message = refused(claim, value.clone()).await;
        assert!(message.contains(expected), "{claim} {value}: {message}");
    }
}

#[tokio::test]
async fn clocks_may_be_half_a_minute_apart() {
    let signer = Signer::es256("a");
    let authority = Authority::publishing(&[&signer]).await;
    let access = authority.access();
    for (claim, value) in [("exp", json!(now() - 10)), ("nbf", json!(now() + 10))] {
        assert!(
            access.caller(&bearer(&signer.sign(&authority.claims_with(claim, value)))).await.is_ok(),
            "{claim}"
        );
    }
}

#[tokio::test]
async fn the_resource_is_the_same_with_a_slash_at_its_end_and_under_its_other_name() {
    let signer = Signer::es256("a");
    let authority = Authority::publishing(&[&signer]).await;
    let access = fixed(authority.config().with_audience("api://mcp"));
    for audience in [json!(format!("{RESOURCE}/")), json!("api://mcp"), json!(["x", RESOURCE])] {
        let token = signer.sign(&authority.claims_with("aud", audience.clone()));
        assert!(access.caller(&bearer(&token)).await.is_ok(), "{audience}");
    }
}

#[tokio::test]
async fn tokens_without_a_proper_signature_are_refused() {
    let (signer, stranger) = (Signer::rsa("a"), Signer::es256("a"));
    let authority = Authority::publishing(&[&signer]).await;
    let claims = authority.claims();
    let header = |algorithm: &str| json!({ "alg": algorithm, "kid": "a" });
    let public = signer.jwk().to_string();
    let good = signer.sign(&claims);
    let (message, signature) = good.rsplit_once('.').unwrap();
    let tampered = signer.sign(&authority.claims_with("sub", json!("mallory")));
    let cases = [
        (unsigned(&header("none"), &claims), "names no signature"),
        (unsigned(&header("RS256"), &claims), "signature is not valid"),
        (sign_hs256(public.as_bytes(), &header("HS256"), &claims), "of a kind that is not accepted"),
        (sign_hs256(signer.jwk()["n"].as_str().unwrap().as_bytes(), &header("HS256"), &claims), "of a kind"),
        (stranger.sign(&claims), "does not publish"),
        (format!("{}.{signature}", tampered.rsplit_once('.').unwrap().0), "signature is not valid"),
        (format!("{message}.{}", &signature[1..]), "signature is not valid"),
        (signer.sign_with(&json!({ "alg": "RS256", "kid": "a", "crit": ["exp"] }), &claims), "critical"),
        (signer.sign_with(&json!({ "alg": "RS256", "kid": "a", "typ": "logout+jwt" }), &claims), "a type"),
        ("opaque-token".to_owned(), "opaque"),
        ("a.b.c.d.e".to_owned(), "encrypted"),
        ("a.b.c".to_owned(), "header cannot be read"),
        (format!("{}.!.{signature}", message.split_once('.').unwrap().0), "signature is not valid"),
    ];
    let access = authority.access();
    for (token, expected) in cases {
        let refusal = access.caller(&bearer(&token)).await.unwrap_err();
        assert_eq!(refusal.status, 401);
        assert!(refusal.message.contains(expected), "{expected}: {}", refusal.message);
    }
}

#[tokio::test]
async fn a_token_that_names_no_key_is_tried_with_all_that_fit() {
    let (first, second) = (Signer::es256("a"), Signer::es256("b"));
    let authority = Authority::publishing(&[&first, &second]).await;
    let access = authority.access();
    for signer in [&first, &second] {
        let token = signer.sign_with(&json!({ "alg": "ES256" }), &authority.claims());
        assert!(access.caller(&bearer(&token)).await.is_ok());
    }
    let token = Signer::es256("c").sign_with(&json!({ "alg": "ES256" }), &authority.claims());
    let refusal = access.caller(&bearer(&token)).await.unwrap_err();
    assert!(refusal.message.contains("signature is not valid"), "{}", refusal.message);
}

#[tokio::test]
async fn scopes_come_from_scope_or_scp_and_odd_ones_grant_nothing() {
    let signer = Signer::es256("a");
    let authority = Authority::publishing(&[&signer]).await;
    let access = authority.access();
    for (scope, scp, expected) in [
        (json!("messages:read  groups:read"), Value::Null, "messages:read groups:read"),
        (Value::Null, json!(["messages:read", "groups:read"]), "messages:read groups:read"),
        (Value::Null, json!("messages:read"), "messages:read"),
        (json!("messages:read"), json!("groups:read"), "messages:read"),
        (json!("*"), Value::Null, "*"),
        (json!("messages:*"), Value::Null, "messages:*"),
        (json!("mess*:read *:read a,b chats:read"), Value::Null, "chats:read"),
        (json!(["a b", "chats:read", 7]), Value::Null, "chats:read"),
        (json!(7), Value::Null, ""),
        (Value::Null, Value::Null, ""),
    ] {
        let mut claims = authority.claims_with("scope", scope.clone());
        if !scp.is_null() {
            claims["scp"] = scp;
        }
        let caller = access.caller(&bearer(&signer.sign(&claims))).await.unwrap();
        assert_eq!(caller.granted, granted(expected), "{scope}");
    }
}

#[tokio::test]
async fn a_token_grants_no_more_than_the_server_does() {
    let signer = Signer::es256("a");
    let authority = Authority::publishing(&[&signer]).await;
    let credential = toolwright::client::Credential::None;
    let upstream = toolwright_http::access::UpstreamCredential::Fixed(credential);
    let access = toolwright_http::access::Access::oauth(
        authority.config(),
        upstream,
        granted("groups:read messages:*"),
    );
    let caller = access.unwrap().caller(&bearer(&signer.sign(&authority.claims()))).await.unwrap();
    assert_eq!(caller.granted, granted("messages:read groups:read"));
}

#[tokio::test]
async fn a_caller_is_told_by_issuer_and_subject_whatever_the_token() {
    let signer = Signer::es256("a");
    let authority = Authority::publishing(&[&signer]).await;
    let access = authority.access();
    let fingerprint = async |name: &str, value: Value| {
        let token = signer.sign(&authority.claims_with(name, value));
        access.caller(&bearer(&token)).await.unwrap().fingerprint
    };
    let alice = fingerprint("iat", json!(1)).await;
    assert_eq!(alice, fingerprint("scope", json!("chats:read")).await);
    assert_ne!(alice, fingerprint("sub", json!("bob")).await);
    let program = fingerprint("sub", Value::Null).await;
    assert_ne!(alice, program);
    assert_ne!(program, fingerprint("sub", json!("agent")).await, "a user who is called like a client");
    let mut nobody = authority.claims_with("sub", Value::Null);
    nobody.as_object_mut().unwrap().remove("client_id");
    let refusal = access.caller(&bearer(&signer.sign(&nobody))).await.unwrap_err();
    assert!(refusal.message.contains("`sub` is missing"), "{}", refusal.message);
}

#[tokio::test]
async fn a_call_without_the_scope_is_told_all_scopes_and_where_to_ask() {
    let authority = Authority::publishing(&[]).await;
    let needed = ["messages:read".to_owned(), "messages:write".to_owned()];
    let refusal = authority.access().insufficient_scope(&needed, &["messages:write"]);
    assert_eq!((refusal.status.as_u16(), refusal.code, refusal.kind), (403, -32_003, "insufficient_scope"));
    assert_eq!(refusal.data, [("required_scopes", json!(["messages:write"]))]);
    assert_eq!(
        challenge(&refusal),
        "Bearer error=\"insufficient_scope\", scope=\"messages:read messages:write\", \
         resource_metadata=\"https://mcp.example.com/.well-known/oauth-protected-resource/mcp\", \
         error_description=\"scopes are missing: messages:write\""
    );
}

#[test]
fn addresses_that_anyone_could_read_or_change_are_refused() {
    let error = |config: OAuthConfig| {
        let upstream =
            toolwright_http::access::UpstreamCredential::Fixed(toolwright::client::Credential::None);
        toolwright_http::access::Access::oauth(config, upstream, granted("*")).unwrap_err()
    };
    let new = OAuthConfig::new;
    for (config, what) in [
        (new("http://login.example.com", RESOURCE), "the issuer"),
        (new("login.example.com", RESOURCE), "the issuer"),
        (new("https://user:hunter2@login.example.com", RESOURCE), "the issuer"),
        (new("https://login.example.com?tenant=1", RESOURCE), "the issuer"),
        (new("https://login.example.com", "http://mcp.example.com/mcp"), "the resource"),
        (new("https://login.example.com", "https://mcp.example.com/mcp#x"), "the resource"),
        (new("https://login.example.com", "/mcp"), "the resource"),
        (
            new("https://login.example.com", RESOURCE).with_jwks_url("http://login.example.com/keys"),
            "the URL of the keys",
        ),
    ] {
        let error = error(config);
        assert!(matches!(error, AccessError::Url { what: it, .. } if it == what), "{error}");
        assert!(!error.to_string().contains("hunter2"));
    }
}
