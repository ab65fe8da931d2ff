//! What the demo people have written before.

use std::time::Duration;

use super::people::Cast;
use crate::network::conversation::Peer;
use crate::network::group::{self, member};
use crate::network::id::AccountId;
use crate::network::sending::Draft;
use crate::network::{Change, Refusal, account, sending};
use crate::store::Sql as _;

pub(super) fn plant(change: &Change<'_>, cast: &Cast) -> Result<(), Refusal> {
    let Cast { support, ana, bruno, carla, diego, echo, .. } = *cast;
    let lines = [
        (2_880, ana, support, "Hi! Is the blue jacket still available in M?"),
        (2_875, support, ana, "Hello Ana, yes it is. Shall I put one aside for you?"),
        (2_871, ana, support, "Yes please, I will pick it up on Friday"),
        (1_450, bruno, support, "My parcel has not arrived yet, the number is BR-20417"),
        (
            1_440,
            support,
            bruno,
            "Sorry about that. I am asking the carrier and will write as soon as I know more.",
        ),
        (190, diego, support, "Bom dia! Vocês entregam em Belo Horizonte?"),
        (180, support, diego, "Bom dia, Diego! Sim, em três dias úteis."),
        (95, support, echo, "ping"),
        (95, echo, support, "Echo: ping"),
    ];
    for (minutes_ago, from, to, text) in lines {
        let peer = Peer::Account(account::by_id(change, to)?);
        write(change, minutes_ago, from, &peer, text, true)?;
    }
    let team = found(change, support, "Acme Launch", &[ana, bruno, diego])?;
    group::set_description(change, support, &team, "Everything about the launch in spring")?;
    write(change, 1_200, support, &Peer::Group(team.clone()), "Welcome, everyone!", true)?;
    write(change, 1_180, bruno, &Peer::Group(team), "Thanks for having me", true)?;
    // A group in which the support account is a plain member.
    let club = found(change, ana, "Book Club", &[support, carla])?;
    write(change, 600, ana, &Peer::Group(club), "Next meeting: Thursday at seven", true)?;
    let support = Peer::Account(account::by_id(change, support)?);
    write(change, 12, ana, &support, "Small question: can I also pay by card?", false)?;
    private(change, cast)
}

/// What the private person has written and got: a reply is owed to Bruno.
fn private(change: &Change<'_>, cast: &Cast) -> Result<(), Refusal> {
    let Cast { ana, bruno, marina, .. } = *cast;
    let lines = [
        (310, ana, marina, "Shall we have lunch tomorrow?", true),
        (305, marina, ana, "With pleasure! One o'clock, at the usual place?", true),
        (301, ana, marina, "Perfect, see you there", true),
        (25, bruno, marina, "Do you still have my umbrella?", false),
    ];
    for (minutes_ago, from, to, text, read) in lines {
        let peer = Peer::Account(account::by_id(change, to)?);
        write(change, minutes_ago, from, &peer, text, read)?;
    }
    Ok(())
}

/// Makes a group with these members, whatever their privacy.
fn found(
    change: &Change<'_>,
    owner: AccountId,
    name: &str,
    members: &[AccountId],
) -> Result<group::Group, Refusal> {
    let group = group::create(change, owner, name)?;
    for &account in members {
        member::enter(change, group.id, account, member::Rank::Member)?;
    }
    Ok(group)
}

/// Sends a message some minutes ago: it has reached everyone by now, and been read unless it is still unread.
fn write(
    change: &Change<'_>,
    minutes_ago: u64,
    from: AccountId,
    to: &Peer,
    text: &str,
    read: bool,
) -> Result<(), Refusal> {
    let message = sending::send(change, from, to, &Draft::text(text))?;
    // Nothing is left for the agenda to do.
    change.run("DELETE FROM agenda", ())?;
    let sent_at = change.now.before(Duration::from_mins(minutes_ago));
    change.run("UPDATE message SET sent_at = ?2, accepted = 1 WHERE id = ?1", (message.id, sent_at))?;
    let recipients: Vec<AccountId> =
        change
            .all("SELECT account_id FROM receipt WHERE message_id = ?1", (message.id,), |row| row.get(0))?;
    for recipient in recipients {
        crate::network::receipt::arrive(change, &message, recipient)?;
        if read {
            crate::network::receipt::see(change, recipient, message.conversation, &[])?;
        }
    }
    Ok(())
}
