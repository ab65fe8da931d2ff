//! What a call about several people did for each of them.

use super::invite::PersonalInvite;
use crate::jid::Jid;

/// What became of one person in a call about several.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) jid: Jid,
    pub(crate) result: MemberResult,
    /// The way in for somebody who could not be added.
    pub(crate) invite: Option<PersonalInvite>,
}

/// The results that `WhatsApp` reports for one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MemberResult {
    Done,
    /// The person lets only contacts add them: send the invite link.
    InviteOnly,
    /// The number is not on the network, or the person is not in the group.
    NotFound,
    /// The person is in the group, or has the rank, already.
    AlreadySo,
    /// The group is full.
    Full,
    /// The creator of a group can neither be removed nor demoted.
    Protected,
}

impl MemberResult {
    /// The number that `WhatsApp` gives for it.
    pub(crate) fn code(self) -> u16 {
        match self {
            Self::Done => 200,
            Self::InviteOnly => 403,
            Self::NotFound => 404,
            Self::Protected => 406,
            Self::AlreadySo => 409,
            Self::Full => 500,
        }
    }

    /// What it means, if it is no success.
    pub(crate) fn problem(self) -> Option<&'static str> {
        match self {
            Self::Done => None,
            Self::InviteOnly => {
                Some("this person lets only contacts add them to groups: send the invite link")
            }
            Self::NotFound => Some("not on WhatsApp, or not in the group"),
            Self::Protected => Some("the creator of a group can neither be removed nor demoted"),
            Self::AlreadySo => Some("it was so already"),
            Self::Full => Some("the group is full"),
        }
    }
}
