//! A client that sends the same bytes again and again, and does as little else as it can.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;
use whatsapp_sandbox::FULL_KEY;

/// How many requests are sent one after another where the time of one is wanted.
pub(crate) const ONE_BY_ONE: usize = 1_000;

/// The bytes of a request.
#[derive(Debug, Clone)]
pub(crate) struct Request(Vec<u8>);

impl Request {
    pub(crate) fn get(path: &str) -> Self {
        Self(
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {FULL_KEY}\r\n\r\n")
                .into_bytes(),
        )
    }

    pub(crate) fn post(path: &str, json: &str) -> Self {
        let length = json.len();
        Self(
            format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {FULL_KEY}\r\n\
                 Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{json}"
            )
            .into_bytes(),
        )
    }
}

/// How long the requests of a run took, in µs, sorted.
#[derive(Debug)]
pub(crate) struct Outcome {
    took_us: Vec<f64>,
}

impl Outcome {
    fn new(mut took_us: Vec<f64>) -> Self {
        took_us.sort_by(f64::total_cmp);
        Self { took_us }
    }

    /// The time within which this share of the requests was answered.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list of measurements"
    )]
    pub(crate) fn percentile(&self, share: f64) -> f64 {
        let index = (self.took_us.len() as f64 * share) as usize;
        self.took_us.get(index.min(self.took_us.len().saturating_sub(1))).copied().unwrap_or_default()
    }

    #[expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "a figure")]
    pub(crate) fn print(&self, title: &str, load: Duration, target: &str) {
        let rate = self.took_us.len() as f64 / load.as_secs_f64();
        let (p50, p99) = (self.percentile(0.5) / 1e3, self.percentile(0.99) / 1e3);
        println!("  {title}: {rate:.0} a second, p50 {p50:.1} ms, p99 {p99:.1} ms   target: {target}");
    }
}

/// Sends the request on many connections at once, each the next as soon as the last is answered.
pub(crate) fn together(
    address: &str,
    request: &Request,
    connections: usize,
    load: Duration,
) -> anyhow::Result<Outcome> {
    runtime()?.block_on(async {
        let end = Instant::now() + load;
        let mut tasks = JoinSet::new();
        for _ in 0..connections {
            let (address, request) = (address.to_owned(), request.clone());
            tasks.spawn(async move {
                let mut connection = Connection::open(&address).await?;
                let mut took_us = Vec::new();
                while Instant::now() < end {
                    took_us.push(connection.ask(&request).await?);
                }
                Ok::<_, anyhow::Error>(took_us)
            });
        }
        let mut all = Vec::new();
        while let Some(done) = tasks.join_next().await {
            all.extend(done??);
        }
        Ok(Outcome::new(all))
    })
}

/// Sends the request [`ONE_BY_ONE`] times on one connection, after some to warm up.
pub(crate) fn one_by_one(address: &str, request: &Request) -> anyhow::Result<Outcome> {
    runtime()?.block_on(async {
        let mut connection = Connection::open(address).await?;
        for _ in 0..ONE_BY_ONE / 10 {
            connection.ask(request).await?;
        }
        let mut took_us = Vec::with_capacity(ONE_BY_ONE);
        for _ in 0..ONE_BY_ONE {
            took_us.push(connection.ask(request).await?);
        }
        Ok(Outcome::new(took_us))
    })
}

fn runtime() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// A connection that is kept.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(1 << 16) })
    }

    /// Sends a request, reads its answer to the end and says how long that took, in µs.
    async fn ask(&mut self, request: &Request) -> anyhow::Result<f64> {
        let sent = Instant::now();
        self.stream.write_all(&request.0).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|it| it == b"\r\n\r\n") {
                break end + 4;
            }
            self.read().await?;
        };
        let headers = std::str::from_utf8(&self.buffer[..head])?.to_ascii_lowercase();
        let length = headers.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.context("an answer without a length")?.trim().parse()?;
        while self.buffer.len() < head + length {
            self.read().await?;
        }
        let took = sent.elapsed();
        ensure!(
            headers.starts_with("http/1.1 20"),
            "not the answer that was to be measured: {}",
            String::from_utf8_lossy(&self.buffer)
        );
        Ok(took.as_secs_f64() * 1e6)
    }

    async fn read(&mut self) -> anyhow::Result<()> {
        ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the sandbox closed the connection");
        Ok(())
    }
}
