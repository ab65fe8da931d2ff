//! Labels of an organisation, for contacts and conversations.

use axum::Extension;
use axum::extract::State;
use axum::routing::on;
use kirim_client::types;
use rusqlite::{Connection, Row};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::{Answer, created, data, deleted, list};
use super::api_key::Caller;
use super::number::Number;
use super::page::Window;
use super::record::{contact, conversation};
use super::routes::Route;
use super::{Kirim, PREFIX};
use crate::clock::Timestamp;
use crate::network::{Change, Refusal};
use crate::rest::{Ask, At, Body};
use crate::store::Sql as _;

pub(super) const ROUTES: &[Route] = &[
    ("labels_list", |method| on(method, all)),
    ("labels_create", |method| on(method, create)),
    ("labels_get", |method| on(method, show)),
    ("labels_update", |method| on(method, update)),
    ("labels_delete", |method| on(method, delete)),
];

/// A label.
#[derive(Clone, Debug)]
pub(super) struct Label {
    id: String,
    name: String,
    color: String,
    team: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// What can carry labels.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bearer {
    Contact,
    Conversation,
}

const COLUMNS: &str = "id, name, color, team_id, created_at, updated_at";

impl Label {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            color: row.get(2)?,
            team: row.get(3)?,
            created_at: row.get(4)?,
            updated_at: row.get(5)?,
        })
    }

    fn render(&self) -> Value {
        json!({
            "id": self.id,
            "object": "label",
            "name": self.name,
            "color": self.color,
            "team_id": self.team,
            "created_at": self.created_at.to_string(),
            "updated_at": self.updated_at.to_string(),
        })
    }
}

/// The label with this id.
pub(super) fn get(connection: &Connection, organization: &str, id: &str) -> Result<Label, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM kirim_label WHERE id = ?1 AND organization_id = ?2");
    let found = connection.first(&sql, (id, organization), Label::from_row)?;
    found.ok_or_else(|| Refusal::NoRecord("label", id.to_owned()))
}

/// Puts a label on something of a number, or takes it off; the ids are those of the number, the thing and the label.
pub(super) async fn set(
    kirim: &Kirim,
    caller: Caller,
    bearer: Bearer,
    [number, id, label]: [String; 3],
    attached: bool,
) -> Answer {
    let name = match bearer {
        Bearer::Contact => "contact_id",
        Bearer::Conversation => "conversation_id",
    };
    let shown = json!({ name: id, "label_id": label, "attached": attached });
    let done = kirim.change_of(caller, number, move |change, number| {
        let id = match bearer {
            Bearer::Contact => contact::get(change, number, &id)?.id,
            Bearer::Conversation => conversation::get(change, number, &id)?.id,
        };
        put(change, number, bearer, &id, &label, attached)
    });
    done.await?;
    Ok(data(shown))
}

/// Puts a label on something, or takes it off. What is so already stays so.
pub(super) fn put(
    change: &Change<'_>,
    number: &Number,
    bearer: Bearer,
    id: &str,
    label: &str,
    attached: bool,
) -> Result<(), Refusal> {
    get(change, &number.organization, label)?;
    let sql = match (bearer, attached) {
        (Bearer::Contact, true) => {
            "INSERT OR IGNORE INTO kirim_contact_label (contact_id, label_id) VALUES (?1, ?2)"
        }
        (Bearer::Contact, false) => "DELETE FROM kirim_contact_label WHERE contact_id = ?1 AND label_id = ?2",
        (Bearer::Conversation, true) => {
            "INSERT OR IGNORE INTO kirim_conversation_label (conversation_id, label_id) VALUES (?1, ?2)"
        }
        (Bearer::Conversation, false) => {
            "DELETE FROM kirim_conversation_label WHERE conversation_id = ?1 AND label_id = ?2"
        }
    };
    match (change.run(sql, (id, label))?, bearer) {
        (0, _) | (_, Bearer::Conversation) => Ok(()),
        (_, Bearer::Contact) => contact::tell_of_update(change, number, id),
    }
}

#[derive(Debug, Deserialize)]
struct Part {
    limit: Option<usize>,
    cursor: Option<String>,
}

async fn all(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    Ask(part): Ask<Part>,
) -> Answer {
    let organization = caller.organization.id;
    let window = Window::open(part.limit, part.cursor.as_deref(), format!("labels {organization}"))?;
    let (page, next) = kirim
        .network
        .read(move |view| {
            let sql = format!(
                "SELECT {COLUMNS} FROM kirim_label WHERE organization_id = ?1 AND (?2 IS NULL OR id > ?2)
                  ORDER BY id LIMIT ?3"
            );
            let found = view.all(&sql, (&organization, &window.after, window.reach()), Label::from_row)?;
            Ok(window.cut(found, |it| it.id.clone()))
        })
        .await?;
    Ok(list(page.iter().map(Label::render).collect(), next))
}

async fn create(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    Body(body): Body<types::CreateLabel>,
) -> Answer {
    let label = kirim.network.change(move |change| {
        let organization = &caller.organization.id;
        let id = format!("lbl_{}", change.entropy().ulid(change.now));
        expect_new(change, organization, &body.name, body.team_id.as_deref(), &id)?;
        let color = body.color.map_or_else(|| "gray".to_owned(), |it| it.to_string());
        change.run(
            "INSERT INTO kirim_label (id, organization_id, name, color, team_id, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
            (&id, organization, &body.name, color, &body.team_id, change.now),
        )?;
        get(change, organization, &id)
    });
    let label = label.await?;
    Ok(created(&format!("{PREFIX}/v1/labels/{}", label.id), label.render()))
}

async fn show(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
) -> Answer {
    let label = kirim.network.read(move |view| get(view, &caller.organization.id, &id)).await?;
    Ok(data(label.render()))
}

async fn update(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
    Body(body): Body<types::UpdateLabel>,
) -> Answer {
    let label = kirim.network.change(move |change| {
        let organization = &caller.organization.id;
        let now = get(change, organization, &id)?;
        let name = body.name.unwrap_or(now.name);
        expect_new(change, organization, &name, now.team.as_deref(), &id)?;
        let color = body.color.map_or(now.color, |it| it.to_string());
        change.run(
            "UPDATE kirim_label SET name = ?2, color = ?3, updated_at = ?4 WHERE id = ?1",
            (&id, name, color, change.now),
        )?;
        get(change, organization, &id)
    });
    Ok(data(label.await?.render()))
}

async fn delete(
    State(kirim): State<Kirim>,
    Extension(caller): Extension<Caller>,
    At(id): At<String>,
) -> Answer {
    let label = id.clone();
    let done = kirim.network.change(move |change| {
        get(change, &caller.organization.id, &label)?;
        change.run("DELETE FROM kirim_label WHERE id = ?1", (label,))?;
        Ok(())
    });
    done.await?;
    Ok(deleted("label", &id))
}

/// Names are unique in their team.
fn expect_new(
    connection: &Connection,
    organization: &str,
    name: &str,
    team: Option<&str>,
    id: &str,
) -> Result<(), Refusal> {
    let sql = "SELECT 1 FROM kirim_label
                WHERE organization_id = ?1 AND name = ?2 AND coalesce(team_id, '') = coalesce(?3, '') AND id <> ?4";
    if !connection.any(sql, (organization, name, team, id))? {
        return Ok(());
    }
    Err(Refusal::Rule {
        status: 400,
        code: "invalid_field_value",
        param: Some("name"),
        message: format!("a label named `{name}` exists already"),
    })
}
