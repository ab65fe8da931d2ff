//! An agent in front of a product: the official client, or a program that posts plain JSON-RPC.

use rmcp::model::CallToolRequestParams;
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use serde_json::{Value, json};
use toolwright::client::{Credential, Upstream};
use toolwright::{Context, Granted, Server};
use toolwright_http::HttpConfig;
use toolwright_http::access::Access;
use toolwright_http::plain::PlainClients;
use whatsapp_sandbox::Sandbox;

use super::Product;
use crate::http::{Served, request};
use crate::world::{self, Client, Era, object};

/// As `curl` sends it.
const PLAIN: &[(&str, &str)] = &[("accept", "*/*")];

pub(crate) enum Agent {
    Stdio(Client),
    Http(Client, #[expect(dead_code, reason = "the server lives as long as its client")] Served),
    Plain(Served),
}

fn upstream<P: Product>(sandbox: &Sandbox) -> Upstream {
    Upstream::builder(&P::api(sandbox)).build().unwrap()
}

/// The product's program over HTTP, with the settings that are its own.
pub(crate) async fn serve<P: Product>(sandbox: &Sandbox, access: Access) -> Served {
    let app = P::app();
    let mut config = HttpConfig::new(upstream::<P>(sandbox), access);
    config.product = app.product;
    config.plain = app.drop_in.map(|it| PlainClients::new(app.name, it.version).with_arguments(it.arguments));
    let server = Server::for_each_caller((app.toolset)().build().unwrap())
        .with_identity(app.name, app.version)
        .with_closed_schemas(app.drop_in.is_some());
    Served::start_server(server, config).await
}

impl Agent {
    pub(crate) async fn over_stdio<P: Product>(sandbox: &Sandbox, key: Credential, era: Era) -> Self {
        let context = Context::new(upstream::<P>(sandbox)).with_credential(key).with_granted(Granted::all());
        let server = Server::new((P::app().toolset)().build().unwrap(), context);
        Self::Stdio(world::connect(server, era).await)
    }

    pub(crate) async fn over_http<P: Product>(sandbox: &Sandbox, access: Access, era: Era) -> Self {
        let served = serve::<P>(sandbox, access).await;
        let mut config = StreamableHttpClientTransportConfig::with_uri(served.url.as_str());
        if let Some(key) = P::CALLER {
            config = config.auth_header(key);
        }
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let transport = StreamableHttpClientTransport::with_client(http, config);
        Self::Http(world::begin(transport, era).await, served)
    }

    /// The names of the tools, in their order.
    pub(crate) async fn tools(&self) -> Vec<String> {
        match self {
            Self::Stdio(client) | Self::Http(client, _) => {
                let tools = client.list_all_tools().await.unwrap();
                tools.into_iter().map(|tool| tool.name.into_owned()).collect()
            }
            Self::Plain(served) => {
                let listed = served.post(&request("tools/list", json!({})), PLAIN).await.message();
                let tools = listed["result"]["tools"].as_array().unwrap();
                tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
            }
        }
    }

    /// The JSON of a call that must succeed.
    pub(crate) async fn succeeds(&self, tool: &'static str, arguments: Value) -> Value {
        self.calls(tool, arguments).await.unwrap_or_else(|error| panic!("{tool}: {error}"))
    }

    /// What is told of a call that must fail.
    pub(crate) async fn fails(&self, tool: &'static str, arguments: Value) -> Value {
        match self.calls(tool, arguments).await {
            Ok(result) => panic!("{tool} succeeded: {result}"),
            Err(error) => error,
        }
    }

    async fn calls(&self, tool: &'static str, arguments: Value) -> Result<Value, Value> {
        match self {
            Self::Stdio(client) | Self::Http(client, _) => {
                let call = CallToolRequestParams::new(tool).with_arguments(object(arguments));
                let result = client.call_tool(call).await.unwrap();
                let value = result.structured_content.expect("structured content");
                if result.is_error == Some(true) { Err(value) } else { Ok(value) }
            }
            Self::Plain(served) => {
                let call = request("tools/call", json!({ "name": tool, "arguments": arguments }));
                let answer = served.post(&call, PLAIN).await.message();
                let text = answer["result"]["content"][0]["text"].as_str();
                text.map(|text| serde_json::from_str(text).unwrap()).ok_or_else(|| answer["error"].clone())
            }
        }
    }
}
