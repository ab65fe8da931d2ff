//! The program `whatsapp-mcp-api`.

use toolwright_cli::passed::Passed;
use toolwright_cli::{App, DropIn};

use crate::arguments;

/// The routes of the REST API, each for those who may call the tool that does the same.
const ROUTES: &[Passed] = &[
    // They tell the status too.
    Passed::new("GET", "/").for_callers_of("whatsapp_status").naming_endpoint("/mcp"),
    Passed::new("GET", "/health").for_callers_of("whatsapp_status").naming_endpoint("/mcp"),
    Passed::new("GET", "/qr").for_callers_of("whatsapp_start_auth"),
    Passed::new("GET", "/api/status").as_tool("whatsapp_status"),
    Passed::new("POST", "/api/auth/start").as_tool("whatsapp_start_auth"),
    Passed::new("POST", "/api/pairing-code").as_tool("whatsapp_pairing_code"),
    Passed::new("POST", "/api/send").as_tool("whatsapp_send_message"),
    Passed::new("GET", "/api/chats").as_tool("whatsapp_list_chats"),
    Passed::new("GET", "/api/messages").as_tool("whatsapp_read_messages"),
    Passed::new("POST", "/api/messages").as_tool("whatsapp_read_messages"),
    Passed::new("POST", "/api/logout").as_tool("whatsapp_logout"),
];

/// The program: its names, its tools, its sandbox, and what it does as the server of its name does.
pub fn app() -> App {
    App {
        name: "whatsapp-mcp-api",
        version: env!("CARGO_PKG_VERSION"),
        about: "Lets agents use one WhatsApp account: an MCP server over HTTP, and the REST API of whatsapp-mcp-api",
        env_prefix: "WHATSAPP",
        docs: env!("CARGO_PKG_REPOSITORY"),
        api: &crate::API,
        toolset: crate::builder,
        // The API waits for two minutes where its browser starts; most clients give up after one.
        defaults: &[
            ("transport", "http"),
            ("listen", "127.0.0.1:8790"),
            ("plain_clients", "true"),
            ("timeout", "55"),
        ],
        product: None,
        #[cfg(feature = "sandbox")]
        sandbox: Some(start_sandbox),
        #[cfg(not(feature = "sandbox"))]
        sandbox: None,
        drop_in: Some(DropIn {
            address_variables: Some(("WHATSAPP_MCP_HOST", "WHATSAPP_MCP_PORT")),
            keyless: true,
            version: "0.2.0",
            arguments: arguments::read,
            routes: ROUTES,
        }),
    }
}

#[cfg(feature = "sandbox")]
fn start_sandbox(options: toolwright_cli::SandboxOptions) -> toolwright_cli::Starting {
    use std::net::Ipv4Addr;

    use toolwright_cli::RunningSandbox;
    use whatsapp_sandbox::Sandbox;

    Box::pin(async move {
        let sandbox = Sandbox::builder()
            .data_dir(options.data_dir)
            .address((Ipv4Addr::LOCALHOST, options.port.unwrap_or_default()).into())
            .allow_private(options.allow_private)
            .start()
            .await?;
        let (url, page) = (sandbox.whatsapp_web_url(), sandbox.page_url());
        Ok(RunningSandbox::new(url, "", sandbox.stop()).with_page(page))
    })
}
