//! Votes in polls. A vote names all options that a person is for, and takes the place of the person's earlier one.

use rusqlite::Connection;

use super::content::Content;
use super::event::{Event, Person};
use super::id::{AccountId, ConversationId};
use super::message::{self, Message};
use super::{Change, Refusal};
use crate::store::Sql as _;

/// One option of a poll, and who is for it.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    pub(crate) option: String,
    pub(crate) voters: Vec<AccountId>,
}

/// Votes for these options of a poll; none takes the vote back. Whoever has the poll may vote, its author too.
pub(crate) fn vote(
    change: &Change<'_>,
    me: AccountId,
    conversation: ConversationId,
    wire_id: &str,
    options: &[String],
) -> Result<(), Refusal> {
    let message = message::visible_in(change, me, conversation, wire_id)?;
    let Content::Poll { options: offered, multiple_answers, .. } = &message.content else {
        return Err(Refusal::NotAPoll);
    };
    if options.len() > 1 && !multiple_answers {
        return Err(Refusal::Invalid("this poll takes one answer".to_owned()));
    }
    let mut chosen = options.iter().map(|option| place_of(offered, option)).collect::<Result<Vec<_>, _>>()?;
    chosen.sort_unstable();
    chosen.dedup();
    change.run("DELETE FROM poll_vote WHERE message_id = ?1 AND account_id = ?2", (message.id, me))?;
    for option in chosen {
        change.run(
            "INSERT INTO poll_vote (message_id, account_id, option, voted_at) VALUES (?1, ?2, ?3, ?4)",
            (message.id, me, option, change.now),
        )?;
    }
    let event = Event::PollVote {
        place: change.place(conversation)?,
        author: Person::of(change, message.sender)?,
        message_id: message.wire_id.clone(),
        by: Person::of(change, me)?,
        options: options.to_vec(),
    };
    change.emit(&event, &message::observers(change, &message, me)?)
}

/// How the votes stand, in the order of the options.
pub(crate) fn tally(connection: &Connection, poll: &Message) -> Result<Vec<Tally>, Refusal> {
    let Content::Poll { options, .. } = &poll.content else { return Err(Refusal::NotAPoll) };
    let sql = "SELECT account_id FROM poll_vote WHERE message_id = ?1 AND option = ?2 ORDER BY voted_at, account_id";
    let tallies = options.iter().zip(0_i64..).map(|(option, place)| {
        let voters = connection.all(sql, (poll.id, place), |row| row.get(0))?;
        Ok(Tally { option: option.clone(), voters })
    });
    tallies.collect()
}

fn place_of(offered: &[String], option: &str) -> Result<i64, Refusal> {
    let place = offered.iter().zip(0..).find(|(it, _)| *it == option).map(|(_, place)| place);
    place.ok_or_else(|| Refusal::Invalid(format!("the poll has no option `{option}`")))
}
