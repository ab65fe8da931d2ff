//! The states of a session.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// Where a session stands. The first four that run are followed by the reasons why it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

impl State {
    const NAMES: [(Self, &'static str); 7] = [
        (Self::Pairing, "pairing"),
        (Self::Connecting, "connecting"),
        (Self::Connected, "connected"),
        (Self::New, "new"),
        (Self::ManualStop, "manual_stop"),
        (Self::QrTimeout, "qr_timeout"),
        (Self::LoggedOut, "logged_out"),
    ];

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
        }
    }

    /// What brings a session that is not connected to the network.
    pub(super) fn remedy(self, paired: bool) -> &'static str {
        match self {
            Self::Pairing => "pair it with a QR code or a pairing code",
            Self::Connecting => "ask for the session until it is connected",
            _ if paired => "start it",
            _ => "start it, then pair it",
        }
    }
}

impl ToSql for State {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(Self::NAMES.iter().find(|(it, _)| it == self).map_or("new", |(_, name)| name).into())
    }
}

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        Self::NAMES.iter().find(|(_, it)| *it == name).map(|(it, _)| *it).ok_or(FromSqlError::InvalidType)
    }
}
