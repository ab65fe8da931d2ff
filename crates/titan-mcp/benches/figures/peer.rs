//! A client of one server in a child process. It does as little as it can, on the other core.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, ensure};

use crate::no_upstream::Call;
use crate::usage;

const INITIALIZE: &str =
    r#"{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"figures","version":"1"}}"#;

/// A server and the pipes to it. The server ends with this value.
pub(crate) struct Peer {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    line: String,
}

impl Peer {
    /// Starts the server and waits until it has answered `initialize`.
    pub(crate) fn start(command: &mut Command) -> anyhow::Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let input = child.stdin.take().context("the server has no stdin")?;
        let output = child.stdout.take().context("the server has no stdout")?;
        let mut peer = Self { child, input, output: BufReader::new(output), line: String::new() };
        peer.ask("initialize", INITIALIZE)?;
        writeln!(peer.input, r#"{{"jsonrpc":"2.0","method":"notifications/initialized"}}"#)?;
        Ok(peer)
    }

    /// Sends one request and waits for its result.
    pub(crate) fn ask(&mut self, method: &str, params: &str) -> anyhow::Result<()> {
        let request =
            format!("{{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"{method}\",\"params\":{params}}}\n");
        self.input.write_all(request.as_bytes())?;
        self.read_result()
    }

    /// Calls a tool many times, at most `in_flight` of the calls at once.
    pub(crate) fn call(&mut self, call: Call, times: u32, in_flight: u32) -> anyhow::Result<()> {
        let Call { tool, arguments } = call;
        for id in 0..times + in_flight {
            if id < times {
                let request = format!(
                    "{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"tools/call\",\"params\":{{\"name\":\"{tool}\",\
                     \"arguments\":{arguments}}}}}\n"
                );
                self.input.write_all(request.as_bytes())?;
            }
            if id + 1 >= in_flight && id + 1 < times + in_flight {
                self.read_result()?;
            }
        }
        Ok(())
    }

    /// The CPU time that the server has used so far, in µs.
    pub(crate) fn cpu_us(&self) -> anyhow::Result<f64> {
        usage::cpu_us(self.child.id())
    }

    /// How much of the server is in memory, in MB.
    pub(crate) fn resident_mb(&self) -> anyhow::Result<f64> {
        usage::resident_mb(self.child.id())
    }

    /// A failed call, or an answer that does not fit its schema, would make the figures those of something else.
    fn read_result(&mut self) -> anyhow::Result<()> {
        self.line.clear();
        ensure!(self.output.read_line(&mut self.line)? > 0, "the server has gone");
        let is_good = self.line.contains(r#""result":"#)
            && !self.line.contains(r#""isError":true"#)
            && !self.line.contains("dev.toolwright/notes");
        ensure!(is_good, "not the result that was to be measured: {}", self.line);
        Ok(())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // A server that has ended by itself needs neither.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
