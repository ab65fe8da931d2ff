//! The modes of a group: who may write in it, and who may change what it shows of itself.

use super::{Group, check_admin, tell};
use crate::network::event::GroupChange;
use crate::network::id::AccountId;
use crate::network::{Change, Refusal};
use crate::store::Sql as _;

/// Lets only admins write, or everyone again. Reactions and votes stay open to all members.
pub(crate) fn set_announce(
    change: &Change<'_>,
    me: AccountId,
    group: &Group,
    announce: bool,
) -> Result<(), Refusal> {
    check_admin(change, group.id, me, "choose who may write in it")?;
    let sql = "UPDATE group_chat SET announce = ?2 WHERE id = ?1 AND announce <> ?2";
    if change.run(sql, (group.id, announce))? == 0 {
        return Ok(());
    }
    tell(change, me, group.id, GroupChange::Announce(announce))
}

/// Lets only admins change name, description and picture, which is so from the start, or everyone.
pub(crate) fn set_locked(
    change: &Change<'_>,
    me: AccountId,
    group: &Group,
    locked: bool,
) -> Result<(), Refusal> {
    check_admin(change, group.id, me, "choose who may change it")?;
    let sql = "UPDATE group_chat SET locked = ?2 WHERE id = ?1 AND locked <> ?2";
    if change.run(sql, (group.id, locked))? == 0 {
        return Ok(());
    }
    tell(change, me, group.id, GroupChange::Locked(locked))
}
