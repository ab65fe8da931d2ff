//! A server in a process of its own, and what the kernel says about it.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::usage;

/// A process that listens. It ends with this value.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    /// This program again, in another role. It says on stdout where it listens.
    pub(crate) fn role(role: &str) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.arg(role).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("a role has no stdout")?).read_line(&mut line)?;
        Ok(Self { child, address: line.trim().to_owned() })
    }

    /// `titan-mcp` over HTTP in front of the API at this address.
    pub(crate) fn titan(api: &str, more: &[&str]) -> anyhow::Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_titan-mcp"));
        command.args(["--transport", "http", "--listen", &address, "--base-url", &format!("http://{api}")]);
        command.args(more).env_clear().env("TITAN_API_KEY", "a-key").stderr(Stdio::null());
        let child = command.spawn()?;
        let server = Self { child, address };
        for _ in 0..200 {
            if std::net::TcpStream::connect(&server.address).is_ok() {
                return Ok(server);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        bail!("titan-mcp does not listen on {}", server.address)
    }

    /// The CPU time that the server has used so far, in µs.
    pub(crate) fn cpu_us(&self) -> anyhow::Result<f64> {
        usage::cpu_us(self.child.id())
    }

    /// How much of the server is in memory, in MB.
    pub(crate) fn resident_mb(&self) -> anyhow::Result<f64> {
        usage::resident_mb(self.child.id())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A server that has ended by itself needs neither.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn free_address() -> anyhow::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}
