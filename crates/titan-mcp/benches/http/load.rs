//! A client that sends the same bytes again and again, and does as little else as it can.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long the requests of a run took, in µs, sorted, and how many had no good answer.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) took_us: Vec<f64>,
    pub(crate) failed: usize,
}

impl Outcome {
    /// The time within which this share of the requests was answered.
    pub(crate) fn percentile(&self, share: f64) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list of measurements"
        )]
        let index = (self.took_us.len() as f64 * share) as usize;
        self.took_us.get(index.min(self.took_us.len().saturating_sub(1))).copied().unwrap_or_default()
    }
}

/// When a run ends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Until {
    /// After this many requests on each connection.
    Count(usize),
    /// After this long.
    Elapsed(Duration),
}

/// Sends the request on many connections at once, each the next as soon as the last is answered.
pub(crate) async fn run(
    address: &str,
    request: &[u8],
    connections: usize,
    until: Until,
) -> anyhow::Result<Outcome> {
    let start = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..connections {
        let (address, request) = (address.to_owned(), request.to_vec());
        tasks.spawn(async move { one(&address, &request, until, start).await });
    }
    let mut all = Outcome::default();
    while let Some(done) = tasks.join_next().await {
        match done? {
            Ok(took_us) => all.took_us.extend(took_us),
            Err(_) => all.failed += 1,
        }
    }
    all.took_us.sort_by(f64::total_cmp);
    Ok(all)
}

async fn one(address: &str, request: &[u8], until: Until, start: Instant) -> anyhow::Result<Vec<f64>> {
    let mut connection = Connection::open(address).await?;
    let mut took_us = Vec::new();
    let goes_on = |done: usize| match until {
        Until::Count(count) => done < count,
        Until::Elapsed(time) => start.elapsed() < time,
    };
    while goes_on(took_us.len()) {
        let sent = Instant::now();
        let answer = connection.ask(request).await?;
        took_us.push(sent.elapsed().as_secs_f64() * 1e6);
        let is_good = answer.contains(r#""result":"#) && !answer.contains(r#""isError":true"#);
        ensure!(is_good, "not the answer that was to be measured: {answer}");
    }
    Ok(took_us)
}

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(1 << 17) })
    }

    /// Sends a request and reads the answer: its headers and, after them, its body or the events of its stream.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> anyhow::Result<String> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            self.read().await?;
        };
        let headers = std::str::from_utf8(&self.buffer[..head])?.to_ascii_lowercase();
        let length = headers.lines().find_map(|line| line.strip_prefix("content-length: "));
        if let Some(length) = length {
            let length: usize = length.trim().parse()?;
            while self.buffer.len() < head + length {
                self.read().await?;
            }
        } else if headers.contains("transfer-encoding: chunked") {
            while find(&self.buffer[head..], b"\r\n0\r\n\r\n").is_none()
                && !self.buffer.ends_with(b"\r\n0\r\n\r\n")
            {
                self.read().await?;
            }
        } else {
            bail!("an answer without a length");
        }
        ensure!(
            headers.starts_with("http/1.1 200"),
            "the status was {}",
            headers.lines().next().unwrap_or("")
        );
        String::from_utf8(self.buffer.clone()).context("an answer in UTF-8")
    }

    async fn read(&mut self) -> anyhow::Result<()> {
        ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server closed the connection");
        Ok(())
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
