//! `health`: whether the server of these settings runs, for whoever starts it and has no other program at hand.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::App;
use crate::config::remote::DEFAULT_LISTEN;
use crate::serve::http::address;
use crate::settings::Settings;

/// A server that takes longer is not well.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks `/healthz` where the server listens. With TLS it only connects, as the certificate is for another name. A server
/// over stdio belongs to its client, and is well.
pub(crate) async fn run(app: &App, settings: &Settings) -> anyhow::Result<ExitCode> {
    if settings.text("transport") != Some("http") {
        return Ok(ExitCode::SUCCESS);
    }
    let listen = reached_at(address(settings, "listen")?.unwrap_or(DEFAULT_LISTEN));
    let asked = timeout(PATIENCE, ask(listen, settings.path("tls_certificate").is_some())).await;
    asked
        .unwrap_or_else(|_| bail!("no answer within {} s", PATIENCE.as_secs()))
        .with_context(|| format!("{} does not run on {listen}", app.name))?;
    Ok(ExitCode::SUCCESS)
}

async fn ask(address: SocketAddr, has_tls: bool) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    if has_tls {
        return Ok(());
    }
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.context("the connection ended without an answer")?;
    if &status != b"HTTP/1.1 200" {
        bail!("it answers {}", String::from_utf8_lossy(&status));
    }
    Ok(())
}

/// A server on all addresses is reached on that of this machine.
fn reached_at(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}
