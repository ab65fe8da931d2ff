//! How a message fails after it was accepted: the code, Meta's number for it, and the words.

use serde_json::{Value, json};

use super::number::Number;
use crate::network::{Change, Refusal};
use crate::store::Sql as _;

/// Why Meta did not take a message that Kirim had accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) provider_code: i64,
    pub(crate) message: &'static str,
}

const fn failure(code: &'static str, provider_code: i64, message: &'static str) -> Failure {
    Failure { code, provider_code, message }
}

pub(super) const OUTSIDE_WINDOW: Failure = failure(
    "outside_24h_window",
    131_047,
    "the customer has not written within the last 24 hours: send a template instead",
);
pub(super) const NOT_ON_WHATSAPP: Failure =
    failure("recipient_not_on_whatsapp", 1_006, "the recipient is not on WhatsApp");
pub(super) const BLOCKED: Failure =
    failure("recipient_blocked", 1_013, "the recipient is blocked: unblock the contact first");
pub(super) const TEMPLATE_PAUSED: Failure =
    failure("template_paused", 132_015, "the template is paused because of its quality");
pub(super) const TEMPLATE_DISABLED: Failure =
    failure("template_disabled", 132_016, "the template is disabled");
pub(super) const PARAMETER_COUNT: Failure = failure(
    "template_param_count_mismatch",
    132_000,
    "the number of parameters is not that of the template's variables",
);
pub(super) const PARAMETER_FORMAT: Failure = failure(
    "template_param_format_mismatch",
    132_001,
    "a parameter is of another kind than the template wants",
);
pub(super) const MEDIA: Failure = failure(
    "media_download_failed",
    131_053,
    "the file could not be fetched, or is none that WhatsApp takes",
);
/// Not in Kirim's documentation, which leaves some codes out; the number is Meta's.
pub(super) const RESTRICTED: Failure =
    failure("account_restricted", 131_031, "WhatsApp restricts this number at the moment");

/// All of them.
const ALL: [Failure; 9] = [
    OUTSIDE_WINDOW,
    NOT_ON_WHATSAPP,
    BLOCKED,
    TEMPLATE_PAUSED,
    TEMPLATE_DISABLED,
    PARAMETER_COUNT,
    PARAMETER_FORMAT,
    MEDIA,
    RESTRICTED,
];

impl Failure {
    /// The failure with this code.
    pub(crate) fn with_code(code: &str) -> Option<Self> {
        ALL.into_iter().find(|it| it.code == code)
    }

    /// As a message shows it.
    pub(super) fn render(self) -> Value {
        json!({ "code": self.code, "message": self.message, "provider_code": self.provider_code })
    }
}

/// Lets the next message of a number fail in this way.
pub(crate) fn force(change: &Change<'_>, number: &Number, failure: Failure) -> Result<(), Refusal> {
    change.run(
        "INSERT INTO kirim_failure (number_id, code) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET code = excluded.code",
        (&number.id, failure.code),
    )?;
    Ok(())
}

/// How the next message of a number is to fail, if at all. Asking uses it up.
pub(super) fn forced(change: &Change<'_>, number: &Number) -> Result<Option<Failure>, Refusal> {
    let code: Option<String> =
        change
            .first("SELECT code FROM kirim_failure WHERE number_id = ?1", (&number.id,), |row| row.get(0))?;
    if code.is_some() {
        change.run("DELETE FROM kirim_failure WHERE number_id = ?1", (&number.id,))?;
    }
    Ok(code.as_deref().and_then(Failure::with_code))
}
