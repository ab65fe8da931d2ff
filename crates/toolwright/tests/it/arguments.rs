//! What is wrong with arguments is said before anything is sent; what is plainly meant is mended.

use serde_json::{Value, json};
use toolwright::api::{Api, Entry, Invoke};
use toolwright::{CallError, Context, ErrorKind, Output, Toolset};

use crate::fixture::{answering_json, call, context, failure, nowhere, object};

/// The whole message about arguments that do not fit.
async fn refusal(tool: &str, arguments: Value) -> String {
    let error = failure(&nowhere(), tool, arguments).await;
    assert_eq!(error.kind, ErrorKind::InvalidArguments, "{error}");
    assert!(!error.problems.is_empty());
    error.message.clone()
}

#[tokio::test]
async fn all_that_is_wrong_comes_at_once_with_its_place() {
    let arguments =
        json!({ "chatId": "someone", "type": "txt", "text": "", "sendAt": "tomorrow", "txet": 1 });
    insta::assert_snapshot!(refusal("messages_send", arguments).await, @r#"
    `messages_send` was not called, because its arguments do not fit:
    - /chatId: expected text that matches `^[0-9]+@(c|g)\.us$` (Chat JID), for example "4915112345678@c.us"; got "someone"
    - /type: expected one of "text", "image"; got "txt"; did you mean `text`?
    - /text: expected at least 1 character; got an empty text
    - /sendAt: expected text in the format `date-time`, for example "2026-01-31T12:00:00Z"; got "tomorrow"
    - /txet: there is no such argument; did you mean `text`?
    "#);
}

#[tokio::test]
async fn missing_arguments_are_named_with_an_example() {
    insta::assert_snapshot!(refusal("groups_get", json!({})).await, @r#"
    `groups_get` was not called, because its arguments do not fit:
    - /session: required, but nothing came; expected text, for example "default"
    - /groupId: required, but nothing came; expected text, for example "1203@g.us"
    "#);
    insta::assert_snapshot!(refusal("messages_send", json!({ "type": "text", "text": "hi" })).await, @r#"
    `messages_send` was not called, because its arguments do not fit:
    - /chatId: required, but nothing came; expected text, for example "4915112345678@c.us"
    "#);
}

#[tokio::test]
async fn values_of_another_type_are_shown() {
    let arguments = json!({ "limit": "many", "exact": 1, "ids": { "a": 1, "b": 2 }, "offset": [1, 2] });
    insta::assert_snapshot!(refusal("groups_list", arguments).await, @r#"
    `groups_list` was not called, because its arguments do not fit:
    - /limit: expected an integer; got "many"
    - /exact: expected true or false; got 1
    - /ids: expected an array; got an object with `a`, `b`
    - /offset: expected null or an integer; got an array of 2 items
    "#);
}

#[tokio::test]
async fn values_out_of_range_are_shown_with_the_limit() {
    let arguments = json!({ "limit": 501, "offset": -1, "ids": ["a", "a", "b", "c"] });
    insta::assert_snapshot!(refusal("groups_list", arguments).await, @"
    `groups_list` was not called, because its arguments do not fit:
    - /limit: expected at most 500; got 501
    - /offset: expected at least 0; got -1
    - /ids: expected at most 3 items; got an array of 4 items
    - /ids: expected items that differ from each other; got an array of 4 items
    ");
    let arguments = json!({ "limit": 2.5, "ids": ["x".repeat(41)] });
    insta::assert_snapshot!(refusal("groups_list", arguments).await, @"
    `groups_list` was not called, because its arguments do not fit:
    - /limit: expected an integer; got 2.5
    - /ids/0: expected at most 40 characters; got 41 characters
    ");
}

#[tokio::test]
async fn long_and_strange_values_are_shortened_and_escaped() {
    let arguments = json!({
        "chatId": "line\nbreak \u{202e}tel \u{0}nul \u{1b}[31m \"quoted\"",
        "type": "💬".repeat(1000),
        "text": "é".repeat(101),
        "\u{202e}name\n": 1,
    });
    insta::assert_snapshot!(refusal("messages_send", arguments).await, @r#"
    `messages_send` was not called, because its arguments do not fit:
    - /chatId: expected text that matches `^[0-9]+@(c|g)\.us$` (Chat JID), for example "4915112345678@c.us"; got "line\nbreak \u{202e}tel \0nul \u{1b}[31m "quoted""
    - /type: expected one of "text", "image"; got "💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬…" (1000 characters)
    - /text: expected at most 100 characters; got 101 characters
    - /\u{202e}name\n: there is no such argument; there are `chatId`, `type`, `text`, `image`, `sendAt`, `mentions`
    "#);
}

#[tokio::test]
async fn unknown_arguments_are_named_with_the_nearest_valid_name() {
    insta::assert_snapshot!(refusal("groups_list", json!({ "limits": 5, "colour": "red" })).await, @"
    `groups_list` was not called, because its arguments do not fit:
    - /limits: there is no such argument; did you mean `limit`?
    - /colour: there is no such argument; there are `limit`, `offset`, `exact`, `ids`
    ");
    // A schema that is silent about other members is no way in for them.
    insta::assert_snapshot!(refusal("groups_delete", json!({ "groupId": "1", "grupId": "2" })).await, @"
    `groups_delete` was not called, because its arguments do not fit:
    - /grupId: there is no such argument; did you mean `groupId`?
    ");
    // Nor is a schema that allows others: there is no place for them in the request.
    insta::assert_snapshot!(refusal("labels_set", json!({ "chatId": 5, "color": "red" })).await, @"
    `labels_set` was not called, because its arguments do not fit:
    - /color: there is no such argument; did you mean `colour`?
    ");
    // A fixed argument is not the model's to set.
    insta::assert_snapshot!(refusal("groups_list", json!({ "version": "3" })).await, @"
    `groups_list` was not called, because its arguments do not fit:
    - /version: there is no such argument; there are `limit`, `offset`, `exact`, `ids`
    ");
}

#[tokio::test]
async fn a_great_many_problems_are_summed_up() {
    let arguments: serde_json::Map<String, Value> =
        (0..50).map(|number| (format!("unknown_argument_{number}"), json!(1))).collect();
    let message = refusal("groups_list", Value::Object(arguments)).await;
    assert!(message.ends_with("\n- and more"), "{message}");
    assert_eq!(message.lines().count(), 22);
}

#[tokio::test]
async fn alternatives_that_differ_in_what_they_require_are_told_as_a_choice() {
    let image = |image: Value| json!({ "chatId": "1@c.us", "type": "image", "image": image });
    insta::assert_snapshot!(refusal("messages_send", image(json!({}))).await, @"
    `messages_send` was not called, because its arguments do not fit:
    - /image: give exactly one of `url`, `base64`; got none
    ");
    insta::assert_snapshot!(refusal("messages_send", image(json!({ "url": "u", "base64": "b" }))).await, @"
    `messages_send` was not called, because its arguments do not fit:
    - /image: give exactly one of `url`, `base64`; got `url`, `base64`
    ");
}

/// An API whose only tool asks for one of two sets of arguments, which its schema must not say at its root.
static PICTURES: Api = Api {
    catalog: include_str!("fixture/catalog.json"),
    tools: &[Entry {
        name: "picture_set",
        definition: include_str!("fixture/picture_set.json"),
        invoke: Invoke::Generic,
    }],
};

async fn set_picture(context: &Context, arguments: Value) -> Result<Output, CallError> {
    let toolset = Toolset::builder(&PICTURES).build().unwrap();
    toolset.call("picture_set", object(arguments), context).await
}

#[tokio::test]
async fn sets_of_arguments_that_exclude_each_other_are_told_as_a_choice() {
    let refusal = async |arguments: Value| match set_picture(&nowhere(), arguments).await {
        Err(CallError::Tool(error)) if error.kind == ErrorKind::InvalidArguments => error.message.clone(),
        other => panic!("it was not refused: {other:?}"),
    };
    insta::assert_snapshot!(refusal(json!({ "session": "s" })).await, @"
    `picture_set` was not called, because its arguments do not fit:
    - give exactly one of `url`, `base64` with `filename`; got none
    ");
    let both = json!({ "session": "s", "url": "u", "base64": "b", "filename": "f" });
    insta::assert_snapshot!(refusal(both).await, @"
    `picture_set` was not called, because its arguments do not fit:
    - give exactly one of `url`, `base64` with `filename`; got `url`, `base64`, `filename`
    ");
    let half = json!({ "session": "s", "base64": "b", "url": null });
    insta::assert_snapshot!(refusal(half).await, @"
    `picture_set` was not called, because its arguments do not fit:
    - give exactly one of `url`, `base64` with `filename`; got `base64`
    ");
    insta::assert_snapshot!(refusal(json!({ "ulr": "u" })).await, @"
    `picture_set` was not called, because its arguments do not fit:
    - /ulr: there is no such argument; did you mean `url`?
    - /session: required, but nothing came; expected text
    - give exactly one of `url`, `base64` with `filename`; got none
    ");
}

#[tokio::test]
async fn a_whole_set_of_arguments_is_sent_without_the_nulls_of_the_other() {
    let server = answering_json(json!({})).await;
    let arguments = json!({ "session": "s", "base64": "b", "filename": "f", "url": null });
    set_picture(&context(&server.uri()), arguments).await.unwrap();
    let sent: Value = server.received_requests().await.unwrap()[0].body_json().unwrap();
    assert_eq!(sent, json!({ "base64": "b", "filename": "f" }));
}

#[tokio::test]
async fn what_the_chosen_variant_lacks_is_told_with_the_choice() {
    let message =
        refusal("messages_send", json!({ "chatId": "1@c.us", "type": "image", "text": "hi" })).await;
    insta::assert_snapshot!(message, @"
    `messages_send` was not called, because its arguments do not fit:
    - /text: there is no such argument; there are `chatId`, `type`, `sendAt`, `mentions`, `image` (`type` is `image`)
    - /image: required, but nothing came; expected an object (`type` is `image`)
    ");
}

#[tokio::test]
async fn of_alternatives_the_types_are_told() {
    let message =
        refusal("messages_send", json!({ "chatId": "1@c.us", "type": "text", "text": "hi", "mentions": 5 }));
    insta::assert_snapshot!(message.await, @"
    `messages_send` was not called, because its arguments do not fit:
    - /mentions: expected an array or true or false; got 5
    ");
}

#[tokio::test]
async fn of_alternatives_the_nearest_is_explained() {
    let refusal = |filter: Value| refusal("labels_set", json!({ "chatId": 5, "filter": filter }));
    insta::assert_snapshot!(refusal(json!({ "since": "yesterday" })).await, @r#"
    `labels_set` was not called, because its arguments do not fit:
    - /filter/since: expected an integer; got "yesterday"
    "#);
    insta::assert_snapshot!(refusal(json!({ "kind": "some" })).await, @"
    `labels_set` was not called, because its arguments do not fit:
    - /filter/since: required, but nothing came; expected an integer
    ");
    insta::assert_snapshot!(refusal(json!({ "since": 1, "tag": "a", "by": 1 })).await, @"
    `labels_set` was not called, because its arguments do not fit:
    - /filter: give exactly one of `since`, `tag` with `by`, `kind`; got `since`, `tag`, `by`
    ");
    insta::assert_snapshot!(refusal(json!("since yesterday")).await, @r#"
    `labels_set` was not called, because its arguments do not fit:
    - /filter: expected an object; got "since yesterday"
    "#);
}

#[tokio::test]
async fn problems_inside_a_referenced_schema_have_their_place() {
    let message = refusal(
        "messages_send",
        json!({ "chatId": "1@c.us", "type": "image", "image": { "url": "u", "width": "wide", "captoin": "c" } }),
    );
    insta::assert_snapshot!(message.await, @r#"
    `messages_send` was not called, because its arguments do not fit:
    - /image/width: expected an integer; got "wide"
    - /image/captoin: there is no such argument; did you mean `caption`?
    "#);
}

#[tokio::test]
async fn path_values_never_leave_their_segment() {
    let long = "x".repeat(10_000);
    for value in ["", ".", "..", "../admin", "..\\users", "a/b", "a\u{0}b", "a\nb", "/", "\\", long.as_str()]
    {
        for arguments in
            [json!({ "session": value, "groupId": "g" }), json!({ "session": "s", "groupId": value })]
        {
            let message = refusal("groups_get", arguments).await;
            assert!(message.chars().count() < 400, "{message}");
        }
    }
    insta::assert_snapshot!(refusal("groups_get", json!({ "session": "..", "groupId": "" })).await, @"
    `groups_get` was not called, because its arguments do not fit:
    - /session: argument `session` is `..`, which means another place in the path: give an identifier
    - /groupId: argument `groupId` is empty: give the identifier of one item
    ");
}

#[tokio::test]
async fn what_is_special_in_a_url_but_legal_in_a_path_arrives_as_it_was_given() {
    let server = answering_json(json!({ "id": "1" })).await;
    for value in ["%2e%2e", "a?b=c", "a#b", "a%2Fb", "a b", "ü", "1203@g.us", "a;b", "..."] {
        call(&context(&server.uri()), "groups_get", json!({ "session": "s", "groupId": value }))
            .await
            .unwrap();
        let requests = server.received_requests().await.unwrap();
        let url = &requests.last().unwrap().url;
        let segments: Vec<&str> = url.path_segments().unwrap().collect();
        assert_eq!(segments.len(), 4, "{url}");
        let decoded = percent_decoded(segments[3]);
        assert_eq!(decoded, value, "{url}");
        assert_eq!(url.query(), None);
    }
}

fn percent_decoded(segment: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = segment.as_bytes();
    while let [first, tail @ ..] = rest {
        if *first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// What is sent as the query of `groups_list` or the body of `messages_send`.
async fn sent(tool: &str, arguments: Value) -> String {
    let server = answering_json(json!({ "id": "1" })).await;
    call(&context(&server.uri()), tool, arguments).await.unwrap();
    let request = server.received_requests().await.unwrap().pop().unwrap();
    if request.body.is_empty() {
        request.url.query().unwrap_or("nothing").to_owned()
    } else {
        String::from_utf8(request.body).unwrap()
    }
}

#[tokio::test]
async fn json_in_a_text_is_parsed_where_something_else_than_text_is_wanted() {
    assert_eq!(sent("groups_list", json!({ "limit": "5" })).await, "limit=5");
    assert_eq!(sent("groups_list", json!({ "limit": " 5 " })).await, "limit=5");
    assert_eq!(sent("groups_list", json!({ "offset": "7" })).await, "offset=7");
    assert_eq!(sent("groups_list", json!({ "exact": "true" })).await, "exact=true");
    assert_eq!(sent("groups_list", json!({ "ids": "[\"a\",\"b\"]" })).await, "ids=a,b");
    let message = |image: Value| json!({ "chatId": "1@c.us", "type": "image", "image": image });
    let expected = sent("messages_send", message(json!({ "url": "u", "width": 3 }))).await;
    assert_eq!(sent("messages_send", message(json!("{\"url\": \"u\", \"width\": \"3\"}"))).await, expected);
    assert_eq!(sent("messages_send", message(json!({ "url": "u", "width": "3" }))).await, expected);
    let filtered = sent("labels_set", json!({ "chatId": "5", "filter": { "since": "3" } })).await;
    assert_eq!(filtered, "filter%5Bsince%5D=3");
    let mentions =
        |mentions: Value| json!({ "chatId": "1@c.us", "type": "text", "text": "t", "mentions": mentions });
    assert_eq!(
        sent("messages_send", mentions(json!("[\"a\"]"))).await,
        sent("messages_send", mentions(json!(["a"]))).await
    );
}

#[tokio::test]
async fn text_stays_text_where_text_is_wanted() {
    let body =
        sent("messages_send", json!({ "chatId": "1@c.us", "type": "text", "text": "{\"a\": 1}" })).await;
    assert!(body.contains(r#""text":"{\"a\": 1}""#), "{body}");
    let message = refusal("messages_send", json!({ "chatId": 5, "type": "text", "text": 7 })).await;
    insta::assert_snapshot!(message, @r#"
    `messages_send` was not called, because its arguments do not fit:
    - /chatId: expected text, for example "4915112345678@c.us"; got 5
    - /text: expected text; got 7
    "#);
}

#[tokio::test]
async fn a_text_that_is_not_what_is_wanted_is_not_mended() {
    for (name, value) in
        [("limit", "five"), ("limit", "5.5"), ("exact", "yes"), ("ids", "a,b"), ("ids", "{}")]
    {
        let message = refusal("groups_list", json!({ name: value })).await;
        assert!(message.contains(&format!("got \"{value}\"")), "{message}");
    }
}

#[tokio::test]
async fn null_counts_as_absent_where_null_is_not_allowed() {
    assert_eq!(sent("groups_list", json!({ "limit": null, "ids": null, "exact": true })).await, "exact=true");
    assert_eq!(sent("groups_list", json!({ "offset": null })).await, "nothing");
    let message = refusal("groups_get", json!({ "session": null, "groupId": "g" })).await;
    insta::assert_snapshot!(message, @r#"
    `groups_get` was not called, because its arguments do not fit:
    - /session: required, but null came; expected text, for example "default"
    "#);
}

#[tokio::test]
async fn a_whole_number_with_a_point_is_an_integer() {
    assert_eq!(sent("groups_list", json!({ "limit": 5.0 })).await, "limit=5");
    assert_eq!(sent("groups_list", json!({ "limit": "5.0" })).await, "limit=5");
    let body = sent(
        "messages_send",
        json!({ "chatId": "1@c.us", "type": "image", "image": { "url": "u", "width": 3.0 } }),
    );
    assert!(body.await.contains("\"width\":3}"));
}

#[tokio::test]
async fn fixed_arguments_are_sent_and_wire_names_are_used() {
    let body = sent("messages_send", json!({ "chatId": "1@c.us", "type": "text", "text": "hi" })).await;
    insta::assert_snapshot!(body, @r#"{"chat_id":"1@c.us","type":"text","source":"agent","text":"hi"}"#);
    let server = answering_json(json!({})).await;
    call(&context(&server.uri()), "groups_list", json!({})).await.unwrap();
    assert_eq!(server.received_requests().await.unwrap()[0].headers["x-version"], "2");
}

#[tokio::test]
async fn an_unknown_tool_is_told_apart_and_near_names_are_offered() {
    let error = call(&nowhere(), "send_message", json!({})).await.unwrap_err();
    assert!(matches!(error, CallError::UnknownTool { .. }));
    insta::assert_snapshot!(error, @"there is no tool `send_message`; did you mean `messages_send`?");
    insta::assert_snapshot!(call(&nowhere(), "groupsGet", json!({})).await.unwrap_err(), @"there is no tool `groupsGet`; did you mean `groups_get`?");
    let name = format!("evil\n{}", "x".repeat(5000));
    insta::assert_snapshot!(call(&nowhere(), &name, json!({})).await.unwrap_err(), @r"there is no tool `evil\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…`");
    // What a caller may not call is not suggested.
    let context = nowhere().with_granted("groups:read".parse().unwrap());
    insta::assert_snapshot!(call(&context, "send_message", json!({})).await.unwrap_err(), @"there is no tool `send_message`");
}
