//! The program with pipes for its three streams, and the lines that go through them.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;

/// After this long a process that has not answered hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// The program, untouched by the settings of whoever runs the tests.
pub(crate) fn program(flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_titan-mcp"));
    command.args(flags).env_clear().kill_on_drop(true);
    command
}

/// Waits for what must happen.
pub(crate) async fn soon<T>(event: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, event).await.expect("the process hangs")
}

/// A running server and this end of its pipes.
pub(crate) struct Process {
    child: Child,
    stdin: ChildStdin,
    stdout: Lines<BufReader<ChildStdout>>,
    stderr: JoinHandle<String>,
}

/// What a process left behind.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) status: ExitStatus,
    /// The messages that nobody had read.
    pub(crate) unread: Vec<Value>,
    pub(crate) stderr: String,
}

impl End {
    /// The process ended as it should, whatever was done to it.
    pub(crate) fn is_clean(&self) -> bool {
        self.status.code() == Some(0) && !self.stderr.contains("panicked")
    }
}

impl Process {
    pub(crate) fn start(flags: &[&str]) -> Self {
        let mut command = program(flags);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stderr = child.stderr.take().expect("a pipe");
        Self {
            stdin: child.stdin.take().expect("a pipe"),
            stdout: BufReader::new(child.stdout.take().expect("a pipe")).lines(),
            stderr: tokio::spawn(async move {
                let mut text = String::new();
                stderr.read_to_string(&mut text).await.expect("the log is UTF-8");
                text
            }),
            child,
        }
    }

    /// A server that has begun a session of the handshake era.
    pub(crate) async fn with_session(flags: &[&str]) -> Self {
        let mut process = Self::start(flags);
        let client = json!({ "name": "a test", "version": "1" });
        let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client });
        let answer = process.request(0, "initialize", params).await;
        assert_eq!(answer["result"]["protocolVersion"], "2025-11-25", "{answer}");
        process.notify("notifications/initialized", json!({})).await;
        process
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id().expect("the process runs")
    }

    /// Writes one line as it is.
    pub(crate) async fn line(&mut self, line: &[u8]) {
        self.write(line).await;
        self.write(b"\n").await;
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) {
        soon(async {
            self.stdin.write_all(bytes).await.expect("the process reads");
            self.stdin.flush().await.expect("the process reads");
        })
        .await;
    }

    pub(crate) async fn send(&mut self, message: &Value) {
        self.line(message.to_string().as_bytes()).await;
    }

    pub(crate) async fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params })).await;
    }

    /// Sends a call and does not wait for its answer.
    pub(crate) async fn begin_call(&mut self, id: u64, tool: &str, arguments: Value) {
        let params = json!({ "name": tool, "arguments": arguments });
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params })).await;
    }

    /// Sends a request and takes the next message as its answer.
    pub(crate) async fn request(&mut self, id: u64, method: &str, params: Value) -> Value {
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })).await;
        self.answer(id).await
    }

    pub(crate) async fn call(&mut self, id: u64, tool: &str, arguments: Value) -> Value {
        self.begin_call(id, tool, arguments).await;
        self.answer(id).await
    }

    async fn answer(&mut self, id: u64) -> Value {
        let message = self.receive().await;
        assert_eq!(message["id"], id, "the answer to another request: {message}");
        message
    }

    /// The next line of stdout, which must be a JSON-RPC message.
    pub(crate) async fn receive(&mut self) -> Value {
        let line = soon(self.stdout.next_line()).await.expect("UTF-8");
        message(&line.expect("the process still writes"))
    }

    /// Asserts that the session goes on.
    pub(crate) async fn assert_usable(&mut self) {
        let answer = self.call(1000, "sessions_list", json!({})).await;
        assert_eq!(answer["result"]["isError"], false, "{answer}");
    }

    /// Closes stdin and waits for the end.
    pub(crate) async fn leave(self) -> End {
        let Self { child, stdin, stdout, stderr } = self;
        drop(stdin);
        ended(child, stdout, stderr).await
    }

    /// Sends SIGTERM and waits for the end, with stdin still open.
    #[cfg(unix)]
    pub(crate) async fn terminate(self) -> End {
        let Self { child, stdin, stdout, stderr } = self;
        terminate(&child).await;
        let end = ended(child, stdout, stderr).await;
        drop(stdin);
        end
    }
}

/// Sends SIGTERM.
#[cfg(unix)]
pub(crate) async fn terminate(child: &Child) {
    let id = child.id().expect("the process runs").to_string();
    let kill = Command::new("kill").args(["-TERM", &id]).status().await.expect("kill runs");
    assert!(kill.success());
}

async fn ended(
    mut child: Child,
    mut stdout: Lines<BufReader<ChildStdout>>,
    stderr: JoinHandle<String>,
) -> End {
    soon(async {
        let mut unread = Vec::new();
        while let Some(line) = stdout.next_line().await.expect("UTF-8") {
            unread.push(message(&line));
        }
        let status = child.wait().await.expect("an exit status");
        End { status, unread, stderr: stderr.await.expect("the log") }
    })
    .await
}

fn message(line: &str) -> Value {
    let message: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}"));
    assert_eq!(message["jsonrpc"], "2.0", "not JSON-RPC: {message}");
    message
}
