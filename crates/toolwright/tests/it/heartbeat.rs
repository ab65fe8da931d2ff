//! A client hears that its call goes on while the API takes its time.

use std::time::Duration;

use rmcp::model::CallToolRequestParams;
use serde_json::json;
use toolwright::Server;
use wiremock::ResponseTemplate;

use crate::fixture::{answering, context, object, toolset};
use crate::mcp::{Client, ERAS, Told, connect};

/// What the client is told during a call that the API answers after this time.
async fn told(delay: Duration, every: Duration, takes: bool, era: crate::mcp::Era) -> Vec<Told> {
    let api =
        answering(ResponseTemplate::new(200).set_body_json(json!({ "id": "g" })).set_delay(delay)).await;
    let caller = context(&api.uri()).with_notifications(takes);
    let mut client: Client = connect(Server::new(toolset(), caller).with_heartbeat(every), era).await;
    let arguments = object(json!({ "session": "main", "groupId": "g" }));
    let call = CallToolRequestParams::new("groups_get").with_arguments(arguments);
    client.service.call_tool(call).await.unwrap();
    client.heard()
}

#[tokio::test]
async fn a_slow_call_is_told_of_again_and_again_in_both_eras() {
    for era in ERAS {
        let told = told(Duration::from_secs(2), Duration::from_millis(50), true, era).await;
        let done: Vec<f64> = told
            .iter()
            .map(|told| match told {
                Told::Progress(done, None, Some(message)) if message.starts_with("waiting for the API") => {
                    *done
                }
                other => panic!("{other:?}"),
            })
            .collect();
        assert!(done.len() >= 2, "{era:?}: {done:?}");
        assert!(done.is_sorted_by(|one, next| one < next), "{done:?}");
    }
}

#[tokio::test]
async fn a_call_that_is_answered_soon_is_not_told_of() {
    for era in ERAS {
        assert_eq!(told(Duration::ZERO, Duration::from_mins(1), true, era).await, []);
    }
}

#[tokio::test]
async fn a_client_that_takes_one_answer_only_is_told_nothing_before_it() {
    for era in ERAS {
        assert_eq!(told(Duration::from_millis(200), Duration::from_millis(10), false, era).await, []);
    }
}
