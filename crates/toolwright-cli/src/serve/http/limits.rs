//! How much of everything there may be.

use std::num::NonZeroU32;
use std::time::Duration;

use toolwright_http::HttpConfig;
use toolwright_http::shared::Quota;

use crate::settings::Settings;

/// Puts the limits that the settings name in place of the defaults.
pub(super) fn apply(settings: &Settings, config: &mut HttpConfig) {
    if let Some(seconds) = settings.number("timeout") {
        config.call_timeout = Duration::from_secs(seconds);
    }
    if let Some(seconds) = settings.number("park_after") {
        config.park_after = Duration::from_secs(seconds);
    }
    if let Some(seconds) = settings.number("body_timeout") {
        config.body_timeout = Duration::from_secs(seconds);
    }
    let sizes = [
        ("max_body_bytes", &mut config.max_body_bytes),
        ("concurrency", &mut config.concurrency),
        ("queue", &mut config.queue),
        ("max_sessions", &mut config.max_sessions),
    ];
    for (key, limit) in sizes {
        if let Some(size) = settings.size(key) {
            *limit = size;
        }
    }
    config.rates.read = quota(settings, "read_rate");
    config.rates.write = quota(settings, "write_rate");
}

fn quota(settings: &Settings, key: &str) -> Option<Quota> {
    let calls = u32::try_from(settings.number(key)?).ok()?;
    NonZeroU32::new(calls).map(Quota::per_minute)
}
