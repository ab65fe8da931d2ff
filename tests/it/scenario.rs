//! An agent at work on the simulated network, through the official client, in both eras.

use std::time::Duration;

use rmcp::model::{
    ArgumentInfo, CallToolRequestParams, CompleteRequestParams, ErrorCode, GetPromptRequestParams,
    PaginatedRequestParams, ReadResourceRequestParams, Reference, ResourceContents,
};
use rmcp::service::ServiceError;
use serde_json::{Value, json};
use toolwright::{Granted, Server};

use crate::world::{
    Client, Era, call, connect, context, context_at, json_of, object, sandbox, success, titan, toolset,
};

const ERAS: [Era; 2] = [Era::Handshake, Era::Stateless];

/// Asks until the answer is as wanted. The network needs a moment for what a person would do.
async fn until(
    client: &Client,
    name: &'static str,
    arguments: Value,
    wanted: impl Fn(&Value) -> bool,
) -> Value {
    for _ in 0..100 {
        let answer = success(&call(client, name, arguments.clone()).await);
        if wanted(&answer) {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    panic!("{name} never answered as wanted")
}

#[tokio::test]
async fn an_agent_finds_a_person_and_writes_to_them() {
    for era in ERAS {
        let sandbox = sandbox().await;
        let client = titan(&sandbox, era).await;
        let sessions = success(&call(&client, "sessions_list", json!({})).await);
        let session = sessions["data"][0]["name"].as_str().unwrap().to_owned();
        let number = whatsapp_sandbox::ECHO_NUMBER;
        let found = success(
            &call(&client, "contacts_check", json!({ "session": session, "phoneNumbers": [number] })).await,
        );
        assert_eq!(found["data"][0]["exists"], true, "{found}");
        let chat = found["data"][0]["jid"].as_str().unwrap();
        let message = json!({ "session": session, "chatId": chat, "type": "text", "text": "Olá 👋" });
        let result = call(&client, "messages_send", message).await;
        let sent = success(&result);
        assert!(sent["data"]["id"].as_str().is_some_and(|id| !id.is_empty()), "{sent}");
        assert_eq!(result.structured_content.unwrap()["data"]["id"], sent["data"]["id"]);
        client.cancel().await.unwrap();
        sandbox.stop().await;
    }
}

#[tokio::test]
async fn a_new_session_is_paired_with_a_code_that_a_phone_can_scan() {
    let sandbox = sandbox().await;
    let client = titan(&sandbox, Era::Handshake).await;
    success(&call(&client, "sessions_create", json!({ "name": "shop", "start": true })).await);
    let result = call(&client, "pair_qr", json!({ "session": "shop" })).await;
    let text = success(&result)["qr"].as_str().unwrap().to_owned();
    let image = result.content.iter().find_map(|block| block.as_image()).expect("an image block");
    assert_eq!(image.mime_type, "image/png");
    assert_eq!(scanned(&image.data), text);
    let connected = |answer: &Value| answer["data"]["status"] == "CONNECTED";
    until(&client, "sessions_get", json!({ "session": "shop" }), connected).await;
}

/// What a phone reads in a picture.
fn scanned(base64: &str) -> String {
    use base64::Engine as _;
    let png = base64::engine::general_purpose::STANDARD.decode(base64).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let (width, height) = (info.width as usize, info.height as usize);
    let (line, depth) = (info.line_size, info.bit_depth);
    let dark = |x: usize, y: usize| match depth {
        png::BitDepth::One => pixels[y * line + x / 8] & (0x80 >> (x % 8)) == 0,
        _ => pixels[y * line + x * info.color_type.samples()] < 128,
    };
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| if dark(x, y) { 0 } else { 255 });
    let grids = image.detect_grids();
    grids.first().expect("a QR code in the picture").decode().unwrap().1
}

#[tokio::test]
async fn a_call_without_the_scope_says_which_one_is_missing() {
    let sandbox = sandbox().await;
    // The sandbox refuses: the key is narrow, and the server does not know it.
    let narrow = context_at(sandbox.url(), whatsapp_sandbox::READ_ONLY_KEY);
    let client = connect(Server::new(toolset(), narrow), Era::Handshake).await;
    let arguments = json!({ "name": "another" });
    let refused = call(&client, "sessions_create", arguments.clone()).await;
    assert_eq!(refused.is_error, Some(true));
    let error = json_of(&refused);
    assert_eq!((&error["kind"], &error["status"]), (&json!("insufficient_scope"), &json!(403)), "{error}");
    assert_eq!(error["required_scopes"], json!(["sessions:manage"]));
    // The server refuses: it was told the scopes, so that nothing is sent.
    let granted: Granted = "sessions:read".parse().unwrap();
    let client =
        connect(Server::new(toolset(), context(&sandbox).with_granted(granted)), Era::Handshake).await;
    let refused = json_of(&call(&client, "sessions_create", arguments).await);
    assert_eq!((&refused["kind"], refused.get("status")), (&json!("insufficient_scope"), None), "{refused}");
    let names: Vec<String> =
        client.list_all_tools().await.unwrap().into_iter().map(|tool| tool.name.into()).collect();
    assert!(names.contains(&"sessions_list".to_owned()) && !names.contains(&"sessions_create".to_owned()));
}

#[tokio::test]
async fn wrong_arguments_are_explained_and_repairable_ones_repaired() {
    let sandbox = sandbox().await;
    let client = titan(&sandbox, Era::Stateless).await;
    let wrong = json!({ "session": "main", "chatId": 5, "type": "txt", "colour": "red" });
    let error = json_of(&call(&client, "messages_send", wrong).await);
    assert_eq!(error["kind"], "invalid_arguments");
    let pointers: Vec<&str> =
        error["problems"].as_array().unwrap().iter().map(|it| it["pointer"].as_str().unwrap()).collect();
    for pointer in ["/chatId", "/type", "/colour"] {
        assert!(pointers.contains(&pointer), "{error}");
    }
    let neither = json!({ "session": "main", "chatId": "status@broadcast", "type": "image", "caption": "x" });
    let error = json_of(&call(&client, "messages_send", neither).await).to_string();
    assert!(error.contains("url") && error.contains("base64"), "{error}");
    let as_text = json!({ "session": "main", "phoneNumbers": "[\"+12025550199\"]" });
    success(&call(&client, "contacts_check", as_text).await);
}

#[tokio::test]
async fn an_unknown_tool_is_a_protocol_error_that_names_near_ones() {
    let sandbox = sandbox().await;
    let client = titan(&sandbox, Era::Handshake).await;
    let error = client.call_tool(CallToolRequestParams::new("message_send")).await.unwrap_err();
    let ServiceError::McpError(error) = error else { panic!("{error:?}") };
    assert_eq!(error.code, ErrorCode::INVALID_PARAMS);
    assert!(error.message.contains("messages_send"), "{}", error.message);
}

#[tokio::test]
async fn pages_give_the_same_tools_as_one_list() {
    let sandbox = sandbox().await;
    let whole = titan(&sandbox, Era::Handshake).await.list_all_tools().await.unwrap();
    let server = Server::new(toolset(), context(&sandbox)).with_page_size(10);
    let client = connect(server, Era::Handshake).await;
    assert_eq!(client.list_tools(None).await.unwrap().tools.len(), 10);
    assert_eq!(client.list_all_tools().await.unwrap(), whole);
    let stray = PaginatedRequestParams::default().with_cursor(Some("later".to_owned()));
    let error = client.list_tools(Some(stray)).await.unwrap_err();
    assert!(matches!(error, ServiceError::McpError(error) if error.code == ErrorCode::INVALID_PARAMS));
}

#[tokio::test]
async fn lists_carry_cache_hints_in_the_era_that_has_them() {
    let sandbox = sandbox().await;
    let modern = titan(&sandbox, Era::Stateless).await.list_tools(None).await.unwrap();
    assert_eq!(serde_json::to_value(modern.cache_scope).unwrap(), "private");
    assert!(modern.ttl_ms.is_some_and(|ttl| ttl > 0));
    let handshake = titan(&sandbox, Era::Handshake).await.list_tools(None).await.unwrap();
    assert_eq!((handshake.ttl_ms, handshake.cache_scope), (None, None));
}

#[tokio::test]
async fn resources_are_live() {
    let sandbox = sandbox().await;
    for era in ERAS {
        let client = titan(&sandbox, era).await;
        let mut uris: Vec<String> =
            client.list_all_resources().await.unwrap().into_iter().map(|it| it.uri).collect();
        uris.sort();
        assert_eq!(uris, ["titan://info", "titan://sessions", "titan://webhooks"]);
        for uri in uris {
            let read = client.read_resource(ReadResourceRequestParams::new(uri.clone())).await.unwrap();
            let Some(ResourceContents::TextResourceContents { text, .. }) = read.contents.first() else {
                panic!("{uri}: {read:?}")
            };
            assert!(serde_json::from_str::<Value>(text).unwrap().get("data").is_some(), "{uri}: {text}");
        }
        let templates = client.list_all_resource_templates().await.unwrap();
        assert_eq!(templates[0].uri_template, "titan://sessions/{session}");
        let one =
            client.read_resource(ReadResourceRequestParams::new("titan://sessions/main")).await.unwrap();
        assert!(format!("{one:?}").contains("CONNECTED"));
        for missing in ["titan://sessions/nobody", "titan://nothing", "titan://sessions/..%2Fx", ""] {
            let error = client.read_resource(ReadResourceRequestParams::new(missing)).await.unwrap_err();
            assert!(matches!(error, ServiceError::McpError(_)), "{missing}: {error:?}");
        }
    }
}

#[tokio::test]
async fn prompts_are_filled_in_and_their_sessions_completed() {
    let sandbox = sandbox().await;
    let client = titan(&sandbox, Era::Handshake).await;
    let names: Vec<String> =
        client.list_all_prompts().await.unwrap().into_iter().map(|prompt| prompt.name).collect();
    assert_eq!(names, ["configure_webhooks", "send_message", "setup_session"]);
    let arguments =
        object(json!({ "session": "main", "chatId": "12025550199@s.whatsapp.net", "text": "{{session}}" }));
    let prompt = client
        .get_prompt(GetPromptRequestParams::new("send_message").with_arguments(arguments))
        .await
        .unwrap();
    let text = format!("{:?}", prompt.messages[0].content);
    assert!(text.contains("12025550199@s.whatsapp.net") && text.contains("{{session}}"), "{text}");
    let missing =
        client.get_prompt(GetPromptRequestParams::new("send_message")).await.unwrap_err().to_string();
    assert!(missing.contains("session") && missing.contains("chatId"), "{missing}");
    for reference in
        [Reference::for_prompt("send_message"), Reference::for_resource("titan://sessions/{session}")]
    {
        let request = CompleteRequestParams::new(reference, ArgumentInfo::new("session", "MA"));
        assert_eq!(client.complete(request).await.unwrap().completion.values, ["main"]);
    }
}

#[tokio::test]
async fn the_server_teaches_identifiers_before_anything_is_called() {
    let sandbox = sandbox().await;
    let client = titan(&sandbox, Era::Handshake).await;
    let instructions = client.peer_info().unwrap().instructions.clone().unwrap();
    for taught in ["@s.whatsapp.net", "@g.us", "sessions_create"] {
        assert!(instructions.contains(taught), "{instructions}");
    }
}

#[tokio::test]
async fn a_call_that_is_taken_back_ends_the_request_to_the_api() {
    use tokio::io::AsyncReadExt as _;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = connect(Server::new(toolset(), context_at(&url, "key")), Era::Handshake).await;
    let request = rmcp::model::CallToolRequest::new(CallToolRequestParams::new("sessions_list"));
    let handle = client
        .send_cancellable_request(request.into(), rmcp::service::PeerRequestOptions::no_options())
        .await
        .unwrap();
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = vec![0; 4096];
    assert!(stream.read(&mut request).await.unwrap() > 0);
    handle.cancel(Some("changed my mind".to_owned())).await.unwrap();
    // The connection is closed: nothing more can be read from it.
    let closed = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut request)).await;
    assert!(matches!(closed, Ok(Ok(0) | Err(_))), "{closed:?}");
}
