//! Scopes and policy: what is listed, and what may be called.

use serde_json::json;
use toolwright::{ErrorKind, Granted, Pattern, Policy, Toolset};

use crate::fixture::{API, answering_json, context, nowhere, object, toolset};

/// The tools that a caller with these scopes finds, as one line a scope set.
#[test]
fn scopes_decide_what_is_listed() {
    let names = |granted: &str| {
        let granted: Granted = granted.parse().unwrap();
        let toolset = toolset();
        toolset.list(&granted).iter().map(|tool| tool.name.clone()).collect::<Vec<_>>().join(" ")
    };
    let table: Vec<String> =
        ["", "groups:read", "groups:manage", "groups:*", "messages:write media:read", "sessions:*", "*"]
            .into_iter()
            .map(|granted| format!("{granted:?}: {}", names(granted)))
            .collect();
    insta::assert_snapshot!(table.join("\n"), @r#"
    "": labels_set
    "groups:read": groups_get groups_list labels_set
    "groups:manage": groups_delete labels_set
    "groups:*": groups_delete groups_get groups_list labels_set
    "messages:write media:read": labels_set media_download media_upload messages_send
    "sessions:*": avatar_set labels_set pair_qr
    "*": avatar_set groups_delete groups_get groups_list labels_set media_download media_upload messages_send pair_qr
    "#);
}

#[tokio::test]
async fn what_is_listed_may_be_called_and_nothing_else() {
    let server = answering_json(json!({})).await;
    let toolset = toolset();
    let arguments = |tool: &str| match tool {
        "groups_get" => json!({ "session": "default", "groupId": "1@g.us" }),
        "groups_delete" => json!({ "groupId": "1@g.us" }),
        "labels_set" => json!({ "chatId": 5 }),
        "media_download" => json!({ "id": "m" }),
        "media_upload" => json!({ "files": [{ "base64": "AAAA" }] }),
        "messages_send" => json!({ "chatId": "1@c.us", "type": "text", "text": "hi" }),
        "avatar_set" => json!({ "body": { "base64": "AAAA" } }),
        _ => json!({}),
    };
    for granted in ["", "groups:read", "groups:*", "messages:write", "media:*", "sessions:manage", "*"] {
        let granted: Granted = granted.parse().unwrap();
        let listed: Vec<&str> = toolset.list(&granted).iter().map(|tool| tool.name.as_str()).collect();
        for tool in toolset.tools() {
            let context = context(&server.uri()).with_granted(granted.clone());
            let result = toolset.call(&tool.name, object(arguments(&tool.name)), &context).await;
            assert_eq!(
                result.is_ok(),
                listed.contains(&tool.name.as_str()),
                "{granted}: {}: {result:?}",
                tool.name
            );
        }
    }
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let context = nowhere().with_granted("groups:read".parse().unwrap());
    let error = crate::fixture::failure(&context, "groups_delete", json!({ "groupId": "1" })).await;
    assert_eq!(error.kind, ErrorKind::InsufficientScope);
    assert_eq!(error.required_scopes, ["groups:manage"]);
    insta::assert_snapshot!(error, @"`groups_delete` was not called: it needs the scope `groups:manage`, which was not granted. Ask the user for a key or a grant that has it");
}

#[test]
fn a_policy_decides_what_is_offered() {
    let offered = |policy: Policy| {
        let toolset = Toolset::builder(&API).policy(policy).build().unwrap();
        toolset.tools().map(|tool| tool.name.clone()).collect::<Vec<_>>().join(" ")
    };
    let patterns = |texts: &[&str]| texts.iter().map(|text| Pattern::from(*text)).collect::<Vec<_>>();
    let table = [
        ("groups_*", Policy { include: patterns(&["groups_*"]), ..Policy::default() }),
        (
            "groups_* but not *_delete",
            Policy {
                include: patterns(&["groups_*"]),
                exclude: patterns(&["*_delete"]),
                ..Policy::default()
            },
        ),
        ("*e*_s*", Policy { include: patterns(&["*e*_s*"]), ..Policy::default() }),
        ("domain media", Policy { domains: vec!["media".to_owned()], ..Policy::default() }),
        ("read-only", Policy { read_only: true, ..Policy::default() }),
        (
            "read-only media",
            Policy { domains: vec!["media".to_owned()], read_only: true, ..Policy::default() },
        ),
    ];
    let table: Vec<String> =
        table.into_iter().map(|(name, policy)| format!("{name}: {}", offered(policy))).collect();
    insta::assert_snapshot!(table.join("\n"), @"
    groups_*: groups_delete groups_get groups_list
    groups_* but not *_delete: groups_get groups_list
    *e*_s*: labels_set messages_send
    domain media: avatar_set media_download media_upload pair_qr
    read-only: groups_get groups_list media_download pair_qr
    read-only media: media_download pair_qr
    ");
}

#[tokio::test]
async fn a_tool_that_the_policy_leaves_out_says_why() {
    let refusal = |policy: Policy, tool: &'static str| async move {
        let toolset = Toolset::builder(&API).policy(policy).build().unwrap();
        assert!(toolset.tool(tool).is_none());
        toolset.call(tool, object(json!({ "anything": 1 })), &nowhere()).await.unwrap_err().to_string()
    };
    let read_only = refusal(Policy { read_only: true, ..Policy::default() }, "messages_send").await;
    insta::assert_snapshot!(read_only, @"`messages_send` was not called: its effect is `write` and this server is read-only. Only the person who runs this server can change that; use another tool or tell the user");
    let excluded = Policy { exclude: vec![Pattern::from("pair_*")], ..Policy::default() };
    insta::assert_snapshot!(refusal(excluded, "pair_qr").await, @"`pair_qr` was not called: it is excluded by `pair_*`. Only the person who runs this server can change that; use another tool or tell the user");
    let included = Policy { include: vec![Pattern::from("pair_*")], ..Policy::default() };
    insta::assert_snapshot!(refusal(included, "groups_get").await, @"`groups_get` was not called: it is not among the tools that are included. Only the person who runs this server can change that; use another tool or tell the user");
    let domain = Policy { domains: vec!["groups".to_owned()], ..Policy::default() };
    insta::assert_snapshot!(refusal(domain, "pair_qr").await, @"`pair_qr` was not called: its domain `media` is switched off. Only the person who runs this server can change that; use another tool or tell the user");
}

#[test]
fn a_policy_that_matches_nothing_is_an_error_with_a_suggestion() {
    let policy = Policy {
        include: vec![Pattern::from("group_get"), Pattern::from("groups_*")],
        exclude: vec![Pattern::from("nothing_like_it*"), Pattern::from("grups_*")],
        domains: vec![
            "mesages".to_owned(),
            "labels".to_owned(),
            "quite other".to_owned(),
            "media".to_owned(),
        ],
        toolset: Some("smal".to_owned()),
        read_only: false,
        confirm: vec![Pattern::from("avatr_set")],
    };
    let error = Toolset::builder(&API).policy(policy).build().unwrap_err();
    insta::assert_snapshot!(error, @"
    the policy does not fit the tools:
    - `group_get` matches no tool; did you mean `groups_get`?
    - `nothing_like_it*` matches no tool
    - `grups_*` matches no tool; did you mean `groups_*`?
    - `avatr_set` matches no tool; did you mean `avatar_set`?
    - there is no toolset `smal`; there is `full`
    - there is no domain `mesages`; did you mean `messages`?
    - domain `labels` has no tools in this build; its Cargo feature is off, or none of its operations is a tool
    - there is no domain `quite other`; there are groups, messages, media, labels
    ");
}
