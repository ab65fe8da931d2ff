//! The states of a session.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

/// Where a session stands. The first four that run are followed by the reasons why it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// Shows a QR code or pairing code and waits for the phone.
    Pairing,
    /// Paired, on its way to the network.
    Connecting,
    /// Paired and on the network.
    Connected,
    /// Made and never started.
    New,
    /// Stopped by the caller.
    ManualStop,
    /// No phone came before the last QR code expired.
    QrTimeout,
    /// Unlinked from its account.
    LoggedOut,
    /// The person at the phone refused to link it.
    Rejected,
    /// The account cannot be linked without a passkey, which the person at the phone did not give.
    PasskeyRequired,
    /// `WhatsApp` keeps the account off the network for a while.
    TemporaryBan,
    /// The connection broke and stays broken until somebody starts the session.
    StreamError,
}

impl State {
    const NAMES: [(Self, &'static str); 11] = [
        (Self::Pairing, "pairing"),
        (Self::Connecting, "connecting"),
        (Self::Connected, "connected"),
        (Self::New, "new"),
        (Self::ManualStop, "manual_stop"),
        (Self::QrTimeout, "qr_timeout"),
        (Self::LoggedOut, "logged_out"),
        (Self::Rejected, "rejected"),
        (Self::PasskeyRequired, "passkey_required"),
        (Self::TemporaryBan, "temporary_ban"),
        (Self::StreamError, "stream_error"),
    ];

    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(it, _)| *it == self).map_or("new", |(_, name)| name)
    }

    /// Whether the session has been started and not stopped since.
    pub(crate) fn is_running(self) -> bool {
        matches!(self, Self::Pairing | Self::Connecting | Self::Connected)
    }

    /// The state in words, for a sentence.
    pub(super) fn description(self) -> &'static str {
        match self {
            Self::Pairing => "it waits to be paired",
            Self::Connecting => "it is connecting",
            Self::Connected => "it is connected",
            Self::New => "it was never started",
            Self::ManualStop => "it was stopped",
            Self::QrTimeout => "nobody scanned its QR code in time",
            Self::LoggedOut => "it was logged out",
            Self::Rejected => "the person at the phone refused to link it",
            Self::PasskeyRequired => "the account asks for a passkey before it is linked",
            Self::TemporaryBan => "WhatsApp has banned the account for a while",
            Self::StreamError => "its connection broke",
        }
    }

    /// What brings a session that is not connected to the network.
    pub(super) fn remedy(self, paired: bool) -> &'static str {
        match self {
            Self::Pairing => "pair it with a QR code or a pairing code",
            Self::Connecting => "ask for the session until it is connected",
            Self::TemporaryBan => "wait for the end of the ban, at which it comes back by itself",
            _ if paired => "start it",
            _ => "start it, then pair it",
        }
    }
}

impl ToSql for State {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        Self::NAMES.iter().find(|(_, it)| *it == name).map(|(it, _)| *it).ok_or(FromSqlError::InvalidType)
    }
}
