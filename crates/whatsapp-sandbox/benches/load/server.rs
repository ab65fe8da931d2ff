//! The sandbox in a process of its own.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use whatsapp_sandbox::Sandbox;

/// The argument for a sandbox, followed by its folder.
pub(crate) const ROLE: &str = "serve-sandbox";

/// A sandbox. It ends with this value, and may leave what it has in its write-ahead log.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(folder: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.arg(ROLE).arg(folder).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("the sandbox has no stdout")?).read_line(&mut line)?;
        let address = line.trim().strip_prefix("http://").context("the sandbox did not start")?.to_owned();
        Ok(Self { child, address })
    }

    /// Starts it, and says how long that took.
    pub(crate) fn timed(folder: &Path) -> anyhow::Result<(Duration, Self)> {
        let before = Instant::now();
        let server = Self::start(folder)?;
        Ok((before.elapsed(), server))
    }

    /// How much of it is in memory, in MB.
    pub(crate) fn resident_mb(&self) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kib: f64 = line.trim().trim_end_matches(" kB").parse()?;
        Ok(kib * 1024.0 / 1e6)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A sandbox that has ended by itself needs neither.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[expect(clippy::print_stdout, reason = "the other process reads it")]
pub(crate) fn serve(folder: &Path) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let sandbox =
            Sandbox::builder().data_dir(Some(folder.to_owned())).rate_limit(u32::MAX).start().await?;
        println!("{}", sandbox.url());
        std::future::pending::<()>().await;
        Ok(())
    })
}
