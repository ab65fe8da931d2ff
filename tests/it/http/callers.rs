//! Who calls, and what the API is shown then, in each mode.

use http::StatusCode;
use serde_json::{Value, json};
use toolwright::Granted;
use toolwright::client::{Credential, HeaderName, Upstream};
use toolwright_http::HttpConfig;
use toolwright_http::access::{Access, CallerToken};
use whatsapp_sandbox::{FULL_KEY, MESSAGES_KEY, Sandbox};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{Answer, Served};
use crate::world::{self, Era};

const READER: &str = "token-of-the-reader-0123456789";
const WRITER: &str = "token-of-the-writer-0123456789";

fn upstream(url: &str) -> Upstream {
    Upstream::builder(url).build().unwrap()
}

fn token(name: &str, token: &str, scopes: &str) -> CallerToken {
    CallerToken::new(name, token, scopes.parse().unwrap()).unwrap()
}

async fn serve(url: &str, access: Access) -> Served {
    Served::start(HttpConfig::new(upstream(url), access)).await
}

/// A call that reads the sessions, with this header.
async fn read(served: &Served, name: &str, value: &str) -> Answer {
    served.call(Era::Stateless, "sessions_list", json!({}), &[(name, value)]).await
}

/// The result of a call that reached the API.
#[track_caller]
fn result(answer: &Answer) -> Value {
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    answer.message()["result"].clone()
}

#[track_caller]
fn assert_challenged(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(answer.header("www-authenticate").is_some_and(|it| it.starts_with("Bearer")), "{answer:?}");
}

async fn with_tokens() -> (Sandbox, Served) {
    let sandbox = world::sandbox().await;
    let access = Access::fixed(Credential::bearer(sandbox.full_key()).unwrap(), Granted::all());
    let tokens = vec![token("reader", READER, "sessions:read"), token("writer", WRITER, "*")];
    let served = serve(sandbox.url(), access.with_callers(tokens).unwrap()).await;
    (sandbox, served)
}

#[tokio::test]
async fn callers_with_tokens_list_and_call_what_their_scopes_allow() {
    let (_sandbox, served) = with_tokens().await;
    let names = async |token: &str| -> Vec<String> {
        let authorization = format!("Bearer {token}");
        let listed = served.stateless("tools/list", json!({}), &[("authorization", &authorization)]).await;
        let listed = listed.message()["result"]["tools"].as_array().expect("tools").clone();
        listed.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
    };
    let (few, all) = (names(READER).await, names(WRITER).await);
    assert!(few.contains(&"sessions_list".to_owned()) && !few.contains(&"groups_list".to_owned()), "{few:?}");
    assert_eq!(all.len(), 83);

    let groups = json!({ "session": "main" });
    for era in [Era::Stateless, Era::Handshake] {
        for (token, allowed) in [(READER, false), (WRITER, true)] {
            let authorization = format!("bearer {token}");
            let headers = [("authorization", authorization.as_str())];
            let answer = served.call(era, "sessions_list", json!({}), &headers).await;
            assert_eq!(result(&answer)["structuredContent"]["data"][0]["name"], "main");
            let answer = served.call(era, "groups_list", groups.clone(), &headers).await;
            if allowed {
                assert_eq!(result(&answer)["isError"], false, "{answer:?}");
            } else {
                assert_challenged(&answer, 403);
                assert_eq!(answer.message()["error"]["data"]["required_scopes"], json!(["groups:read"]));
            }
        }
    }
}

#[tokio::test]
async fn whoever_has_no_token_or_another_is_challenged_whatever_is_asked() {
    let (_sandbox, served) = with_tokens().await;
    for value in ["", "Bearer", "Bearer nobodys-token-0123456789", &format!("Basic {READER}"), READER] {
        for method in ["tools/list", "tools/call", "server/discover"] {
            let headers = [("authorization", value)];
            let answer = served.stateless(method, json!({ "name": "sessions_list" }), &headers).await;
            assert!(matches!(answer.status.as_u16(), 400 | 401), "{value}: {answer:?}");
            assert_challenged(&answer, answer.status.as_u16());
            assert!(!answer.body.contains("nobodys-token"), "{answer:?}");
        }
    }
}

/// An API that answers any key, and what it has seen of `authorization` and another header.
async fn seen(access: Access, headers: &[(&str, &str)]) -> (Vec<String>, Option<String>) {
    let api = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({ "data": [] }));
    Mock::given(any()).respond_with(answer).mount(&api).await;
    let served = serve(&api.uri(), access).await;
    let answer = served.call(Era::Stateless, "sessions_list", json!({}), headers).await;
    assert_eq!(result(&answer)["isError"], false, "{answer:?}");
    let requests = api.received_requests().await.unwrap();
    let [request] = &requests[..] else { panic!("{requests:?}") };
    let text = |value: &http::HeaderValue| value.to_str().unwrap().to_owned();
    let shown = request.headers.get_all("authorization").iter().map(text).collect();
    (shown, request.headers.get("x-upstream-authorization").map(text))
}

#[tokio::test]
async fn the_api_sees_one_key_and_never_the_token_of_the_caller() {
    let tokens = || vec![token("one", READER, "*"), token("two", WRITER, "*")];
    let own = |token: CallerToken| token.with_credential(Credential::bearer("own-key").unwrap());
    let everyones = || Access::fixed(Credential::bearer("everyones-key").unwrap(), Granted::all());
    let with_own = tokens().into_iter().map(own).collect();
    let in_header = || Access::header(HeaderName::from_static("x-upstream-authorization"), Granted::all());
    let authorization = format!("Bearer {READER}");
    let token = ("authorization", authorization.as_str());
    let key = ("x-upstream-authorization", "callers-key");
    let key_as_bearer = ("x-upstream-authorization", "Bearer callers-key");
    for (access, headers, shown) in [
        (everyones(), &[][..], "everyones-key"),
        (everyones(), &[token], "everyones-key"),
        (everyones().with_callers(tokens()).unwrap(), &[token], "everyones-key"),
        (everyones().with_callers(with_own).unwrap(), &[token], "own-key"),
        (in_header(), &[key], "callers-key"),
        (in_header(), &[key_as_bearer, token], "callers-key"),
        (in_header().with_callers(tokens()).unwrap(), &[key, token], "callers-key"),
        (Access::forward(Granted::all()), &[token], READER),
    ] {
        let described = format!("{access:?} with {headers:?}");
        let (keys, header) = seen(access, headers).await;
        assert_eq!(keys, [format!("Bearer {shown}")], "{described}");
        assert_eq!(header, None, "{described}");
    }
}

#[tokio::test]
async fn a_key_that_is_passed_on_opens_what_the_api_lets_it_open() {
    let sandbox = world::sandbox().await;
    let in_header = Access::header(HeaderName::from_static("x-upstream-authorization"), Granted::all());
    for (access, name) in
        [(Access::forward(Granted::all()), "authorization"), (in_header, "x-upstream-authorization")]
    {
        let served = serve(sandbox.url(), access).await;
        let full = format!("Bearer {FULL_KEY}");
        assert_eq!(result(&read(&served, name, &full).await)["isError"], false);

        // The server does not know the scopes of the key: the API says no, and that is a result.
        let narrow = format!("Bearer {MESSAGES_KEY}");
        assert_eq!(result(&read(&served, name, &narrow).await)["isError"], false);
        for era in [Era::Stateless, Era::Handshake] {
            let groups = json!({ "session": "main" });
            let answer = result(&served.call(era, "groups_list", groups, &[(name, &narrow)]).await);
            assert_eq!(answer["isError"], true, "{answer}");
            let error = &answer["structuredContent"];
            assert_eq!(error["kind"], "insufficient_scope", "{error}");
            assert_eq!((&error["status"], &error["required_scopes"]), (&json!(403), &json!(["groups:read"])));
            assert!(answer["content"][0]["text"].as_str().is_some_and(|it| it.contains("groups:read")));
        }

        let unknown = result(&read(&served, name, "Bearer no-such-key-0123456789").await);
        assert_eq!(unknown["structuredContent"]["kind"], "unauthenticated", "{unknown}");
        let without = served.call(Era::Stateless, "sessions_list", json!({}), &[]).await;
        assert_eq!(without.status, StatusCode::UNAUTHORIZED, "{without:?}");
    }
}

#[tokio::test]
async fn scopes_of_the_settings_bound_keys_that_may_do_more() {
    let sandbox = world::sandbox().await;
    let served = serve(sandbox.url(), Access::forward("sessions:read".parse().unwrap())).await;
    let headers = [("authorization", &*format!("Bearer {FULL_KEY}"))];
    let groups = served.call(Era::Stateless, "groups_list", json!({ "session": "main" }), &headers).await;
    assert_challenged(&groups, 403);
}
