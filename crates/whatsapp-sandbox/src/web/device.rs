//! The linked device: where it stands, in the product's words, and waiting until it can be used.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use whatsapp_web_client::types::{self, StatusState};

use super::answer::Problem;
use super::{SESSION, Web};
use crate::network::account::Account;
use crate::network::session::{self, Session, State};
use crate::network::{Change, Refusal, View, pairing};

/// How long a request waits until the device is ready, by the sandbox's clock; nor longer than that by the system's, where
/// the sandbox's stands still.
const PATIENCE: Duration = Duration::from_mins(2);
/// How often it looks.
const POLL: Duration = Duration::from_millis(500);

/// The device as it is now.
#[derive(Debug)]
pub(super) struct Device {
    pub(super) state: StatusState,
    last_error: Option<&'static str>,
    account: Option<Account>,
}

impl Device {
    /// Looks at the device; one that was never started, or was logged out, is stopped.
    pub(super) fn look(view: &View<'_>) -> Result<Self, Refusal> {
        let Some(session) = find(view)? else {
            return Ok(Self { state: StatusState::Stopped, last_error: None, account: None });
        };
        let (state, last_error) = words(&session);
        let account = session.account(view)?.filter(|_| session.state == State::Connected);
        Ok(Self { state, last_error, account })
    }

    /// Whether messages can be sent and read.
    pub(super) fn is_ready(&self) -> bool {
        self.state == StatusState::Ready
    }

    /// The device as it is shown.
    pub(super) fn status(&self) -> types::Status {
        types::Status {
            state: self.state,
            ready: self.is_ready(),
            authenticated: self.is_ready(),
            auth_dir: "/simulated/.wwebjs_auth".to_owned(),
            chrome_executable: "/simulated/chrome".to_owned(),
            headless: true,
            has_qr: self.state == StatusState::Qr,
            last_error: self.last_error.map(str::to_owned),
            account: self.account.as_ref().map(|account| types::Account {
                wid: Some(format!("{}@c.us", account.phone)),
                pushname: Some(account.push_name.clone()),
                platform: Some(if account.business_name.is_some() { "smba" } else { "android" }.to_owned()),
            }),
        }
    }
}

/// The session, unless it was never started or was logged out.
fn find(view: &View<'_>) -> Result<Option<Session>, Refusal> {
    match session::get(view, SESSION) {
        Ok(session) => Ok(Some(session)),
        Err(Refusal::NoSession(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The product's word for the state of a session, and what went wrong last.
fn words(session: &Session) -> (StatusState, Option<&'static str>) {
    match session.state {
        State::New | State::ManualStop => (StatusState::Stopped, None),
        State::Pairing => (StatusState::Qr, None),
        // It lost its connection, and comes back by itself.
        State::Connecting if session.until.is_some() => (StatusState::Disconnected, Some("TIMEOUT")),
        State::Connecting => (StatusState::Starting, None),
        // Linked, and its history still comes.
        State::Connected if session.synced < 100 => (StatusState::Authenticated, None),
        State::Connected => (StatusState::Ready, None),
        State::QrTimeout => (StatusState::Disconnected, Some("Max qrcode retries reached")),
        State::LoggedOut => (StatusState::Disconnected, Some("LOGOUT")),
        State::TemporaryBan => (StatusState::Disconnected, Some("TOS_BLOCK")),
        State::StreamError => (StatusState::Disconnected, Some("TIMEOUT")),
        State::Rejected => {
            (StatusState::AuthFailure, Some("The person at the phone refused to link the device"))
        }
        State::PasskeyRequired => (StatusState::AuthFailure, Some("The account asks for a passkey")),
    }
}

/// Starts the device, which is then linked or shows a QR code. One that runs stays as it is.
pub(super) fn start(change: &Change<'_>) -> Result<(), Refusal> {
    if find(change)?.is_none() {
        session::reserve(change, SESSION)?;
    }
    session::start(change, SESSION)?;
    Ok(())
}

/// Unlinks the device and forgets it.
pub(super) fn log_out(change: &Change<'_>) -> Result<(), Refusal> {
    if find(change)?.is_some() { session::delete(change, SESSION) } else { Ok(()) }
}

/// The text of the QR code on show, if there is one. Whoever is shown it has a phone on its way.
pub(super) fn qr(change: &Change<'_>) -> Result<Option<String>, Refusal> {
    match Device::look(change)?.state {
        StatusState::Qr => pairing::qr(change, SESSION).map(Some),
        _ => Ok(None),
    }
}

impl Web {
    /// The device as it is now.
    pub(super) async fn device(&self) -> Result<Device, Problem> {
        Ok(self.network.read(Device::look).await?)
    }

    /// Starts the device if need be, and waits until it is ready.
    pub(super) async fn until_ready(&self) -> Result<(), Problem> {
        self.until(Device::is_ready).await.map(|_| ())
    }

    /// Starts the device if need be, and waits until it is in one of these states. Linking that failed is told at once.
    pub(super) async fn until(&self, enough: impl Fn(&Device) -> bool) -> Result<Device, Problem> {
        let (began, deadline) = (Instant::now(), self.network.now().after(PATIENCE));
        if matches!(self.device().await?.state, StatusState::Stopped | StatusState::Disconnected) {
            self.network.change(start).await?;
        }
        loop {
            let device = self.device().await?;
            if enough(&device) {
                return Ok(device);
            }
            if device.state == StatusState::AuthFailure {
                return Err(Problem::new(device.last_error.unwrap_or("authentication failed")));
            }
            if self.network.now() >= deadline || began.elapsed() >= PATIENCE {
                return Err(Problem::new(
                    "WhatsApp client is not ready. Scan the QR code at /qr with the phone, then try again",
                ));
            }
            sleep(POLL).await;
        }
    }
}
