//! A sandbox to look at: `cargo run -p whatsapp-sandbox --example phones -- [port]`. Without a port it takes a free one.
//!
//! The address of the page with the simulated phones is printed when it answers; Ctrl-C stops it. All of it is in
//! memory. QR codes and pairing codes wait for the person at the page, and webhooks may lead to this machine.

use std::net::Ipv4Addr;

use whatsapp_sandbox::Sandbox;

#[tokio::main]
#[expect(clippy::print_stdout, reason = "whoever starts it reads the address")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = std::env::args().nth(1).map_or(Ok(0), |it| it.parse())?;
    let sandbox = Sandbox::builder()
        .address((Ipv4Addr::LOCALHOST, port).into())
        .auto_pair(None)
        .allow_private(true)
        .start()
        .await?;
    println!("{}", sandbox.page_url());
    tokio::signal::ctrl_c().await?;
    sandbox.stop().await;
    Ok(())
}
