//! The log on stderr.

use std::io;

use tracing_subscriber::EnvFilter;

use crate::settings::{Settings, UsageError};

/// What is logged where nothing else is said. rmcp warns of clients' habits that nobody can act on.
pub(crate) const DEFAULT_FILTER: &str = "warn";

/// Starts logging as the settings say.
pub(crate) fn start(settings: &Settings) -> Result<(), UsageError> {
    let text = settings.text("log").unwrap_or(DEFAULT_FILTER);
    let filter = EnvFilter::try_new(quiet_rmcp(text)).map_err(|error| {
        let place = settings.place("log");
        UsageError::new(format!(
            "{place} is no filter ({error}): write one such as `info` or `warn,toolwright=debug`"
        ))
    })?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // The only error is that logging was started before, and then it runs.
    let _ = match settings.text("log_format") {
        Some("json") => subscriber.json().try_init(),
        _ => subscriber.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).try_init(),
    };
    Ok(())
}

/// The filter, with rmcp's errors only unless it names rmcp: three lines for each request help nobody, and its debug
/// lines show whole messages.
fn quiet_rmcp(filter: &str) -> String {
    if filter.contains("rmcp") { filter.to_owned() } else { format!("{filter},rmcp=error") }
}
