//! A sandbox, and the Titan tools in front of it.

use std::time::Duration;

use rmcp::ServiceExt as _;
use rmcp::model::{CallToolRequestParams, CallToolResult, ProtocolVersion};
use rmcp::service::{ClientLifecycleMode, ClientServiceExt as _};
use rmcp::service::{RoleClient, RunningService};
use rmcp::transport::IntoTransport;
use serde_json::{Map, Value};
use toolwright::client::{Credential, Upstream};
use toolwright::{Context, Granted, Server, Toolset};
use whatsapp_sandbox::{Sandbox, SandboxBuilder};

pub(crate) type Client = RunningService<RoleClient, ()>;

/// A sandbox that does everything at once, so that tests need not wait.
pub(crate) async fn sandbox() -> Sandbox {
    quick().start().await.expect("the sandbox starts")
}

/// The settings of such a sandbox.
pub(crate) fn quick() -> SandboxBuilder {
    let soon = Duration::from_millis(20);
    Sandbox::builder().auto_pair(Some(soon)).connect_delay(soon).receipt_delay(soon).echo_delay(soon)
}

pub(crate) fn context(sandbox: &Sandbox) -> Context {
    context_at(sandbox.url(), sandbox.full_key())
}

pub(crate) fn context_at(url: &str, key: &str) -> Context {
    Context::new(Upstream::builder(url).build().expect("the address is a base URL"))
        .with_credential(Credential::bearer(key).expect("the key is a credential"))
}

pub(crate) fn toolset() -> Toolset {
    titan_mcp::toolset().expect("the tools are well-formed")
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        other => panic!("not an object: {other}"),
    }
}

/// The two protocol eras.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Era {
    Handshake,
    Stateless,
}

/// The official client, connected to a server over a duplex pipe.
pub(crate) async fn connect(server: Server, era: Era) -> Client {
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    tokio::spawn(toolwright_stdio::serve_on(server, tokio::io::split(ours), std::future::pending()));
    begin(tokio::io::split(theirs), era).await
}

/// The official client, which begins as clients of this era do.
pub(crate) async fn begin<T, E, A>(transport: T, era: Era) -> Client
where
    T: IntoTransport<RoleClient, E, A>,
    E: std::error::Error + Send + Sync + 'static,
{
    match era {
        Era::Handshake => ().serve(transport).await.expect("the handshake succeeds"),
        Era::Stateless => ()
            .serve_with_lifecycle(
                transport,
                ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] },
            )
            .await
            .expect("discovery succeeds"),
    }
}

/// The official client of the Titan server in front of a sandbox, which may do all.
pub(crate) async fn titan(sandbox: &Sandbox, era: Era) -> Client {
    connect(Server::new(toolset(), context(sandbox).with_granted(Granted::all())), era).await
}

pub(crate) async fn call(client: &Client, name: &'static str, arguments: Value) -> CallToolResult {
    let request = CallToolRequestParams::new(name).with_arguments(object(arguments));
    client.call_tool(request).await.expect("the tool exists")
}

/// The JSON of a result's first text block.
pub(crate) fn json_of(result: &CallToolResult) -> Value {
    let text = result.content.iter().find_map(|block| block.as_text()).expect("a text block");
    serde_json::from_str(&text.text).expect("the text is JSON")
}

/// The JSON of a result that succeeded.
pub(crate) fn success(result: &CallToolResult) -> Value {
    assert_ne!(result.is_error, Some(true), "{result:?}");
    json_of(result)
}
