//! Messages as lines, for rmcp.

#[cfg(test)]
mod tests;

use std::io;
use std::sync::Arc;

use rmcp::RoleServer;
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::sync::{Mutex, oneshot};
use tokio::task::JoinHandle;

use crate::in_flight::InFlight;
use crate::lines::{KEPT_BYTES, LineReader, MAX_LINE_BYTES};
use crate::message::{self, Refusal};

/// A transport that answers every line that it cannot pass on.
///
/// rmcp's own transport drops a line over its limit and a line that is not JSON without a word, so that a client waits
/// for ever; and the answer that it has for other lines is lost when an answer to something else becomes ready.
pub(crate) struct LineTransport<R, W> {
    lines: LineReader<R>,
    output: Arc<Mutex<Output<W>>>,
    /// The answer to the last line, where it was refused. A task of its own, because rmcp drops `receive` whenever it
    /// has something else to do.
    refusing: Option<JoinHandle<io::Result<()>>>,
    in_flight: InFlight,
    input_open: Option<oneshot::Sender<()>>,
}

struct Output<W> {
    writer: W,
    line: Vec<u8>,
}

impl<R, W> LineTransport<R, W>
where
    R: AsyncRead + Unpin,
{
    /// The transport, and what completes at the end of the input.
    pub(crate) fn new(input: R, output: W) -> (Self, oneshot::Receiver<()>) {
        let (input_open, input_ended) = oneshot::channel();
        let transport = Self {
            lines: LineReader::new(input, MAX_LINE_BYTES),
            output: Arc::new(Mutex::new(Output { writer: output, line: Vec::new() })),
            refusing: None,
            in_flight: InFlight::default(),
            input_open: Some(input_open),
        };
        (transport, input_ended)
    }
}

impl<R, W> LineTransport<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    /// The next message. The error is the end of the session: the client cannot be heard, or not be answered.
    async fn next(&mut self) -> io::Result<Option<RxJsonRpcMessage<RoleServer>>> {
        loop {
            // One refusal at a time: a client that does not read its answers is not read from either.
            if let Some(refusing) = &mut self.refusing {
                let answered = refusing.await;
                self.refusing = None;
                answered??;
            }
            let Some(line) = self.lines.next().await? else { return Ok(None) };
            let refusal = match message::read(line) {
                Ok(Some(message)) => match self.in_flight.admit(&message) {
                    Ok(()) => return Ok(Some(message)),
                    Err(refusal) => refusal,
                },
                Ok(None) => continue,
                Err(refusal) => refusal,
            };
            self.refuse(refusal);
        }
    }

    fn refuse(&mut self, refusal: Refusal) {
        tracing::warn!(%refusal, "a line was refused");
        let (output, answer) = (Arc::clone(&self.output), refusal.into_answer());
        self.refusing = Some(tokio::spawn(async move { output.lock().await.write(&answer).await }));
    }
}

impl<R, W> Transport<RoleServer> for LineTransport<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn send(
        &mut self,
        message: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = io::Result<()>> + Send + 'static {
        self.in_flight.answered(&message);
        let output = Arc::clone(&self.output);
        async move { output.lock().await.write(&message).await }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        let message = self.next().await.unwrap_or_else(|error| {
            tracing::error!(%error, "the connection to the client broke");
            None
        });
        if message.is_none() {
            // Nobody may be interested any more.
            self.input_open.take().map(|open| open.send(()).ok());
        }
        message
    }

    /// The streams are closed when the transport is dropped, which is next. Waiting for the output here could take for
    /// ever: a client that reads nothing more may hold up the last answer.
    async fn close(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W: AsyncWrite + Unpin> Output<W> {
    /// Writes one message and its line feed.
    async fn write(&mut self, message: &TxJsonRpcMessage<RoleServer>) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, message)?;
        self.line.push(b'\n');
        self.writer.write_all(&self.line).await?;
        self.line.shrink_to(KEPT_BYTES);
        self.writer.flush().await
    }
}
