//! Many connections at once, for a while.

use std::time::Duration;

use tokio::runtime::Builder;

use crate::load::{self, Until};
use crate::process::Server;
use crate::requests::{self, Era};
use crate::roles;

const CONNECTIONS: usize = 512;
/// Connections to the API are kept for 15 s, and looked after as seldom; memory goes back to the system within 10 s more.
const AFTERWARDS: Duration = Duration::from_secs(45);

pub(crate) fn print() -> anyhow::Result<()> {
    let seconds =
        std::env::var("TOOLWRIGHT_BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(10);
    let api = Server::role(roles::API)?;
    let titan = Server::titan(&api.address, &["--queue", "1000"])?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let request = requests::call(Era::Stateless, None);
    let until = Until::Elapsed(Duration::from_secs(seconds));
    let done = runtime.block_on(load::run(&titan.address, &request, CONNECTIONS, until))?;
    println!("\n{CONNECTIONS} connections for {seconds} s");
    println!("  answered {}, connections with an error {}   target: none", done.took_us.len(), done.failed);
    println!("  p50 {:.1} ms, p99 {:.1} ms", done.percentile(0.5) / 1e3, done.percentile(0.99) / 1e3);
    println!("  resident at its end {:.1} MB", titan.resident_mb()?);
    std::thread::sleep(AFTERWARDS);
    println!(
        "  resident {} s after it {:.1} MB   target: at most 25 MB",
        AFTERWARDS.as_secs(),
        titan.resident_mb()?
    );
    Ok(())
}
