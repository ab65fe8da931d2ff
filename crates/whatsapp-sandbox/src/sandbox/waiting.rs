//! Waiting for what the simulated world does by itself.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::Sandbox;
use crate::ControlError;

/// How long one waits, unless one says otherwise.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often one looks, even if nothing has happened on the network: what is waited for may be elsewhere.
const GLANCE: Duration = Duration::from_millis(25);

impl Sandbox {
    /// Asks until there is an answer, for ten seconds at most: at once, whenever something happens on the network, and
    /// now and then. `what` is for the error.
    ///
    /// ```
    /// # async fn example(sandbox: &whatsapp_sandbox::Sandbox) -> Result<(), whatsapp_sandbox::ControlError> {
    /// let message = sandbox
    ///     .wait_for("the agent's answer", async || {
    ///         let messages = sandbox.account("+5511988880001").messages("+5511999990001").await.ok()?;
    ///         messages.into_iter().rev().find(|message| message.text.contains("until six"))
    ///     })
    ///     .await?;
    /// # let _ = message;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait_for<T>(&self, what: &str, ask: impl AsyncFn() -> Option<T>) -> Result<T, ControlError> {
        self.wait_for_within(PATIENCE, what, ask).await
    }

    /// The same, for as long as one says.
    pub async fn wait_for_within<T>(
        &self,
        patience: Duration,
        what: &str,
        ask: impl AsyncFn() -> Option<T>,
    ) -> Result<T, ControlError> {
        let deadline = Instant::now() + patience;
        let mut events = self.network.events();
        let answered = timeout_at(deadline, async {
            loop {
                if let Some(answer) = ask().await {
                    return answer;
                }
                tokio::select! {
                    _ = events.changed() => {}
                    () = tokio::time::sleep(GLANCE) => {}
                }
            }
        });
        answered
            .await
            .map_err(|_| ControlError::InVain { what: what.to_owned(), seconds: patience.as_secs() })
    }
}
