//! Why the network does not do what it was asked.

use crate::clock::Timestamp;
use crate::jid::JidError;
use crate::media::FileError;
use crate::store::StoreError;

/// Why the network refuses. The text is meant for the caller, whatever API stands in front; [`Refusal::kind`] is what
/// an API translates into its own codes.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error(transparent)]
    Jid(#[from] JidError),
    #[error("{0}")]
    Invalid(String),
    /// The request is well-formed, and yet cannot be done.
    #[error("{0}")]
    Unfit(&'static str),

    #[error("there is no session named `{0}`: list the sessions, or create it")]
    NoSession(String),
    #[error("a session named `{0}` exists already: choose another name, or use the one that is there")]
    SessionExists(String),
    #[error("session `{session}` is not connected ({state}): {remedy}")]
    NotConnected { session: String, state: &'static str, remedy: &'static str },
    #[error("session `{0}` is not waiting to be paired: start it first, then ask for the code")]
    NotPairing(String),
    #[error("session `{0}` is paired already: log it out before pairing it again")]
    AlreadyPaired(String),
    #[error(
        "WhatsApp gives +{phone} no more pairing codes for now: try again in {seconds} seconds, or scan the QR code"
    )]
    TooManyCodes { phone: String, seconds: u64 },
    #[error("session `{0}` is not paired with an account: start and pair it first")]
    NotPaired(String),
    #[error("the pairing code is not the one that session `{0}` shows now")]
    WrongCode(String),
    #[error("+{0} has four linked devices already: log one of its sessions out first")]
    TooManyDevices(String),
    #[error("WhatsApp has banned +{phone} until {until}: wait for the end of the ban")]
    Banned { phone: String, until: String },
    #[error("the phone of +{0} is off: switch it on first")]
    PhoneOff(String),
    #[error("+{0} is on the network already: choose another number")]
    NumberTaken(String),
    #[error(
        "the clock is the system's, which cannot be moved: stop it first, by the control routes or with a clock of the sandbox's own"
    )]
    SystemClock,
    #[error("the clock cannot go beyond {0}: set it to an earlier instant, or advance it by less")]
    EndOfTime(Timestamp),

    #[error("{0} is not on WhatsApp: check the number first and use the JID that the check returns")]
    NotRegistered(String),
    #[error("you have blocked {0}: unblock the contact before writing to it")]
    Blocked(String),
    #[error(
        "WhatsApp refuses the message (463, reach-out time-lock): until {until} you may write to nobody new, and you \
         have never written with {person}; people whom you know can still be written to"
    )]
    TimeLocked { person: String, until: String },
    #[error("{0} is not available for this kind of chat")]
    WrongPeer(&'static str),
    #[error("you have no chat with {0}")]
    NoChat(String),
    #[error("you are not subscribed to the presence of {0}: subscribe first")]
    NotSubscribed(String),

    #[error("there is no message `{0}` in this chat")]
    NoMessage(String),
    #[error("only the sender may edit a message")]
    NotYourMessage,
    #[error("only the sender, or an admin of the group, may delete a message for everyone")]
    NotYoursToDelete,
    #[error("only text and captions can be edited")]
    NotEditable,
    #[error("only voice messages can be listened to")]
    NotPlayable,
    #[error("this message is no poll")]
    NotAPoll,
    #[error("only the sender may see how far a message has come")]
    NotYourReceipts,
    #[error("the message is older than {0}, so it cannot be {1} any more")]
    WindowClosed(&'static str, &'static str),
    #[error("there is no call `{0}` of this account")]
    NoCall(String),
    #[error("there is no media `{0}`")]
    NoMedia(String),
    #[error("the file of media `{0}` has expired: ask the sender to send it again, or persist media in time")]
    MediaExpired(String),
    #[error("the file at `url` cannot be had: {0}")]
    NoFile(String),
    #[error("`{field}` is not called: {why}")]
    NotCalled { field: &'static str, why: String },
    #[error(transparent)]
    File(#[from] FileError),

    #[error("there is no group {0}, or you are not in it")]
    NoGroup(String),
    #[error("only an admin of the group may {0}")]
    NotAdmin(&'static str),
    #[error("only the {owner} may {action}")]
    NotOwner { owner: &'static str, action: &'static str },
    #[error("the invite code leads to no group: it is wrong, or was revoked")]
    NoInvite,
    #[error("you are in this group already")]
    AlreadyMember,

    #[error("there is no channel {0}")]
    NoChannel(String),
    #[error("you do not follow this channel: follow it first")]
    NotFollowing,

    #[error("labels belong to business accounts, and +{0} is none")]
    NotBusiness(String),
    #[error("there is no label `{0}`")]
    NoLabel(String),
    #[error("a label named `{0}` exists already")]
    LabelExists(String),

    #[error("this idempotency key was used for another request: use a new key for each message")]
    IdempotencyKeyReused,
    #[error("there is no API key `{0}`")]
    NoKey(String),
    #[error(
        "the API key lacks the scope `{0}` itself, so it can neither give it nor manage a key that has it"
    )]
    ScopeNotYours(String),
    #[error("an API key cannot disable or delete itself: use another one")]
    OwnKey,
    #[error("session `{0}` has no client rules: set them first")]
    NoClientRules(String),
    #[error("session `{0}` has no client rules that are enabled: set them first")]
    ClientTokensOff(String),
    #[error("the client rules of session `{0}` bind each token to one conversation: give `chatId`")]
    ChatWanted(String),
    #[error("there is no webhook `{0}`")]
    NoWebhook(String),
    #[error("there is no delivery `{0}`")]
    NoDelivery(String),
    #[error("delivery `{0}` is not a dead letter: only what was given up can be replayed")]
    NotDead(i64),

    /// What an API in front of the network does not take by its own rules, in its own words.
    #[error("{message}")]
    Rule { status: u16, code: &'static str, param: Option<&'static str>, message: String },
    #[error("there is no {0} `{1}`")]
    NoRecord(&'static str, String),

    #[error("the state does not fit this sandbox: {0}")]
    ForeignState(String),
    #[error("the whole state was replaced by a reset or an import while this was under way: begin anew")]
    Replaced,

    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The sorts of refusal that APIs tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The request itself is wrong.
    Invalid,
    /// What it names does not exist, or not for this account.
    NotFound,
    /// The account has no right to it.
    Forbidden,
    /// It does not fit the present state.
    Conflict,
    /// It was there, and is no more.
    Gone,
    /// The sandbox itself failed.
    Failure,
}

impl Refusal {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Jid(_)
            | Self::Invalid(_)
            | Self::NotEditable
            | Self::NotPlayable
            | Self::NotAPoll
            | Self::WrongCode(_)
            | Self::NotCalled { .. } => Kind::Invalid,
            Self::NoRecord(..)
            | Self::NoSession(_)
            | Self::NotRegistered(_)
            | Self::NoChat(_)
            | Self::NoMessage(_)
            | Self::NoMedia(_)
            | Self::NoCall(_)
            | Self::NoFile(_)
            | Self::NoGroup(_)
            | Self::NoInvite
            | Self::NoChannel(_)
            | Self::NoLabel(_)
            | Self::NoKey(_)
            | Self::NoClientRules(_)
            | Self::NoWebhook(_)
            | Self::NoDelivery(_) => Kind::NotFound,
            Self::Rule { status, .. } => of_rule(*status),
            Self::MediaExpired(_) => Kind::Gone,
            Self::NotYourMessage
            | Self::NotYourReceipts
            | Self::ScopeNotYours(_)
            | Self::NotYoursToDelete
            | Self::NotAdmin(_)
            | Self::NotOwner { .. } => Kind::Forbidden,
            Self::Unfit(_)
            | Self::WrongPeer(_)
            | Self::SessionExists(_)
            | Self::NotConnected { .. }
            | Self::NotPairing(_)
            | Self::AlreadyPaired(_)
            | Self::TooManyCodes { .. }
            | Self::NotPaired(_)
            | Self::TooManyDevices(_)
            | Self::Banned { .. }
            | Self::TimeLocked { .. }
            | Self::PhoneOff(_)
            | Self::NumberTaken(_)
            | Self::SystemClock
            | Self::EndOfTime(_)
            | Self::Blocked(_)
            | Self::NotSubscribed(_)
            | Self::WindowClosed(..)
            | Self::AlreadyMember
            | Self::NotFollowing
            | Self::NotBusiness(_)
            | Self::LabelExists(_)
            | Self::OwnKey
            | Self::ClientTokensOff(_)
            | Self::ChatWanted(_)
            | Self::IdempotencyKeyReused
            | Self::NotDead(_)
            | Self::ForeignState(_)
            | Self::Replaced => Kind::Conflict,
            Self::Store(_) | Self::File(_) => Kind::Failure,
        }
    }
}

/// The sort that an API's own rule is of, by the status that the API gives it.
fn of_rule(status: u16) -> Kind {
    match status {
        403 => Kind::Forbidden,
        404 => Kind::NotFound,
        409 => Kind::Conflict,
        _ => Kind::Invalid,
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}
