//! What replicas share.

use std::sync::Arc;

use anyhow::Context as _;
use toolwright_http::shared::{InProcess, RedisState, SharedState};

use crate::App;
use crate::settings::{Settings, UsageError};

/// Connects to Redis where the settings name one. A server that is told to share does not start without.
pub(super) async fn open(app: &App, settings: &Settings) -> anyhow::Result<Arc<dyn SharedState>> {
    let (key, url) = match (settings.text("redis_url"), settings.path("redis_url_file")) {
        (None, None) => return Ok(Arc::new(InProcess::default())),
        (Some(_), Some(_)) => {
            return Err(UsageError::new(
                "`redis_url` and `redis_url_file` both give the address: remove one",
            )
            .into());
        }
        (Some(url), None) => ("redis_url", url.to_owned()),
        (None, Some(path)) => {
            let place = settings.place("redis_url_file");
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("{place}: {} cannot be read", path.display()))?;
            ("redis_url_file", text.trim().to_owned())
        }
    };
    let prefix = settings.text("redis_prefix").unwrap_or(app.name);
    let state = RedisState::connect(&url, prefix).await;
    Ok(Arc::new(state.with_context(|| settings.place(key))?))
}
