//! The phone that a session waits for, as a test plays it.

use whatsapp_sandbox_client::types;

use super::Sandbox;
use crate::ControlError;

/// The phone in front of a session that shows a QR code or a pairing code.
#[derive(Clone, Debug)]
pub struct Phone<'s> {
    sandbox: &'s Sandbox,
    session: String,
}

impl<'s> Phone<'s> {
    pub(super) fn new(sandbox: &'s Sandbox, session: String) -> Self {
        Self { sandbox, session }
    }

    /// Scans the QR code with a phone that is linked to no session yet.
    pub async fn scans(&self) -> Result<types::LinkedAccount, ControlError> {
        self.scan(None).await
    }

    /// Scans the QR code with the phone of this number, which registers now if it is new.
    pub async fn scans_as(&self, number: &str) -> Result<types::LinkedAccount, ControlError> {
        self.scan(Some(number.to_owned())).await
    }

    async fn scan(&self, phone_number: Option<String>) -> Result<types::LinkedAccount, ControlError> {
        let body = types::Scan { phone_number };
        let linked = self.sandbox.control().sessions_scan(&self.session, &body).await?;
        Ok(linked.into_inner().data)
    }

    /// Types a pairing code on the phone for which it was made.
    pub async fn enters(&self, code: &str) -> Result<types::LinkedAccount, ControlError> {
        let body = types::EnterCode { code: code.to_owned() };
        let linked = self.sandbox.control().sessions_enter_code(&self.session, &body).await?;
        Ok(linked.into_inner().data)
    }

    /// Declines to link the session.
    pub async fn rejects(&self) -> Result<(), ControlError> {
        self.sandbox.control().sessions_reject(&self.session, &types::Reject { reason: None }).await?;
        Ok(())
    }

    /// Removes the session from the linked devices.
    pub async fn unlinks(&self) -> Result<(), ControlError> {
        self.sandbox.control().sessions_unlink(&self.session).await?;
        Ok(())
    }
}
