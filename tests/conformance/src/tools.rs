//! The tools that the scenarios call.

mod changes;
mod content;
mod reports;
mod rounds;
mod schemas;
mod sessions;

use toolwright::{HandWritten, Notifier};

pub(crate) fn all(notifier: &Notifier) -> Vec<HandWritten> {
    let mut tools = content::all();
    tools.extend(changes::all(notifier));
    tools.extend(reports::all());
    tools.extend(rounds::all());
    tools.extend(schemas::all());
    tools.extend(sessions::all());
    tools
}
