//! A small API, as the macro would emit it, and servers to answer its calls.

mod client;

use std::net::SocketAddr;

use serde_json::{Map, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use toolwright::__private::{self as private, ApiClient, Arguments, CallContext};
use toolwright::api::{Api, Entry, Invoke, TypedCall};
use toolwright::client::{Credential, Upstream};
use toolwright::{CallError, Context, Output, ToolError, Toolset};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use client::Client;

/// The credential that tests send, and that no text may repeat.
pub(crate) const KEY: &str = "titan_s3cr3t-key-0123456789";

macro_rules! entry {
    ($name:literal, $invoke:expr) => {
        Entry { name: $name, definition: include_str!(concat!("fixture/", $name, ".json")), invoke: $invoke }
    };
}

pub(crate) static API: Api = Api {
    catalog: include_str!("fixture/catalog.json"),
    tools: &[
        entry!("avatar_set", Invoke::Typed(avatar_set)),
        entry!("groups_delete", Invoke::Generic),
        entry!("groups_get", Invoke::Typed(groups_get)),
        entry!("groups_list", Invoke::Generic),
        entry!("labels_set", Invoke::Generic),
        entry!("media_download", Invoke::Generic),
        entry!("media_upload", Invoke::Generic),
        entry!("messages_send", Invoke::Typed(messages_send)),
        entry!("pair_qr", Invoke::Generic),
    ],
};

fn groups_get(context: CallContext, mut arguments: Arguments) -> TypedCall {
    Box::pin(async move {
        let client = <Client as ApiClient>::for_call(context);
        let session: String = arguments.take("session")?;
        let group_id: String = arguments.take("groupId")?;
        Ok(private::json(client.groups_get(&session, &group_id).await))
    })
}

fn messages_send(context: CallContext, mut arguments: Arguments) -> TypedCall {
    Box::pin(async move {
        let client = <Client as ApiClient>::for_call(context);
        let body: client::Message = arguments.body()?;
        Ok(private::json(client.messages_send(&body).await))
    })
}

fn avatar_set(context: CallContext, mut arguments: Arguments) -> TypedCall {
    Box::pin(async move {
        let client = <Client as ApiClient>::for_call(context);
        let body = arguments.body_bytes()?;
        Ok(private::unit(client.avatar_set(body).await))
    })
}

pub(crate) fn toolset() -> Toolset {
    Toolset::builder(&API).build().unwrap()
}

/// A caller of the API at `base_url`, with the test credential.
pub(crate) fn context(base_url: &str) -> Context {
    let upstream = Upstream::builder(base_url).max_retries(2).build().unwrap();
    Context::new(upstream).with_credential(Credential::bearer(KEY).unwrap())
}

/// A caller of an API that nobody serves.
pub(crate) fn nowhere() -> Context {
    Context::new(Upstream::builder("http://127.0.0.1:9").max_retries(0).build().unwrap())
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("{other} is no object"),
    }
}

/// Calls a tool of the fixture.
pub(crate) async fn call(context: &Context, tool: &str, arguments: Value) -> Result<Output, CallError> {
    toolset().call(tool, object(arguments), context).await
}

/// Calls a tool that must fail.
pub(crate) async fn failure(context: &Context, tool: &str, arguments: Value) -> ToolError {
    match call(context, tool, arguments).await {
        Err(CallError::Tool(error)) => error,
        other => panic!("{tool} did not fail as expected: {other:?}"),
    }
}

/// A server that gives every request the same answer.
pub(crate) async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// A server that answers JSON.
pub(crate) async fn answering_json(body: Value) -> MockServer {
    answering(ResponseTemplate::new(200).set_body_json(body)).await
}

/// A server that reads a request and then does as it is told with the connection.
pub(crate) async fn raw<F, R>(then: F) -> SocketAddr
where
    F: Fn(TcpStream) -> R + Send + 'static,
    R: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            read_head(&mut connection).await;
            then(connection).await;
        }
    });
    address
}

/// A server that writes these bytes and closes the connection.
pub(crate) async fn writing(bytes: &'static [u8]) -> SocketAddr {
    raw(move |mut connection| async move {
        let _ = connection.write_all(bytes).await;
        let _ = connection.shutdown().await;
    })
    .await
}

async fn read_head(connection: &mut TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = connection.read_u8().await else { return };
        head.push(byte);
    }
}

/// The text of the first block.
pub(crate) fn text(output: &Output) -> &str {
    &output.content[0].as_text().expect("the first block is a text").text
}

/// All text blocks after the first.
pub(crate) fn notes(output: &Output) -> Vec<&str> {
    output.content[1..].iter().filter_map(|block| Some(block.as_text()?.text.as_str())).collect()
}
