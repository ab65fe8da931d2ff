//! The addresses of `WhatsApp`: one parser that takes every spelling in use and gives one canonical form.

use std::fmt;

#[cfg(test)]
mod tests;

/// The address of a person, a group, a channel or the status broadcast, in canonical form.
///
/// [`fmt::Display`] writes the form that `WhatsApp` itself uses: `5511999999999@s.whatsapp.net`, `…@lid`, `…@g.us`,
/// `…@newsletter` or `status@broadcast`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Jid {
    /// A person by phone number: digits with the country code, without a plus.
    Phone(String),
    /// A person by LID, the identifier that hides the phone number: digits.
    Lid(String),
    /// A group: digits, or the older `creator-timestamp`.
    Group(String),
    /// A channel: digits.
    Newsletter(String),
    /// The account's own status posts.
    StatusBroadcast,
}

/// Why a text is no JID.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JidError {
    #[error(
        "a JID is missing: give a phone number such as +5511999999999, or a JID such as 5511999999999@s.whatsapp.net"
    )]
    Empty,
    #[error(
        "`{0}` is no JID: what stands after the @ must be s.whatsapp.net, c.us, lid, g.us, newsletter or broadcast"
    )]
    Server(String),
    #[error("`{0}` is no JID: only digits may stand before the @, with an optional leading plus")]
    User(String),
    #[error("`{0}` is no phone number: it needs the country code and has 5 to 15 digits")]
    Length(String),
}

impl Jid {
    /// Reads any spelling: a bare phone number with or without plus, and grouped as people do; `@c.us` and
    /// `@s.whatsapp.net`; `@lid`, `@g.us`, `@newsletter` and `status@broadcast`; each with an optional device suffix
    /// (`:12`), which is dropped. Digits are only ever read: no rule adds or takes away any.
    pub(crate) fn parse(text: &str) -> Result<Self, JidError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(JidError::Empty);
        }
        let Some((user, server)) = text.rsplit_once('@') else {
            return phone(without_device(text, text)?, text);
        };
        let user = without_agent(without_device(user, text)?, text)?;
        match server.to_ascii_lowercase().as_str() {
            "s.whatsapp.net" | "c.us" => phone(user, text),
            "lid" => Ok(Self::Lid(digits(user, text)?)),
            "g.us" => group(user, text),
            "newsletter" => Ok(Self::Newsletter(digits(user, text)?)),
            "broadcast" if user == "status" => Ok(Self::StatusBroadcast),
            _ => Err(JidError::Server(text.to_owned())),
        }
    }
}

impl fmt::Display for Jid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phone(digits) => write!(out, "{digits}@s.whatsapp.net"),
            Self::Lid(digits) => write!(out, "{digits}@lid"),
            Self::Group(id) => write!(out, "{id}@g.us"),
            Self::Newsletter(digits) => write!(out, "{digits}@newsletter"),
            Self::StatusBroadcast => out.write_str("status@broadcast"),
        }
    }
}

/// `user:device` without the device.
fn without_device<'a>(user: &'a str, text: &str) -> Result<&'a str, JidError> {
    let Some((user, device)) = user.split_once(':') else { return Ok(user) };
    digits(device, text)?;
    Ok(user)
}

/// `user.agent` without the agent.
fn without_agent<'a>(user: &'a str, text: &str) -> Result<&'a str, JidError> {
    let Some((user, agent)) = user.split_once('.') else { return Ok(user) };
    digits(agent, text)?;
    Ok(user)
}

fn phone(number: &str, text: &str) -> Result<Jid, JidError> {
    let plain: String = number.chars().filter(|it| !is_grouping(*it)).collect();
    let plain = plain.strip_prefix('+').unwrap_or(&plain);
    let plain = digits(plain, text)?;
    if (5..=15).contains(&plain.len()) {
        Ok(Jid::Phone(plain))
    } else {
        Err(JidError::Length(text.to_owned()))
    }
}

/// What people put between digits: spaces, dashes, dots and brackets, and the invisible marks of direction that phones
/// copy along.
fn is_grouping(it: char) -> bool {
    it.is_whitespace()
        || matches!(it, '-' | '.' | '/' | '(' | ')' | '\u{2010}'..='\u{2013}' | '\u{200b}'..='\u{200f}')
        || matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn group(user: &str, text: &str) -> Result<Jid, JidError> {
    let id = match user.split_once('-') {
        Some((creator, timestamp)) => format!("{}-{}", digits(creator, text)?, digits(timestamp, text)?),
        None => digits(user, text)?,
    };
    Ok(Jid::Group(id))
}

fn digits(part: &str, text: &str) -> Result<String, JidError> {
    if !part.is_empty() && part.len() <= 32 && part.bytes().all(|it| it.is_ascii_digit()) {
        Ok(part.to_owned())
    } else {
        Err(JidError::User(text.to_owned()))
    }
}
