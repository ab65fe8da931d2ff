//! Tools that say that a list has changed.

use toolwright::{Arguments, Context, HandWritten, Notifier, Output, Toolset};

pub(super) fn all(notifier: &Notifier) -> Vec<HandWritten> {
    vec![
        trigger("test_trigger_tool_change", notifier, Notifier::tools_changed),
        trigger("test_trigger_prompt_change", notifier, Notifier::prompts_changed),
    ]
}

fn trigger(name: &str, notifier: &Notifier, tell: fn(&Notifier)) -> HandWritten {
    let notifier = notifier.clone();
    let call = move |_: Arguments, _: Context, _: Toolset| {
        tell(&notifier);
        std::future::ready(Ok(Output::text("Every client that listens has been told.")))
    };
    HandWritten::new(name, "Tells clients that a list has changed.", call)
}
