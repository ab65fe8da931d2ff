//! A Redis of a test's own.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use super::server::until;

/// Ends with the test.
pub(crate) struct RedisServer {
    port: u16,
    child: Child,
}

impl RedisServer {
    /// None where Redis is not installed, which is said, and which is a failure where `TOOLWRIGHT_REQUIRE_REDIS` is set.
    #[expect(clippy::print_stderr, reason = "whoever runs the tests is to know what was not tested")]
    pub(crate) async fn start() -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = match spawn(port) {
            Ok(child) => child,
            Err(error) => {
                let note = format!("redis-server cannot be started ({error}); install Debian's redis-server");
                assert!(std::env::var_os("TOOLWRIGHT_REQUIRE_REDIS").is_none(), "{note}");
                eprintln!("skipped: {note}");
                return None;
            }
        };
        let server = Self { port, child };
        server.answers().await;
        Some(server)
    }

    /// The flag that makes a server share through it.
    pub(crate) fn flag(&self) -> String {
        format!("--redis-url=redis://127.0.0.1:{}/", self.port)
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Comes back with nothing in it.
    pub(crate) async fn restart(&mut self) {
        self.child = spawn(self.port).unwrap();
        self.answers().await;
    }

    async fn answers(&self) {
        until(async || is_there(self.port).is_ok_and(|is_there| is_there)).await;
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_there(port: u16) -> std::io::Result<bool> {
    use std::io::{Read as _, Write as _};

    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.write_all(b"PING\r\n")?;
    let mut answer = [0; 5];
    stream.read_exact(&mut answer)?;
    Ok(&answer == b"+PONG")
}

fn spawn(port: u16) -> std::io::Result<Child> {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .stdout(Stdio::null())
        .spawn()
}
