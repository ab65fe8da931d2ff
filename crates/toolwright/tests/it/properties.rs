//! What holds for any JSON.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;
use toolwright::{CallError, ErrorKind, Toolset};
use wiremock::ResponseTemplate;

use crate::fixture::{answering, context, nowhere, toolset};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
static TOOLSET: LazyLock<Toolset> = LazyLock::new(toolset);

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
        Just(json!("[1, \"a\"]")),
        Just(json!("{\"url\": \"u\", \"base64\": null}")),
        Just(json!("5.0")),
        Just(json!("text")),
        Just(json!("1@c.us")),
    ];
    let name = prop_oneof![
        Just("id".to_owned()),
        Just("participants".to_owned()),
        Just("url".to_owned()),
        Just("a/b~c".to_owned()),
        ".*"
    ];
    leaf.prop_recursive(4, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Arguments of `messages_send`, most of them under names that it knows.
fn any_arguments() -> impl Strategy<Value = Map<String, Value>> {
    let name = prop_oneof![
        Just("chatId".to_owned()),
        Just("type".to_owned()),
        Just("text".to_owned()),
        Just("image".to_owned()),
        Just("mentions".to_owned()),
        Just("sendAt".to_owned()),
        ".*",
    ];
    prop::collection::vec((name, any_json()), 0..7).prop_map(|members| members.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_arguments_make_a_call_panic(arguments in any_arguments()) {
        // Nothing listens there: what passes the checks fails to connect.
        let context = nowhere();
        let error = RUNTIME.block_on(TOOLSET.call("messages_send", arguments, &context)).unwrap_err();
        let CallError::Tool(error) = error else { panic!("the tool is known") };
        prop_assert!(matches!(error.kind, ErrorKind::InvalidArguments | ErrorKind::UpstreamUnavailable));
        prop_assert!(error.message.chars().count() < 20_000);
        prop_assert!(!error.message.contains(|character: char| character.is_control() && character != '\n'));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn whatever_is_answered_the_structured_part_conforms_and_the_text_is_whole(body in any_json()) {
        let server = RUNTIME.block_on(answering(ResponseTemplate::new(200).set_body_json(&body)));
        let arguments = crate::fixture::object(json!({ "session": "s", "groupId": "g" }));
        let output = RUNTIME.block_on(TOOLSET.call("groups_get", arguments, &context(&server.uri()))).unwrap();
        let schema = Value::Object((**TOOLSET.tool("groups_get").unwrap().output_schema.as_ref().unwrap()).clone());
        let structured = output.structured.clone().unwrap();
        prop_assert!(jsonschema::is_valid(&schema, &structured), "{structured}");
        let text = &output.content[0].as_text().unwrap().text;
        prop_assert_eq!(&serde_json::from_str::<Value>(text).unwrap(), &*output.raw.unwrap());
    }
}
