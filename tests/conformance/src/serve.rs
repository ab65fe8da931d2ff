//! The fixtures over Streamable HTTP, as any server made with this library serves its tools.

use tokio::net::TcpListener;
use toolwright::client::{Credential, Upstream};
use toolwright::{Granted, Server};
use toolwright_http::access::Access;
use toolwright_http::run::{RunOptions, run};
use toolwright_http::{HttpConfig, router};

use crate::fixture;

/// Serves the fixtures until the process ends.
pub(crate) async fn serve(port: u16, has_sessions: bool) -> anyhow::Result<()> {
    // None of the fixtures calls an API.
    let upstream = Upstream::builder("http://127.0.0.1:9").build()?;
    let mut config = HttpConfig::new(upstream, Access::fixed(Credential::None, Granted::all()));
    config.sessions = has_sessions;
    let (toolset, notifier) = fixture::toolset()?;
    let server = Server::for_each_caller(toolset).with_notifier(notifier).with_logging();
    let options = RunOptions::default();
    let routes = router(server, config, options.stop.clone())?;
    run(TcpListener::bind(("127.0.0.1", port)).await?, routes, options, std::future::pending()).await;
    Ok(())
}
