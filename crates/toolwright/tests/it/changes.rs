//! Clients are told of changes that they want to hear of.

use std::sync::Arc;

use rmcp::ServerHandler;
use rmcp::model::{
    ResourceContents, ServerNotification, SubscribeRequestParams, SubscriptionFilter,
    UnsubscribeRequestParams,
};
use serde_json::json;
use toolwright::{HandWrittenPrompt, HandWrittenResource, Notifier, ResourceRequest, Server, Toolset};

use crate::fixture::{API, nowhere, toolset};
use crate::mcp::{Era, Told, connect, refused};

fn server(notifier: &Notifier, granted: &str) -> Server {
    let read =
        |request: ResourceRequest, _, _| async move { Ok(vec![ResourceContents::text("text", request.uri)]) };
    let toolset = Toolset::builder(&API)
        .resource(HandWrittenResource::new("notes://{id}", "note", read))
        .resource(HandWrittenResource::new("secrets://1", "secret", read).scopes(["secrets:read"]))
        .prompt(HandWrittenPrompt::new("empty", "Nothing.", |_, _, _| async { Ok(Vec::new()) }))
        .build()
        .unwrap();
    let context = nowhere().with_granted(granted.parse().unwrap());
    Server::new(toolset, context).with_notifier(notifier.clone())
}

#[tokio::test]
async fn changes_are_declared_only_with_a_notifier() {
    let client = connect(server(&Notifier::new(), "*"), Era::Handshake).await;
    let declared = serde_json::to_value(&client.service.peer_info().unwrap().capabilities).unwrap();
    assert_eq!(declared["tools"], json!({ "listChanged": true }));
    assert_eq!(declared["prompts"], json!({ "listChanged": true }));
    assert_eq!(declared["resources"], json!({ "subscribe": true, "listChanged": true }));

    let client = connect(Server::new(toolset(), nowhere()), Era::Handshake).await;
    let declared = serde_json::to_value(&client.service.peer_info().unwrap().capabilities).unwrap();
    assert_eq!(declared["tools"], json!({}));
    assert_eq!(declared.get("logging"), None);
    let refusal = refused(client.service.subscribe(SubscribeRequestParams::new("chat://groups")).await);
    assert_eq!(refusal, (-32601, "this server has no method `resources/subscribe`".to_owned()));
    let client = connect(Server::new(toolset(), nowhere()), Era::Stateless).await;
    assert_eq!(refused(client.service.listen(SubscriptionFilter::new()).await.map(|_| ())).0, -32601);
}

#[tokio::test]
async fn a_session_hears_of_lists_and_of_the_resources_it_subscribed_to() {
    let notifier = Notifier::new();
    let mut client = connect(server(&notifier, "*"), Era::Handshake).await;
    let service = &client.service;
    service.subscribe(SubscribeRequestParams::new("notes://1")).await.unwrap();
    service.subscribe(SubscribeRequestParams::new("notes://2")).await.unwrap();
    service.unsubscribe(UnsubscribeRequestParams::new("notes://2")).await.unwrap();
    notifier.resource_updated("notes://2");
    notifier.resource_updated("notes://3");
    notifier.resource_updated("notes://1");
    notifier.tools_changed();
    notifier.prompts_changed();
    notifier.resources_changed();
    client.settle().await;
    let updated = Told::Updated("notes://1".to_owned());
    assert_eq!(client.heard(), [updated, Told::ToolsChanged, Told::PromptsChanged, Told::ResourcesChanged]);
}

#[tokio::test]
async fn a_session_that_has_ended_is_forgotten() {
    let notifier = Notifier::new();
    let client = connect(server(&notifier, "*"), Era::Handshake).await;
    client.settle().await;
    client.service.cancel().await.unwrap();
    let mut client = connect(server(&notifier, "*"), Era::Handshake).await;
    client.settle().await;
    assert_eq!(format!("{notifier:?}"), "Notifier { sessions: 1, streams: 0 }");
    notifier.tools_changed();
    client.settle().await;
    assert_eq!(client.heard(), [Told::ToolsChanged]);
}

#[tokio::test]
async fn a_stream_hears_what_it_asked_for() {
    let notifier = Notifier::new();
    let client = connect(server(&notifier, "*"), Era::Stateless).await;
    let filter =
        SubscriptionFilter::builder().prompts_list_changed().resource_subscription("notes://1").build();
    let mut stream = client.service.listen(filter.clone()).await.unwrap();
    assert_eq!(stream.acknowledged(), &filter);
    client.settle().await;
    notifier.tools_changed();
    notifier.resource_updated("notes://2");
    notifier.resource_updated("notes://1");
    notifier.prompts_changed();
    let first = stream.next().await.unwrap().unwrap();
    assert!(
        matches!(&first, ServerNotification::ResourceUpdatedNotification(it) if it.params.uri == "notes://1")
    );
    let second = stream.next().await.unwrap().unwrap();
    assert!(matches!(second, ServerNotification::PromptListChangedNotification(_)), "{second:?}");
    stream.cancel().await.unwrap();
    client.settle().await;
    assert_eq!(format!("{notifier:?}"), "Notifier { sessions: 0, streams: 0 }");
}

#[tokio::test]
async fn a_stream_misses_nothing_between_its_promise_and_its_beginning() {
    let notifier = Notifier::new();
    let server = Arc::new(server(&notifier, "*"));
    let client = connect(Arc::clone(&server), Era::Stateless).await;
    let filter = SubscriptionFilter::builder().tools_list_changed().prompts_list_changed().build();
    notifier.prompts_changed();
    // What happens when the client asks for a stream; it begins only after the client has been told that it has one.
    server.accepted_subscription_filter(&filter).unwrap();
    notifier.tools_changed();
    let mut stream = client.service.listen(filter).await.unwrap();
    client.settle().await;
    notifier.prompts_changed();
    let first = stream.next().await.unwrap().unwrap();
    assert!(matches!(first, ServerNotification::ToolListChangedNotification(_)), "{first:?}");
}

#[tokio::test]
async fn nobody_subscribes_to_what_is_hidden() {
    for uri in ["secrets://1", "unknown://1"] {
        let client = connect(server(&Notifier::new(), "groups:read"), Era::Handshake).await;
        let (code, message) = refused(client.service.subscribe(SubscribeRequestParams::new(uri)).await);
        assert_eq!(code, -32002, "{uri}: {message}");
        let client = connect(server(&Notifier::new(), "groups:read"), Era::Stateless).await;
        let filter = SubscriptionFilter::builder().resource_subscription(uri).build();
        let mut stream = client.service.listen(filter).await.unwrap();
        assert_eq!(refused(stream.next().await).0, -32602, "{uri}");
    }
    let client = connect(server(&Notifier::new(), "secrets:read"), Era::Handshake).await;
    client.service.subscribe(SubscribeRequestParams::new("secrets://1")).await.unwrap();
}
