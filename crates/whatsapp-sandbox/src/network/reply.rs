//! Scripted replies: what an account answers by itself to texts that match a rule.

use std::time::Duration;

use regex::{Regex, RegexBuilder};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row};
use serde::{Deserialize, Serialize};

use super::agenda::Task;
use super::content::Content;
use super::conversation::{self, Peer};
use super::id::{AccountId, MessageId};
use super::message::{self, Message};
use super::sending::{self, Draft};
use super::{Change, Refusal, presence, reaction};
use crate::store::Sql as _;

/// The most bytes that a compiled rule may take.
const MAX_COMPILED: usize = 1 << 20;
/// The longest that an account may take to answer.
const MAX_DELAY: Duration = Duration::from_hours(24);

/// A rule of an account.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) id: i64,
    pub(crate) account: AccountId,
    /// A regular expression, whatever the case; found anywhere in the text or caption.
    pub(crate) matching: String,
    pub(crate) reply: Reply,
    pub(crate) delay: Duration,
}

/// What an account answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Reply {
    /// Writes a text, in which `$0` is what matched and `$1` its first group.
    Text(String),
    /// Writes a text that quotes the message, with the same places for what matched.
    Quote(String),
    /// Reacts with an emoji.
    React(String),
}

/// The account's rules, the oldest first, which is the order in which they are tried.
pub(crate) fn list(connection: &Connection, account: AccountId) -> Result<Vec<Rule>, Refusal> {
    let sql =
        "SELECT id, account_id, matching, reply, delay_ms FROM reply_rule WHERE account_id = ?1 ORDER BY id";
    Ok(connection.all(sql, (account,), Rule::from_row)?)
}

/// Adds a rule: when a text that matches reaches the account, it replies after the delay, in the same chat.
pub(crate) fn add(
    change: &Change<'_>,
    account: AccountId,
    matching: &str,
    reply: &Reply,
    delay: Duration,
) -> Result<Rule, Refusal> {
    compile(matching)?;
    let (Reply::Text(text) | Reply::Quote(text) | Reply::React(text)) = reply;
    if text.trim().is_empty() {
        return Err(Refusal::Invalid("the reply of a rule must not be empty".to_owned()));
    }
    if let Reply::React(emoji) = reply {
        reaction::check(emoji)?;
    }
    if delay > MAX_DELAY {
        return Err(Refusal::Invalid("a reply may take up to 24 hours".to_owned()));
    }
    let millis = i64::try_from(delay.as_millis()).unwrap_or(i64::MAX);
    change.run(
        "INSERT INTO reply_rule (account_id, matching, reply, delay_ms) VALUES (?1, ?2, ?3, ?4)",
        (account, matching, reply, millis),
    )?;
    let id = change.last_insert_rowid();
    Ok(Rule { id, account, matching: matching.to_owned(), reply: reply.clone(), delay })
}

/// Removes a rule of an account; whether there was one.
pub(crate) fn remove(change: &Change<'_>, account: AccountId, rule: i64) -> Result<bool, Refusal> {
    Ok(change.run("DELETE FROM reply_rule WHERE id = ?1 AND account_id = ?2", (rule, account))? > 0)
}

/// A message has reached an account: the first rule that matches will answer. What the simulation wrote itself is
/// never answered, so that two scripts cannot talk for ever.
pub(super) fn consider(change: &Change<'_>, recipient: AccountId, message: &Message) -> Result<(), Refusal> {
    let rules = list(change, recipient)?;
    if rules.is_empty() || is_automatic(change, message.id)? {
        return Ok(());
    }
    let text = message.content.summary();
    let Some((rule, reply)) = rules.iter().find_map(|rule| Some((rule, rule.answer(&text)?))) else {
        return Ok(());
    };
    change.schedule(rule.delay, &Task::Reply { message: message.id, by: recipient, reply })
}

/// The account replies to a message, if it still can.
pub(super) fn perform(
    change: &Change<'_>,
    id: MessageId,
    by: AccountId,
    reply: &Reply,
) -> Result<(), Refusal> {
    let message = message::by_id(change, id)?;
    if message.content == Content::Revoked {
        return Ok(());
    }
    let (text, quoted) = match reply {
        Reply::React(emoji) => {
            return reaction::react(change, by, message.conversation, &message.wire_id, emoji);
        }
        Reply::Text(text) => (text, None),
        Reply::Quote(text) => (text, Some(message.wire_id.clone())),
    };
    let peer = conversation::resolve(change, by, &conversation::jid(change, by, message.conversation)?)?;
    // A status post is answered in the chat with its author.
    let (peer, quoted) = match peer {
        Peer::Status => (Peer::Account(super::account::by_id(change, message.sender)?), None),
        peer => (peer, quoted),
    };
    send(change, by, &peer, &Draft { quoted, ..Draft::text(text) })
}

/// Sends what the simulation writes by itself.
pub(super) fn send(change: &Change<'_>, by: AccountId, peer: &Peer, draft: &Draft) -> Result<(), Refusal> {
    let message = sending::send(change, by, peer, draft)?;
    presence::glimpse(change, by)?;
    change.run("UPDATE message SET automatic = 1 WHERE id = ?1", (message.id,))?;
    Ok(())
}

/// Whether the simulation wrote the message by itself.
pub(super) fn is_automatic(connection: &Connection, message: MessageId) -> Result<bool, Refusal> {
    Ok(connection.any("SELECT 1 FROM message WHERE id = ?1 AND automatic = 1", (message,))?)
}

impl Rule {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let millis: i64 = row.get(4)?;
        Ok(Self {
            id: row.get(0)?,
            account: row.get(1)?,
            matching: row.get(2)?,
            reply: row.get(3)?,
            delay: Duration::from_millis(millis.unsigned_abs()),
        })
    }

    /// The reply to a text that matches, with what matched in its places.
    fn answer(&self, text: &str) -> Option<Reply> {
        let captures = compile(&self.matching).ok()?.captures(text)?;
        let filled = |template: &str| {
            let mut text = String::new();
            captures.expand(template, &mut text);
            text
        };
        Some(match &self.reply {
            Reply::Text(template) => Reply::Text(filled(template)),
            Reply::Quote(template) => Reply::Quote(filled(template)),
            Reply::React(emoji) => Reply::React(emoji.clone()),
        })
    }
}

fn compile(matching: &str) -> Result<Regex, Refusal> {
    let limited = RegexBuilder::new(matching).case_insensitive(true).size_limit(MAX_COMPILED).build();
    limited.map_err(|error| Refusal::Invalid(format!("`{matching}` is no regular expression: {error}")))
}

impl ToSql for Reply {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(self)
            .map(ToSqlOutput::from)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

impl FromSql for Reply {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map_err(FromSqlError::other)
    }
}
