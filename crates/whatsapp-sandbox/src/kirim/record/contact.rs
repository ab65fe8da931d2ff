//! The people that a number writes with.

use rusqlite::{Connection, Row};
use serde_json::{Map, Value, json};

use super::tell;
use crate::clock::Timestamp;
use crate::kirim::e164;
use crate::kirim::number::Number;
use crate::network::{Change, Refusal};
use crate::store::Sql as _;

/// A person as the API knows them.
#[derive(Clone, Debug)]
pub(in crate::kirim) struct Contact {
    pub(in crate::kirim) id: String,
    /// Digits.
    pub(in crate::kirim) phone: String,
    pub(in crate::kirim) name: Option<String>,
    pub(in crate::kirim) email: Option<String>,
    /// JSON.
    metadata: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// What may be said of a person; `None` leaves it as it is.
#[derive(Clone, Debug, Default)]
pub(in crate::kirim) struct Details {
    pub(in crate::kirim) name: Option<String>,
    pub(in crate::kirim) email: Email,
    pub(in crate::kirim) metadata: Option<Map<String, Value>>,
}

/// What becomes of an e-mail address.
#[derive(Clone, Debug, Default)]
pub(in crate::kirim) enum Email {
    #[default]
    Kept,
    /// `None` removes it.
    Set(Option<String>),
}

impl Email {
    fn after(self, before: Option<String>) -> Option<String> {
        match self {
            Self::Kept => before,
            Self::Set(email) => email,
        }
    }
}

/// Which people to list.
#[derive(Clone, Debug)]
pub(in crate::kirim) struct Filter {
    /// Digits.
    pub(in crate::kirim) phone: Option<String>,
    /// A part of the name or the e-mail address.
    pub(in crate::kirim) search: Option<String>,
    /// The id of the last one of the page before.
    pub(in crate::kirim) after: Option<String>,
    pub(in crate::kirim) limit: i64,
}

const COLUMNS: &str = "id, phone, name, email, metadata, created_at, updated_at";

impl Contact {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            phone: row.get(1)?,
            name: row.get(2)?,
            email: row.get(3)?,
            metadata: row.get(4)?,
            created_at: row.get(5)?,
            updated_at: row.get(6)?,
        })
    }

    /// Whether its name or e-mail address holds this text, which is in small letters.
    fn says(&self, text: &str) -> bool {
        [&self.name, &self.email].into_iter().flatten().any(|it| it.to_lowercase().contains(text))
    }

    /// As the API shows it.
    pub(in crate::kirim) fn render(
        &self,
        connection: &Connection,
        number: &Number,
    ) -> Result<Value, Refusal> {
        let metadata: Option<Value> = self.metadata.as_deref().and_then(|it| serde_json::from_str(it).ok());
        Ok(json!({
            "id": self.id,
            "object": "contact",
            "phone_number": e164(&self.phone),
            "name": self.name,
            "email": self.email,
            "metadata": metadata,
            "whatsapp_account": { "phone_number": e164(&number.account(connection)?.phone) },
            "created_at": self.created_at.to_string(),
            "updated_at": self.updated_at.to_string(),
        }))
    }
}

/// The contact with this id.
pub(in crate::kirim) fn get(connection: &Connection, number: &Number, id: &str) -> Result<Contact, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM kirim_contact WHERE id = ?1 AND number_id = ?2");
    let found = connection.first(&sql, (id, &number.id), Contact::from_row)?;
    found.ok_or_else(|| Refusal::NoRecord("contact", id.to_owned()))
}

/// The contact with this phone number, in digits.
pub(in crate::kirim) fn find(
    connection: &Connection,
    number: &Number,
    phone: &str,
) -> Result<Option<Contact>, Refusal> {
    let sql = format!("SELECT {COLUMNS} FROM kirim_contact WHERE number_id = ?1 AND phone = ?2");
    Ok(connection.first(&sql, (&number.id, phone), Contact::from_row)?)
}

/// Contacts, the latest first.
pub(in crate::kirim) fn list(
    connection: &Connection,
    number: &Number,
    filter: &Filter,
) -> Result<Vec<Contact>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM kirim_contact
          WHERE number_id = ?1 AND (?2 IS NULL OR phone = ?2) AND (?3 IS NULL OR id < ?3)
          ORDER BY id DESC LIMIT ?4"
    );
    let Filter { phone, search, after, limit } = filter;
    let Some(search) = search else {
        return Ok(connection.all(&sql, (&number.id, phone, after, limit), Contact::from_row)?);
    };
    // SQLite knows the small letters of ASCII only. A negative limit is none.
    let mut found = connection.all(&sql, (&number.id, phone, after, -1), Contact::from_row)?;
    let search = search.to_lowercase();
    found.retain(|it| it.says(&search));
    found.truncate(usize::try_from(*limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// The contact with this phone number, added if there is none.
pub(in crate::kirim) fn ensure(
    change: &Change<'_>,
    number: &Number,
    phone: &str,
    name: Option<&str>,
) -> Result<Contact, Refusal> {
    match find(change, number, phone)? {
        Some(contact) => Ok(contact),
        None => add(change, number, phone, Details { name: name.map(str::to_owned), ..Details::default() }),
    }
}

/// Adds a contact whose phone number is new.
pub(in crate::kirim) fn add(
    change: &Change<'_>,
    number: &Number,
    phone: &str,
    details: Details,
) -> Result<Contact, Refusal> {
    let id = format!("ctc_{}", change.entropy().ulid(change.now));
    let metadata = details.metadata.map(|it| Value::Object(it).to_string());
    change.run(
        "INSERT INTO kirim_contact (id, number_id, phone, name, email, metadata, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
        (&id, &number.id, phone, details.name, details.email.after(None), metadata, change.now),
    )?;
    told(change, number, &id, "contact.created")
}

/// Changes what is said of a contact.
pub(in crate::kirim) fn update(
    change: &Change<'_>,
    number: &Number,
    id: &str,
    details: Details,
) -> Result<Contact, Refusal> {
    let now = get(change, number, id)?;
    let metadata = details.metadata.map(|it| Value::Object(it).to_string()).or(now.metadata);
    let (name, email) = (details.name.or(now.name), details.email.after(now.email));
    change.run(
        "UPDATE kirim_contact SET name = ?2, email = ?3, metadata = ?4, updated_at = ?5 WHERE id = ?1",
        (id, name, email, metadata, change.now),
    )?;
    told(change, number, id, "contact.updated")
}

/// Deletes a contact with the records of its conversation; the network keeps its own.
pub(in crate::kirim) fn delete(change: &Change<'_>, number: &Number, id: &str) -> Result<(), Refusal> {
    get(change, number, id)?;
    change.run("DELETE FROM kirim_contact WHERE id = ?1", (id,))?;
    Ok(())
}

/// Something about a contact has changed that stands elsewhere.
pub(in crate::kirim) fn tell_of_update(
    change: &Change<'_>,
    number: &Number,
    id: &str,
) -> Result<(), Refusal> {
    told(change, number, id, "contact.updated").map(drop)
}

fn told(change: &Change<'_>, number: &Number, id: &str, event: &str) -> Result<Contact, Refusal> {
    let contact = get(change, number, id)?;
    tell(change, number, json!({ "type": event, "data": { "contact": contact.render(change, number)? } }))?;
    Ok(contact)
}
