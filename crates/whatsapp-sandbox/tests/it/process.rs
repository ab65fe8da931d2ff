//! A sandbox in a process of its own, which may be killed.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::api::fast;

/// Set for a process that is to be a sandbox: the data folder.
const FOLDER: &str = "WHATSAPP_SANDBOX_TEST_FOLDER";
/// What the process writes before its URL.
const READY: &str = "the sandbox is at ";

/// A sandbox in a process of its own. It is killed when it is dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) url: String,
}

impl Process {
    /// Starts this very test binary again as a sandbox on a folder, with webhooks that may lead to loopback.
    pub(crate) fn start(folder: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "process::runs_a_sandbox_until_it_is_killed", "--ignored", "--nocapture"])
            .env(FOLDER, folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let url = output
            .lines()
            .map(Result::unwrap)
            .find_map(|line| line.split_once(READY).map(|(_, url)| url.to_owned()))
            .unwrap_or_else(|| panic!("the process ended before it was ready"));
        Self { child, url }
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// No test but what [`Process`] runs; without its environment it does nothing.
#[tokio::test]
#[ignore = "run by other tests in a process of its own"]
async fn runs_a_sandbox_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let sandbox =
        fast().data_dir(Some(folder.into())).allow_private(true).rate_limit(u32::MAX).start().await.unwrap();
    println!("{READY}{}", sandbox.url());
    std::future::pending::<()>().await;
}
