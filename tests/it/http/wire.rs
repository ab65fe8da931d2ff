//! What MCP and JSON-RPC ask of an HTTP server, with and without sessions.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Answer, HANDSHAKE, STATELESS, Served, config, meta, request};
use crate::world;

/// A server in front of a sandbox, without sessions and with.
async fn both() -> (whatsapp_sandbox::Sandbox, [Served; 2]) {
    let sandbox = world::sandbox().await;
    let with = |sessions| {
        let mut config = config(sandbox.url(), sandbox.full_key(), "*");
        config.sessions = sessions;
        config
    };
    let served = [Served::start(with(false)).await, Served::start(with(true)).await];
    (sandbox, served)
}

async fn initialize(served: &Served, version: &str) -> Answer {
    let client = json!({ "name": "tests", "version": "1" });
    let params = json!({ "protocolVersion": version, "capabilities": {}, "clientInfo": client });
    served.post(&request("initialize", params), &[]).await
}

/// The headers of a client that has shaken hands.
async fn shaken(served: &Served) -> Vec<(&'static str, String)> {
    let answer = initialize(served, HANDSHAKE).await;
    let session = answer.header("mcp-session-id").unwrap_or("").to_owned();
    vec![("mcp-protocol-version", HANDSHAKE.to_owned()), ("mcp-session-id", session)]
}

fn as_pairs<'a>(headers: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    headers.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

#[track_caller]
fn is_error(answer: &Answer, status: u16, code: i64) {
    assert_eq!((answer.status.as_u16(), answer.code()), (status, Some(code)), "{answer:?}");
}

#[tokio::test]
async fn discovery_says_what_is_served_and_for_how_long_that_holds() {
    let (_sandbox, served) = both().await;
    for served in served {
        let answer = served.stateless("server/discover", json!({}), &[]).await;
        let result = &answer.message()["result"];
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(result["resultType"], "complete");
        assert!(result["supportedVersions"].as_array().is_some_and(|it| it.contains(&json!(STATELESS))));
        assert_eq!((&result["ttlMs"], &result["cacheScope"]), (&json!(300_000), &json!("public")));
    }
}

#[tokio::test]
async fn a_prepared_list_and_one_made_for_the_request_are_the_same() {
    let (_sandbox, [served, _]) = both().await;
    // A second `Mcp-Name` does not matter to the server, and an empty cursor is the first page: neither is prepared.
    let prepared = served.stateless("tools/list", json!({}), &[]).await.message();
    let mut params = json!({ "cursor": "" });
    params["_meta"] = meta(STATELESS);
    let mut message = request("tools/list", params);
    message["id"] = json!("b");
    let made = served
        .post(
            &message,
            &[
                ("mcp-protocol-version", STATELESS),
                ("mcp-method", "tools/list"),
                ("accept", "text/event-stream, application/json"),
            ],
        )
        .await
        .message();
    assert_eq!(prepared["result"], made["result"]);
    assert_eq!(prepared["result"]["cacheScope"], "private");
    assert_eq!(prepared["result"]["_meta"]["io.modelcontextprotocol/serverInfo"]["name"], "titan-mcp");
    assert_eq!(made["id"], "b");
    let handshake = served.handshake("tools/list", json!({}), &[]).await.message();
    assert_eq!(handshake["result"]["tools"], prepared["result"]["tools"]);
    let members: Vec<&String> = handshake["result"].as_object().unwrap().keys().collect();
    assert_eq!(members, ["tools"], "the handshake era knows no cache hints");
}

#[tokio::test]
async fn headers_that_contradict_the_body_are_refused() {
    let (_sandbox, served) = both().await;
    for served in served {
        let list = |version: &str| request("tools/list", json!({ "_meta": meta(version) }));
        let call = |name: &str| request("tools/call", json!({ "name": name, "_meta": meta(STATELESS) }));
        let version = ("mcp-protocol-version", STATELESS);
        is_error(&served.post(&list(STATELESS), &[version]).await, 400, -32_020);
        is_error(
            &served.post(&list(STATELESS), &[version, ("mcp-method", "tools/call")]).await,
            400,
            -32_020,
        );
        is_error(&served.post(&call("a"), &[version, ("mcp-method", "tools/call")]).await, 400, -32_020);
        is_error(
            &served.post(&call("a"), &[version, ("mcp-method", "tools/call"), ("mcp-name", "b")]).await,
            400,
            -32_020,
        );
        is_error(
            &served.post(&list(HANDSHAKE), &[version, ("mcp-method", "tools/list")]).await,
            400,
            -32_020,
        );
    }
}

#[tokio::test]
async fn requests_of_the_stateless_era_say_a_known_version_and_their_capabilities() {
    let (_sandbox, served) = both().await;
    for served in served {
        let unknown = request("tools/list", json!({ "_meta": meta("2099-01-01") }));
        let answer = served
            .post(&unknown, &[("mcp-protocol-version", "2099-01-01"), ("mcp-method", "tools/list")])
            .await;
        is_error(&answer, 400, -32_022);
        assert!(answer.message()["error"]["data"]["supported"].is_array());
        let mut without = meta(STATELESS);
        without.as_object_mut().unwrap().remove("io.modelcontextprotocol/clientCapabilities");
        let without = request("tools/list", json!({ "_meta": without }));
        let headers = [("mcp-protocol-version", STATELESS), ("mcp-method", "tools/list")];
        is_error(&served.post(&without, &headers).await, 400, -32_602);
    }
}

#[tokio::test]
async fn unknown_and_removed_methods_are_not_found_in_the_stateless_era() {
    let (_sandbox, served) = both().await;
    for served in served {
        for method in ["no/such", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"]
        {
            is_error(&served.stateless(method, json!({}), &[]).await, 404, -32_601);
        }
    }
}

#[tokio::test]
async fn wrong_parameters_of_a_known_method_are_wrong_parameters() {
    let (_sandbox, served) = both().await;
    for served in served {
        let unknown =
            served.stateless("tools/call", json!({ "name": "no-such-tool", "arguments": {} }), &[]).await;
        assert_eq!(unknown.code(), Some(-32_602), "{unknown:?}");
        let listed =
            served.stateless("tools/call", json!({ "name": "sessions_list", "arguments": [1] }), &[]).await;
        assert_eq!(listed.code(), Some(-32_602), "{listed:?}");
        let cursor = served.stateless("tools/list", json!({ "cursor": "no-such-cursor" }), &[]).await;
        assert_eq!(cursor.code(), Some(-32_602), "{cursor:?}");
    }
}

#[tokio::test]
async fn a_call_is_answered_in_each_era_as_that_era_has_it() {
    let (_sandbox, served) = both().await;
    for served in served {
        let arguments = json!({ "session": "main" });
        let answer = served
            .call(world::Era::Stateless, "sessions_get", arguments.clone(), &[("mcp-session-id", "whatever")])
            .await;
        let result = &answer.message()["result"];
        assert_eq!(
            (answer.status, &result["resultType"]),
            (StatusCode::OK, &json!("complete")),
            "{answer:?}"
        );
        assert_eq!(result["structuredContent"]["data"]["name"], "main", "{answer:?}");
        assert_eq!(answer.header("mcp-session-id"), None, "the stateless era has no sessions");

        let headers = shaken(&served).await;
        let answer = served.call(world::Era::Handshake, "sessions_get", arguments, &as_pairs(&headers)).await;
        let result = &answer.message()["result"];
        assert_eq!(result["structuredContent"]["data"]["name"], "main", "{answer:?}");
        assert_eq!(result.get("resultType"), None);
    }
}

#[tokio::test]
async fn the_handshake_settles_on_a_version_that_has_one() {
    let (_sandbox, served) = both().await;
    for served in served {
        for version in ["2024-11-05", "2025-03-26", "2025-06-18", HANDSHAKE] {
            assert_eq!(initialize(&served, version).await.message()["result"]["protocolVersion"], version);
        }
        for version in [STATELESS, "1999-01-01"] {
            assert_eq!(initialize(&served, version).await.message()["result"]["protocolVersion"], HANDSHAKE);
        }
        let headers = shaken(&served).await;
        let initialized = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        let answer = served.post(&initialized, &as_pairs(&headers)).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::ACCEPTED, ""));
        let ping = served.handshake("ping", json!({}), &as_pairs(&headers)).await;
        assert_eq!(ping.message()["result"], json!({}));
    }
}

#[tokio::test]
async fn what_is_no_message_is_told_apart() {
    let (_sandbox, served) = both().await;
    for served in served {
        let headers = shaken(&served).await;
        let headers = as_pairs(&headers);
        let deep =
            format!(r#"{{"jsonrpc":"2.0","id":1,"method":"ping","params":{{"a":{}}}}}"#, "[".repeat(10_000));
        for body in ["{bad", "", "\u{feff}{}", "nul", &deep] {
            let answer = served.send(Method::POST, body, &headers).await;
            is_error(&answer, 400, -32_700);
            assert!(answer.message().get("id").is_none(), "MCP has no null id");
        }
        let ping = request("ping", json!({}));
        let mut null_id = ping.clone();
        null_id["id"] = Value::Null;
        let mut object_id = ping.clone();
        object_id["id"] = json!({});
        let duplicate = r#"{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}"#.to_owned();
        for body in [
            json!([ping]).to_string(),
            null_id.to_string(),
            object_id.to_string(),
            duplicate,
            "7".into(),
            "{}".into(),
        ] {
            is_error(&served.send(Method::POST, body, &headers).await, 400, -32_600);
        }
    }
}

#[tokio::test]
async fn numbers_too_large_to_hold_are_mistakes_of_the_client() {
    let (_sandbox, served) = both().await;
    let digits = "9".repeat(400);
    for served in served {
        let headers = shaken(&served).await;
        let headers = as_pairs(&headers);
        for number in ["1e400", "-1e400", digits.as_str()] {
            let body = format!(
                r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"labels_update","arguments":{{"session":"main","labelId":"1","color":{number}}}}}}}"#
            );
            let answer = served.send(Method::POST, body, &headers).await;
            is_error(&answer, 400, -32_600);
            assert_eq!(answer.message()["id"], 1, "{answer:?}");
            let body = format!(r#"{{"jsonrpc":"2.0","id":{number},"method":"ping"}}"#);
            is_error(&served.send(Method::POST, body, &headers).await, 400, -32_600);
        }
        for id in ["18446744073709551616", "1e30", "0.5"] {
            let body = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#);
            is_error(&served.send(Method::POST, body, &headers).await, 400, -32_600);
        }
        let large = json!({ "session": "main", "labelId": "1", "color": 1e300 });
        let answer =
            served.handshake("tools/call", json!({ "name": "labels_update", "arguments": large }), &headers);
        let answer = answer.await;
        assert_eq!(answer.message()["result"]["isError"], true, "{answer:?}");
        assert_eq!(
            answer.message()["result"]["structuredContent"]["kind"],
            "invalid_arguments",
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn whoever_takes_json_is_served_and_nothing_else_is_sent_as_json() {
    let (_sandbox, [served, _]) = both().await;
    for accept in ["*/*", "application/json", "application/*;q=0.5", ""] {
        let answer = served.handshake("ping", json!({}), &[("accept", accept)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{accept}: {answer:?}");
    }
    let answer = served.handshake("ping", json!({}), &[("accept", "text/html")]).await;
    assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE);
    for content_type in ["text/plain", "application/jsonlines", ""] {
        let answer = served.handshake("ping", json!({}), &[("content-type", content_type)]).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
    }
    let answer =
        served.handshake("ping", json!({}), &[("content-type", "Application/JSON; charset=utf-8")]).await;
    assert_eq!(answer.status, StatusCode::OK);
}

#[tokio::test]
async fn foreign_pages_and_foreign_names_are_refused_whatever_they_ask() {
    let (_sandbox, served) = both().await;
    for served in served {
        for header in [("origin", "http://evil.example"), ("origin", "null"), ("host", "evil.example")] {
            for method in [Method::POST, Method::GET, Method::DELETE, Method::OPTIONS] {
                let answer =
                    served.send(method.clone(), request("ping", json!({})).to_string(), &[header]).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{method} with {header:?}");
            }
        }
        let answer = served.handshake("tools/list", json!({}), &[("origin", "http://localhost:6274")]).await;
        assert_ne!(answer.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn the_stateless_era_has_neither_streams_nor_ends_of_sessions() {
    let (_sandbox, served) = both().await;
    for served in served {
        for method in [Method::GET, Method::DELETE, Method::PUT, Method::PATCH] {
            let answer = served.send(method.clone(), "", &[("mcp-protocol-version", STATELESS)]).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        }
    }
}

#[tokio::test]
async fn a_request_over_the_limit_is_refused_and_the_next_one_served() {
    let (_sandbox, served) = both().await;
    for served in served {
        let large = request("ping", json!({ "fill": "x".repeat(5 << 20) }));
        let answer = served.post(&large, &[]).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(answer.message()["error"]["message"].as_str().is_some_and(|text| text.contains("4194304")));
        assert_eq!(served.stateless("tools/list", json!({}), &[]).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_session_is_of_use_to_the_caller_who_opened_it_only_and_ends() {
    let (_sandbox, [_, served]) = both().await;
    let headers = shaken(&served).await;
    let pairs = as_pairs(&headers);
    assert_eq!(served.handshake("tools/list", json!({}), &pairs).await.status, StatusCode::OK);
    let session = pairs[1].1;
    let (id, _proof) = session.rsplit_once('.').expect("the id carries a proof");
    for forged in [id, "", "00000000-0000-0000-0000-000000000000.00000000000000000000000000000000", "é"] {
        if !forged.is_ascii() {
            continue;
        }
        let answer = served.handshake("tools/list", json!({}), &[("mcp-session-id", forged)]).await;
        assert!(answer.status.is_client_error(), "{forged}: {answer:?}");
    }
    assert_eq!(served.send(Method::DELETE, "", &pairs).await.status, StatusCode::ACCEPTED);
    assert_eq!(served.handshake("tools/list", json!({}), &pairs).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_request_id_of_a_client_comes_back_and_another_is_made_where_there_is_none() {
    let (_sandbox, [served, _]) = both().await;
    let answer = served.handshake("ping", json!({}), &[("x-request-id", "trace-7")]).await;
    assert_eq!(answer.header("x-request-id"), Some("trace-7"));
    let answer = served.handshake("ping", json!({}), &[]).await;
    assert_eq!(answer.header("x-request-id").map(str::len), Some(36));
    let answer = served.handshake("ping", json!({}), &[("x-request-id", &"x".repeat(500))]).await;
    assert_eq!(answer.header("x-request-id").map(str::len), Some(36));
}
