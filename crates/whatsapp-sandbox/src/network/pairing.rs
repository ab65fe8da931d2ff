//! Linking a session to an account: QR codes that rotate and expire, pairing codes, and the simulated phone.

use std::time::Duration;

use super::account::{self, Account, Character, NewAccount};
use super::agenda::Task;
use super::event::Event;
use super::session::{self, Session, State};
use super::{Change, Refusal, View, registration};
use crate::clock::Timestamp;
use crate::jid::Jid;
use crate::store::Sql as _;

/// How many QR codes a session shows before it gives up.
const QR_ROUNDS: i64 = 6;
/// How long a pairing code can be typed; another one takes its place at any time.
const CODE_LIFETIME: Duration = Duration::from_mins(3);

/// How many pairing codes a phone gets within [`REQUEST_WINDOW`].
const MAX_REQUESTS: u32 = 5;
const REQUEST_WINDOW: Duration = Duration::from_mins(10);

/// A pairing code.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) text: String,
    pub(crate) expires_at: Timestamp,
}

/// Shows the first QR code.
pub(super) fn begin(change: &Change<'_>, session: &Session) -> Result<Session, Refusal> {
    let session = session::enter(change, session, State::Pairing)?;
    show_qr(change, &session)?;
    session::get(change, &session.name)
}

/// The text of the QR code on show. From now on the simulated phone is on its way.
pub(crate) fn qr(change: &Change<'_>, name: &str) -> Result<String, Refusal> {
    let session = waiting(change, name)?;
    call_phone(change, &session)?;
    change
        .first("SELECT qr FROM session WHERE name = ?1", (name,), |row| row.get(0))?
        .flatten()
        .ok_or_else(|| Refusal::NotPairing(name.to_owned()))
}

/// A code of eight characters for the person to type on the phone with this number. Like `WhatsApp`, it refuses a phone
/// that has got many lately.
pub(crate) fn code(change: &Change<'_>, name: &str, phone: &Jid) -> Result<Code, Refusal> {
    let session = waiting(change, name)?;
    let Jid::Phone(digits) = phone else {
        return Err(Refusal::Invalid(
            "give the phone number of the account, with its country code".to_owned(),
        ));
    };
    count_request(change, digits)?;
    let (code, expires_at) = (change.entropy().pairing_code(), change.now.after(CODE_LIFETIME));
    let sql = "UPDATE session SET pair_code = ?2, pair_phone = ?3, updated_at = ?4, pair_expires = ?5 WHERE name = ?1";
    change.run(sql, (name, &code, digits, change.now, expires_at))?;
    call_phone(change, &session)?;
    Ok(Code { text: code, expires_at })
}

fn count_request(change: &Change<'_>, phone: &str) -> Result<(), Refusal> {
    change.run("DELETE FROM pairing_request WHERE at <= ?1", (change.now.before(REQUEST_WINDOW),))?;
    let sql = "SELECT at FROM pairing_request WHERE phone = ?1 ORDER BY at DESC LIMIT 1 OFFSET ?2";
    if let Some(at) = change.first(sql, (phone, MAX_REQUESTS - 1), |row| row.get::<_, Timestamp>(0))? {
        let wait = at.after(REQUEST_WINDOW).since(change.now);
        return Err(Refusal::TooManyCodes { phone: phone.to_owned(), seconds: wait.as_secs().max(1) });
    }
    change.run("INSERT INTO pairing_request (phone, at) VALUES (?1, ?2)", (phone, change.now))?;
    Ok(())
}

/// What a session shows to a phone.
#[derive(Clone, Debug)]
pub(crate) struct Showing {
    /// The text of the QR code.
    pub(crate) qr: Option<String>,
    /// The code to type.
    pub(crate) code: Option<String>,
    /// The number of the phone for which that code was made: digits.
    pub(crate) phone: Option<String>,
    /// When that code dies.
    pub(crate) code_until: Option<Timestamp>,
}

/// What a session shows to a phone now. To look at it does not set the simulated phone on its way.
pub(crate) fn showing(view: &View<'_>, name: &str) -> Result<Showing, Refusal> {
    let sql = "SELECT qr, pair_code, pair_phone, pair_expires FROM session WHERE name = ?1";
    let found = view.first(sql, (name,), |row| {
        let code_until: Option<Timestamp> = row.get(3)?;
        let is_alive = code_until.is_some_and(|at| at > view.now);
        Ok(Showing {
            qr: row.get(0)?,
            code: row.get::<_, Option<String>>(1)?.filter(|_| is_alive),
            phone: row.get::<_, Option<String>>(2)?.filter(|_| is_alive),
            code_until: code_until.filter(|_| is_alive),
        })
    })?;
    found.ok_or_else(|| Refusal::NoSession(name.chars().take(64).collect()))
}

/// The phone scans the QR code: the session is linked to the account with this number, or to one that is free.
pub(crate) fn scan(change: &Change<'_>, name: &str, phone: Option<&Jid>) -> Result<Account, Refusal> {
    let session = waiting(change, name)?;
    let account = match phone {
        Some(phone) => account_with(change, phone)?,
        None => free_account(change)?,
    };
    session::link(change, &session, &account)?;
    Ok(account)
}

/// The person types the pairing code on the phone for which it was made.
pub(crate) fn enter_code(change: &Change<'_>, name: &str, entered: &str) -> Result<Account, Refusal> {
    let session = waiting(change, name)?;
    let shown: Option<(String, String)> = change.first(
        "SELECT pair_code, pair_phone FROM session WHERE name = ?1 AND pair_code IS NOT NULL AND pair_expires > ?2",
        (name, change.now),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let entered: String = entered.chars().filter(char::is_ascii_alphanumeric).collect();
    match shown {
        Some((code, phone)) if code.eq_ignore_ascii_case(&entered) => {
            let account = account_with(change, &Jid::Phone(phone))?;
            session::link(change, &session, &account)?;
            Ok(account)
        }
        _ => Err(Refusal::WrongCode(name.to_owned())),
    }
}

/// What the person at the phone does instead of linking the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    /// Refuses, so the attempt is over.
    Reject,
    /// Is asked for a passkey, and has none: the attempt is over as well.
    Passkey,
}

/// The person at the phone does not link the session, which ends the attempt. Starting the session begins another.
pub(crate) fn deny(change: &Change<'_>, name: &str, denial: Denial) -> Result<Session, Refusal> {
    let session = waiting(change, name)?;
    let state = match denial {
        Denial::Reject => State::Rejected,
        Denial::Passkey => State::PasskeyRequired,
    };
    session::enter(change, &session, state)
}

/// A QR code has expired: shows the next one, or gives up after the last.
pub(super) fn rotate(change: &Change<'_>, name: &str, epoch: i64) -> Result<(), Refusal> {
    let Some(session) = session::still(change, name, epoch, State::Pairing)? else { return Ok(()) };
    let round: Option<i64> =
        change.first("SELECT qr_round FROM session WHERE name = ?1", (name,), |row| row.get(0))?;
    if round.unwrap_or(QR_ROUNDS) >= QR_ROUNDS {
        session::enter(change, &session, State::QrTimeout)?;
        return Ok(());
    }
    show_qr(change, &session)
}

/// The simulated phone does what a person would: types the pairing code if there is one, else scans the QR code.
pub(super) fn play_phone(change: &Change<'_>, name: &str, epoch: i64) -> Result<(), Refusal> {
    if session::still(change, name, epoch, State::Pairing)?.is_none() {
        return Ok(());
    }
    let code: Option<String> =
        change.first("SELECT pair_code FROM session WHERE name = ?1", (name,), |row| row.get(0))?.flatten();
    match code {
        Some(code) => enter_code(change, name, &code)?,
        None => scan(change, name, None)?,
    };
    Ok(())
}

fn show_qr(change: &Change<'_>, session: &Session) -> Result<(), Refusal> {
    let qr = change.entropy().pairing_qr();
    let until = change.now.after(change.pace().qr_lifetime);
    change.run(
        "UPDATE session SET qr = ?2, qr_round = qr_round + 1, updated_at = ?3, until = ?4 WHERE name = ?1",
        (&session.name, &qr, change.now, until),
    )?;
    let round = change
        .first("SELECT qr_round FROM session WHERE name = ?1", (&session.name,), |row| row.get(0))?
        .unwrap_or(1);
    change.emit(&Event::SessionQr { session: session.name.clone(), qr, round }, &[])?;
    let task = Task::RotateQr { session: session.name.clone(), epoch: session.epoch };
    change.schedule(change.pace().qr_lifetime, &task)
}

/// The session, if it waits to be paired.
fn waiting(change: &Change<'_>, name: &str) -> Result<Session, Refusal> {
    let session = session::get(change, name)?;
    match (session.state, session.account) {
        (State::Pairing, _) => Ok(session),
        (_, Some(_)) => Err(Refusal::AlreadyPaired(session.name)),
        (_, None) => Err(Refusal::NotPairing(session.name)),
    }
}

/// Sends the simulated phone on its way, once in an epoch: it can only use a code that somebody has been shown.
fn call_phone(change: &Change<'_>, session: &Session) -> Result<(), Refusal> {
    let Some(moment) = change.pace().auto_pair else { return Ok(()) };
    let sql = "UPDATE session SET phone_called = 1 WHERE name = ?1 AND phone_called = 0";
    if change.run(sql, (&session.name,))? == 0 {
        return Ok(());
    }
    let task = Task::PlayPhone { session: session.name.clone(), epoch: session.epoch };
    change.schedule(moment, &task)
}

/// The account with this number; a number that is not on the network yet registers.
fn account_with(change: &Change<'_>, phone: &Jid) -> Result<Account, Refusal> {
    if let Some(account) = account::dialled(change, phone)? {
        return Ok(account);
    }
    let Jid::Phone(digits) = phone else { return Err(Refusal::NotRegistered(phone.to_string())) };
    if let Some(account) = account::find(change, phone)? {
        // The number has left the network; with this phone it comes back.
        registration::set(change, account.id, true)?;
        return account::by_id(change, account.id);
    }
    register(change, digits)
}

/// An owner's account that no session is linked to; a new one if there is none.
fn free_account(change: &Change<'_>) -> Result<Account, Refusal> {
    let free = change.first(
        "SELECT id FROM account WHERE character = ?1
            AND NOT EXISTS (SELECT 1 FROM session WHERE account_id = account.id) ORDER BY id",
        (Character::Owner,),
        |row| row.get(0),
    )?;
    match free {
        Some(id) => account::by_id(change, id),
        None => register(change, &format!("551199{}", change.entropy().digits(7))),
    }
}

/// Puts the owner's account with this number on the network.
pub(crate) fn register(change: &Change<'_>, digits: &str) -> Result<Account, Refusal> {
    let push_name = format!("Phone {}", &digits[digits.len().saturating_sub(4)..]);
    let new = NewAccount {
        phone: digits,
        push_name: &push_name,
        about: "Hey there! I am using WhatsApp.",
        business_name: None,
        character: Character::Owner,
    };
    let id = account::create(change, &new)?;
    account::by_id(change, id)
}
