//! A sandbox as a process: `cargo run -p whatsapp-sandbox --example serve -- <port> <folder> [requests a minute]`.
//!
//! Port 0 takes a free one. The address is printed when it answers; Ctrl-C stops it.

use std::net::Ipv4Addr;

use whatsapp_sandbox::Sandbox;

#[tokio::main]
#[expect(clippy::print_stdout, reason = "whoever starts it reads the address")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(port), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: serve <port> <folder> [requests a minute]".into());
    };
    let mut builder =
        Sandbox::builder().address((Ipv4Addr::LOCALHOST, port.parse()?).into()).data_dir(Some(folder.into()));
    if let Some(limit) = arguments.next() {
        builder = builder.rate_limit(limit.parse()?);
    }
    let sandbox = builder.start().await?;
    println!("{}", sandbox.url());
    tokio::signal::ctrl_c().await?;
    sandbox.stop().await;
    Ok(())
}
