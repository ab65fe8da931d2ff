//! From events to deliveries: each event once, each delivery in the transaction that moves the cursor.

use serde_json::Value;

use super::{Dialect, Notice};
use crate::access::webhook::{self, Webhook};
use crate::network::{Change, Network, Refusal, View, event};
use crate::store::Sql as _;

/// The name of the outbox among the readers of events.
const READER: &str = "webhooks";
/// The most events that one transaction works through.
const BATCH: u32 = 200;
/// While nobody listens the cursor follows in steps of this many events, so that a send costs no extra transaction.
const STRIDE: i64 = 1_000;

/// Queues what the events since the last time give to deliver; whether any webhook listens at all.
pub(super) async fn fill(network: &Network, dialects: &'static [Dialect]) -> Result<bool, Refusal> {
    let (newest, cursor, somebody_listens) = network.read(look).await?;
    if somebody_listens {
        let mut is_behind = newest > cursor;
        while is_behind {
            is_behind = network.change(move |change| work_through(change, dialects)).await?;
        }
    } else if newest - cursor >= STRIDE {
        network.change(move |change| event::advance(change, READER, newest)).await?;
    }
    Ok(somebody_listens)
}

/// Queues one notice for every webhook that wants it.
pub(crate) fn enqueue(change: &Change<'_>, dialect: &Dialect, notice: &Notice) -> Result<(), Refusal> {
    let webhooks = webhook::list_of(change, &notice.audience)?;
    queue(change, dialect, notice, webhooks.iter())
}

fn look(view: &View<'_>) -> Result<(i64, i64, bool), Refusal> {
    let somebody_listens = webhook::list(view)?.iter().any(|it| it.registration.enabled);
    Ok((event::newest(view)?, event::cursor(view, READER)?, somebody_listens))
}

/// Queues what the next events give; whether there may be more of them.
fn work_through(change: &Change<'_>, dialects: &[Dialect]) -> Result<bool, Refusal> {
    let webhooks = webhook::list(change)?;
    let events = event::since(change, event::cursor(change, READER)?, BATCH)?;
    let Some(last) = events.last().map(|it| it.id) else { return Ok(false) };
    let spoken = || dialects.iter().filter(|it| webhooks.iter().any(|webhook| webhook.owner.api == it.api));
    for (recorded, dialect) in events.iter().flat_map(|it| spoken().map(move |dialect| (it, dialect))) {
        let notices = match (dialect.tell)(change, recorded) {
            Ok(notices) => notices,
            Err(Refusal::Store(error)) => return Err(error.into()),
            Err(error) => {
                tracing::warn!(event = recorded.id, %error, "an event could not be told to webhooks");
                continue;
            }
        };
        for notice in &notices {
            queue(change, dialect, notice, webhooks.iter().filter(|it| it.first_event < recorded.id))?;
        }
    }
    event::advance(change, READER, last)?;
    Ok(events.len() == BATCH as usize)
}

fn queue<'a>(
    change: &Change<'_>,
    dialect: &Dialect,
    notice: &Notice,
    webhooks: impl Iterator<Item = &'a Webhook>,
) -> Result<(), Refusal> {
    let wants =
        |it: &&Webhook| it.owner == notice.audience && it.registration.wants(notice.name, &notice.session);
    let mut wanting = webhooks.filter(wants).peekable();
    if wanting.peek().is_none() {
        return Ok(());
    }
    let id = write(change, dialect, notice)?;
    let lane = notice.lane.as_ref().map_or_else(|| id.clone(), |lane| format!("{}/{lane}", notice.session));
    for webhook in wanting {
        change.run(
            "INSERT INTO delivery (notice_id, webhook_id, lane, due_at, updated_at, public_id) VALUES (?1, ?2, ?3,
                CASE WHEN EXISTS (SELECT 1 FROM delivery WHERE webhook_id = ?2 AND lane = ?3 AND state = 'waiting')
                     THEN NULL ELSE ?4 END, ?4, ?5)",
            (&id, webhook.id, &lane, change.now, (dialect.delivery_id)(change)),
        )?;
    }
    Ok(())
}

/// Writes a notice down as it will be sent, and gives its id.
fn write(change: &Change<'_>, dialect: &Dialect, notice: &Notice) -> Result<String, Refusal> {
    let id = (dialect.notice_id)(change);
    let body = Value::Object((dialect.wrap)(notice, &id)).to_string();
    change.run(
        "INSERT INTO notice (id, name, session, body, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        (&id, notice.name, &notice.session, body.as_bytes(), notice.at),
    )?;
    Ok(id)
}
