//! Lines of a stream, one after the other, in bounded memory.

#[cfg(test)]
mod tests;

use std::io;

use rmcp::model::RequestId;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};

use crate::request_id::RequestIdFinder;

/// The most bytes that a line may have, without its end: 16 MiB, as much as rmcp takes over HTTP.
pub const MAX_LINE_BYTES: usize = 16 * 1024 * 1024;

/// What a pipe holds on Linux, so that a long line needs few reads.
const READ_BYTES: usize = 64 * 1024;

/// A buffer that a long line has left larger than this is given back.
pub(crate) const KEPT_BYTES: usize = 256 * 1024;

/// A line that has been read up to its end.
#[derive(Debug, PartialEq)]
pub(crate) enum Line<'a> {
    /// The line, without the line feed.
    Whole(&'a [u8]),
    /// The line was longer than the limit and has not been kept.
    TooLong(TooLong),
}

/// What is known of a line that has not been kept.
#[derive(Debug, PartialEq)]
pub(crate) struct TooLong {
    /// Its length, without the line feed.
    pub(crate) bytes: u64,
    /// The limit, in bytes.
    pub(crate) limit: usize,
    /// The id of the request that it was.
    pub(crate) id: Option<RequestId>,
}

/// Reads lines.
#[derive(Debug)]
pub(crate) struct LineReader<R> {
    input: BufReader<R>,
    current: Current,
}

/// The line that is being read.
#[derive(Debug)]
struct Current {
    limit: usize,
    /// The line so far.
    kept: Vec<u8>,
    /// The line so far, where it is longer than the limit.
    skipped: Option<Skipped>,
    /// Whether the line has been handed out.
    is_done: bool,
}

#[derive(Debug, Default)]
struct Skipped {
    bytes: u64,
    id: RequestIdFinder,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    /// Reads lines of at most so many bytes.
    pub(crate) fn new(input: R, limit: usize) -> Self {
        let input = BufReader::with_capacity(READ_BYTES, input);
        Self { input, current: Current { limit, kept: Vec::new(), skipped: None, is_done: false } }
    }

    /// The next line; `None` at the end of the input, where a line without an end is dropped.
    ///
    /// The future may be dropped at any time: the next call goes on with the same line.
    pub(crate) async fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.current.forget_if_done();
        loop {
            let available = self.input.fill_buf().await?;
            if available.is_empty() {
                self.current.note_unfinished();
                return Ok(None);
            }
            let end = available.iter().position(|byte| *byte == b'\n');
            let part = &available[..end.unwrap_or(available.len())];
            let used = part.len() + usize::from(end.is_some());
            self.current.add(part);
            self.input.consume(used);
            if end.is_some() {
                return Ok(Some(self.current.finish()));
            }
        }
    }
}

impl Current {
    /// Adds the next part. The first that goes beyond the limit frees those before it.
    fn add(&mut self, part: &[u8]) {
        if self.skipped.is_none() && self.kept.len() + part.len() <= self.limit {
            self.kept.extend_from_slice(part);
            return;
        }
        let skipped = self.skipped.get_or_insert_default();
        for part in [&std::mem::take(&mut self.kept), part] {
            skipped.bytes += part.len() as u64;
            skipped.id.read(part);
        }
    }

    fn finish(&mut self) -> Line<'_> {
        self.is_done = true;
        match self.skipped.take() {
            Some(Skipped { bytes, id }) => {
                Line::TooLong(TooLong { bytes, limit: self.limit, id: id.finish() })
            }
            None => Line::Whole(&self.kept),
        }
    }

    fn forget_if_done(&mut self) {
        if std::mem::take(&mut self.is_done) {
            self.kept.clear();
            self.kept.shrink_to(KEPT_BYTES);
        }
    }

    fn note_unfinished(&self) {
        let bytes = self.skipped.as_ref().map_or(self.kept.len() as u64, |skipped| skipped.bytes);
        if bytes > 0 {
            tracing::warn!(bytes, "the input ended in the middle of a line, which is dropped");
        }
    }
}
