//! How a session comes to the network and leaves it.

use std::time::Duration;

use super::{Session, State, get, of_account, still};
use crate::clock::Timestamp;
use crate::network::account::Account;
use crate::network::agenda::Task;
use crate::network::event::{Event, Person};
use crate::network::fault::{self, Restriction};
use crate::network::id::AccountId;
use crate::network::{Change, Refusal, pairing, presence, receipt};
use crate::store::Sql as _;

/// All of the history.
const SYNCED: u8 = 100;
/// How much of it comes at a time.
const SYNC_STEP: u8 = 25;

/// A paired session reaches the network and gets what was waiting for its account, unless the account is banned.
pub(in crate::network) fn connect(change: &Change<'_>, name: &str, epoch: i64) -> Result<(), Refusal> {
    let Some(session) = still(change, name, epoch, State::Connecting)? else { return Ok(()) };
    let Some(account) = session.account else { return Ok(()) };
    if let Some(until) = fault::until(change, account, Restriction::TemporaryBan)? {
        drop_out(change, &session, State::TemporaryBan, Some(until))?;
        return Ok(());
    }
    go_online(change, &session, account)
}

/// Links a session to an account and connects it. The account's history comes bit by bit.
pub(crate) fn link(change: &Change<'_>, session: &Session, account: &Account) -> Result<(), Refusal> {
    const LINKED_DEVICES: usize = 4;
    if of_account(change, account.id)?.len() >= LINKED_DEVICES {
        return Err(Refusal::TooManyDevices(account.phone.clone()));
    }
    if let Some(until) = fault::until(change, account.id, Restriction::TemporaryBan)? {
        return Err(Refusal::Banned { phone: account.phone.clone(), until: until.to_string() });
    }
    let synced = if change.pace().sync_delay.is_zero() { SYNCED } else { 0 };
    let sql = "UPDATE session SET account_id = ?2, synced = ?3 WHERE name = ?1";
    change.run(sql, (&session.name, account.id, synced))?;
    go_online(change, session, account.id)
}

/// The next part of the history has come.
pub(in crate::network) fn sync(change: &Change<'_>, name: &str, epoch: i64) -> Result<(), Refusal> {
    let Some(session) = still(change, name, epoch, State::Connected)? else { return Ok(()) };
    let synced = session.synced.saturating_add(SYNC_STEP).min(SYNCED);
    change.run("UPDATE session SET synced = ?2 WHERE name = ?1", (name, synced))?;
    let session = get(change, name)?;
    tell(change, &session)?;
    go_on_syncing(change, &session)
}

/// Takes a session off the network into a state; it stays paired. The account is not available any more, unless
/// another session shows it.
pub(in crate::network) fn drop_out(
    change: &Change<'_>,
    session: &Session,
    state: State,
    until: Option<Timestamp>,
) -> Result<Session, Refusal> {
    let session = enter_until(change, session, state, until)?;
    went_offline(change, session.account)?;
    Ok(session)
}

/// A paired session has lost its connection and gets it back after a while.
pub(in crate::network) fn reconnect(
    change: &Change<'_>,
    session: &Session,
    delay: Duration,
) -> Result<Session, Refusal> {
    let session = drop_out(change, session, State::Connecting, Some(change.now.after(delay)))?;
    let task = Task::Connect { session: session.name.clone(), epoch: session.epoch };
    change.schedule(delay, &task)?;
    Ok(session)
}

fn go_online(change: &Change<'_>, session: &Session, account: AccountId) -> Result<(), Refusal> {
    let session = enter(change, session, State::Connected)?;
    go_on_syncing(change, &session)?;
    receipt::deliver_backlog(change, account)
}

fn go_on_syncing(change: &Change<'_>, session: &Session) -> Result<(), Refusal> {
    if session.synced >= SYNCED {
        return Ok(());
    }
    change.schedule(
        change.pace().sync_delay,
        &Task::Sync { session: session.name.clone(), epoch: session.epoch },
    )
}

/// Moves a session to a state, in a new epoch and without codes.
pub(in crate::network) fn enter(
    change: &Change<'_>,
    session: &Session,
    state: State,
) -> Result<Session, Refusal> {
    enter_until(change, session, state, None)
}

fn enter_until(
    change: &Change<'_>,
    session: &Session,
    state: State,
    until: Option<Timestamp>,
) -> Result<Session, Refusal> {
    change.run(
        "UPDATE session SET state = ?2, epoch = epoch + 1, updated_at = ?3, until = ?4, qr = NULL, qr_round = 0,
                pair_code = NULL, pair_phone = NULL, pair_expires = NULL, phone_called = 0 WHERE name = ?1",
        (&session.name, state, change.now, until),
    )?;
    let session = get(change, &session.name)?;
    tell(change, &session)?;
    Ok(session)
}

fn tell(change: &Change<'_>, session: &Session) -> Result<(), Refusal> {
    let account = session.account(change)?.map(Person::from);
    let observers: Vec<AccountId> = session.account.into_iter().collect();
    let Session { name, state, synced, .. } = session.clone();
    change.emit(&Event::SessionStatus { session: name, state, account, synced }, &observers)
}

/// Starts a session, whatever it does now.
pub(super) fn begin(change: &Change<'_>, session: &Session) -> Result<Session, Refusal> {
    if session.account.is_none() {
        return pairing::begin(change, session);
    }
    let session = enter(change, session, State::Connecting)?;
    let task = Task::Connect { session: session.name.clone(), epoch: session.epoch };
    change.schedule(change.pace().connect_delay, &task)?;
    Ok(session)
}

/// Ends the presence of an account that no connected session shows any more.
pub(super) fn went_offline(change: &Change<'_>, account: Option<AccountId>) -> Result<(), Refusal> {
    let Some(account) = account else { return Ok(()) };
    let sql = "SELECT 1 FROM session WHERE account_id = ?1 AND state = ?2";
    if change.any(sql, (account, State::Connected))? {
        return Ok(());
    }
    presence::set(change, account, false)
}
