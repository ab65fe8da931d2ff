//! The store behind the sandbox: many messages written into it in a fraction of the time, and whether all is done.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

/// Adds so many messages that have been read to the chat of the demo's own account with this number. No sandbox may
/// run on the folder.
pub(crate) fn with_messages(folder: &Path, number: &str, count: u32) -> anyhow::Result<()> {
    let mut database = Connection::open(folder.join("sandbox.sqlite3"))?;
    let transaction = database.transaction()?;
    let (me, other, conversation): (i64, i64, i64) = transaction.query_row(
        "SELECT session.account_id, account.id, conversation.id
           FROM session, account JOIN conversation
             ON conversation.kind = 'direct' AND low_id = min(session.account_id, account.id)
                AND high_id = max(session.account_id, account.id)
          WHERE session.name = 'main' AND account.phone = ?1",
        (number,),
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let newest: i64 =
        transaction.query_row("SELECT coalesce(max(id), 0) FROM message", (), |row| row.get(0))?;
    transaction.execute(
        "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?5)
         INSERT INTO message (id, wire_id, conversation_id, sender_id, sent_at, content, accepted)
         SELECT ?1 + n, printf('3EB0%018X', ?1 + n), ?2, iif(n % 2, ?3, ?4), 1700000000000 + (?1 + n) * 100,
                '{\"type\":\"text\",\"text\":\"message number ' || n || ' of a long conversation\",\"link_preview\":false}', 1
           FROM number",
        (newest, conversation, me, other, count),
    )?;
    transaction.execute(
        "INSERT INTO receipt (message_id, account_id, status, delivered_at, read_at)
         SELECT id, iif(sender_id = ?2, ?3, ?2), 3, sent_at, sent_at FROM message WHERE id > ?1",
        (newest, me, other),
    )?;
    transaction.execute(
        "UPDATE chat SET last_message_id = (SELECT max(id) FROM message WHERE conversation_id = ?1)
          WHERE conversation_id = ?1",
        (conversation,),
    )?;
    transaction.commit()?;
    Ok(())
}

/// Waits until the simulated network has done all that was due: every message that was sent has been read.
pub(crate) fn wait_until_settled(folder: &Path) -> anyhow::Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let database = Connection::open_with_flags(folder.join("sandbox.sqlite3"), flags)?;
    let sql = "SELECT EXISTS (SELECT 1 FROM agenda WHERE task LIKE '{\"task\":\"accept\"%'
                  OR task LIKE '{\"task\":\"deliver\"%' OR task LIKE '{\"task\":\"read\"%')";
    while database.query_row(sql, (), |row| row.get(0))? {
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
