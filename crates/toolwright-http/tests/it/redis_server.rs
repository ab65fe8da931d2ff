//! A Redis of a test's own.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use crate::serving::until;

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
        let mut server = Self { port, child };
        server.answers().await;
        Some(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
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

    /// Stops answering without closing a connection, or goes on.
    pub(crate) fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    async fn answers(&mut self) {
        let client = redis::Client::open(self.url()).unwrap();
        until("Redis does not answer", async || {
            assert!(self.child.try_wait().unwrap().is_none(), "Redis ended; its port may have been taken");
            client.get_multiplexed_async_connection().await.is_ok()
        })
        .await;
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(port: u16) -> std::io::Result<Child> {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .stdout(Stdio::null())
        .spawn()
}
