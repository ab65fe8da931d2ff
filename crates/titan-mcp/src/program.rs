//! The program `titan-mcp`.

use toolwright_cli::App;

/// The program: its names, its tools and its sandbox.
pub fn app() -> App {
    App {
        name: "titan-mcp",
        version: env!("CARGO_PKG_VERSION"),
        about: "Lets agents use WhatsApp through the Titan API: an MCP server on stdin and stdout",
        env_prefix: "TITAN",
        docs: env!("CARGO_PKG_REPOSITORY"),
        api: &crate::API,
        toolset: crate::builder,
        defaults: &[],
        product: None,
        #[cfg(feature = "sandbox")]
        sandbox: Some(start_sandbox),
        #[cfg(not(feature = "sandbox"))]
        sandbox: None,
        drop_in: None,
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
        let (url, key, page) = (sandbox.url().to_owned(), sandbox.full_key().to_owned(), sandbox.page_url());
        Ok(RunningSandbox::new(url, key, sandbox.stop()).with_page(page))
    })
}
