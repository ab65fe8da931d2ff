//! Scopes over HTTP: what is listed, and how a call beyond them is refused.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::json;
use toolwright::Granted;

use super::{Served, config};
use crate::world::{self, Era};

/// The keys of the table: what each is for, and its scopes.
const KEYS: [(&str, &str); 5] = [
    (
        "a key that reads",
        "sessions:read chats:read groups:read contacts:read channels:read presence:read profile:read labels:read \
         webhooks:read media:read messages:read lids:read info:read",
    ),
    ("a key that manages sessions and groups", "sessions:manage groups:manage"),
    ("a key for everything", "*"),
    ("a key for one domain", "groups:*"),
    ("a key without scopes", ""),
];

/// An API that nothing may reach: every call in this test is refused before.
const NOWHERE: &str = "http://127.0.0.1:9";

#[tokio::test]
async fn every_tool_is_listed_and_called_as_the_scopes_of_each_key_allow() {
    let toolset = world::toolset();
    for (key, scopes) in KEYS {
        let granted: Granted = scopes.parse().unwrap();
        let served = Served::start(config(NOWHERE, "key", scopes)).await;
        for era in [Era::Stateless, Era::Handshake] {
            let answer = match era {
                Era::Stateless => served.stateless("tools/list", json!({}), &[]).await,
                Era::Handshake => served.handshake("tools/list", json!({}), &[]).await,
            };
            let message = answer.message();
            let listed = message["result"]["tools"].as_array().expect("a list of tools");
            let listed: BTreeSet<&str> = listed.iter().filter_map(|tool| tool["name"].as_str()).collect();
            for tool in toolset.tools() {
                let allowed = granted.allows(&tool.scopes);
                assert_eq!(listed.contains(tool.name.as_str()), allowed, "{key} lists {}", tool.name);
                // Arguments that no tool takes: an allowed call ends at them, before it reaches the API.
                let answer = served.call(era, &tool.name, json!({ "no such argument": 1 }), &[]).await;
                if allowed {
                    assert_eq!(answer.status, StatusCode::OK, "{key} calls {}: {answer:?}", tool.name);
                    assert_eq!(answer.message()["result"]["structuredContent"]["kind"], "invalid_arguments");
                    continue;
                }
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{key} calls {}: {answer:?}", tool.name);
                let challenge = answer.header("www-authenticate").expect("a challenge");
                let needed = format!(r#"scope="{}""#, tool.scopes.join(" "));
                assert!(challenge.starts_with("Bearer "), "{challenge}");
                assert!(challenge.contains(r#"error="insufficient_scope""#), "{challenge}");
                assert!(challenge.contains(&needed), "{challenge} has not {needed}");
                assert_eq!(answer.message()["error"]["data"]["required_scopes"], json!(tool.scopes));
                assert_eq!(answer.message()["id"], 1);
            }
        }
    }
}
