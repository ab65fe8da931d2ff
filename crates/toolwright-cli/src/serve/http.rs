//! The tools over HTTP.

use toolwright::Toolset;

use crate::App;
use crate::connection::Connection;
use crate::settings::{Settings, UsageError};

/// Serves until the process is told to stop.
pub(super) async fn run(
    _: &App,
    settings: &Settings,
    _: Toolset,
    _: &Connection,
    _: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let place = settings.place("transport");
    let message = format!("{place}: this version does not serve http; use stdio, which is the default");
    Err(UsageError::new(message).into())
}
