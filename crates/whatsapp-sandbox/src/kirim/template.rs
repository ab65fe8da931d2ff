//! Templates: what Meta has approved for a number, and what fills their variables.

use kirim_client::types;
use rusqlite::{Connection, Row};
use serde_json::{Value, json};

use super::failure::{self, Failure};
use super::number::Number;
use crate::network::content::MediaKind;
use crate::network::{Change, Refusal};
use crate::store::Sql as _;

mod provider;

/// A template as the API keeps it.
#[derive(Clone, Debug)]
pub(super) struct Template {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) language: String,
    pub(super) status: String,
    category: String,
    /// The kind of the header: `text`, `image`, `video` or `document`.
    header: Option<String>,
    header_text: Option<String>,
    body: String,
    footer: Option<String>,
    /// JSON.
    buttons: String,
}

/// A template by its name, and what fills its variables.
#[derive(Clone, Debug)]
pub(super) struct Filled {
    pub(super) name: String,
    pub(super) language: String,
    header: Option<Header>,
    body: Vec<String>,
}

#[derive(Clone, Debug)]
enum Header {
    Text(String),
    File { kind: MediaKind, filename: Option<String> },
}

/// The file of a header, as it was named.
#[derive(Clone, Debug)]
pub(super) struct HeaderFile {
    pub(super) kind: MediaKind,
    pub(super) link: Option<String>,
    pub(super) id: Option<String>,
    pub(super) filename: Option<String>,
}

/// What a synchronisation has changed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Synced {
    pub(super) created: u32,
    pub(super) updated: u32,
    pub(super) seen: u32,
}

const COLUMNS: &str = "id, name, language, status, category, header, header_text, body, footer, buttons";

impl Template {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            language: row.get(2)?,
            status: row.get(3)?,
            category: row.get(4)?,
            header: row.get(5)?,
            header_text: row.get(6)?,
            body: row.get(7)?,
            footer: row.get(8)?,
            buttons: row.get(9)?,
        })
    }

    /// As the API shows it.
    pub(super) fn render(&self) -> Value {
        let variables: Vec<String> = (1..=variables(&self.body)).map(|it| it.to_string()).collect();
        json!({
            "id": self.id,
            "object": "template",
            "name": self.name,
            "language": self.language,
            "status": self.status,
            "category": self.category,
            "content": self.body,
            "header_type": self.header,
            "header_content": self.header_text,
            "footer_content": self.footer,
            "has_variables": !variables.is_empty(),
            "variables": variables,
            "buttons": serde_json::from_str::<Value>(&self.buttons).unwrap_or_default(),
        })
    }

    /// Whether Meta takes it so.
    pub(super) fn check(&self, filled: &Filled) -> Result<(), Failure> {
        match self.status.as_str() {
            "paused" => return Err(failure::TEMPLATE_PAUSED),
            "disabled" => return Err(failure::TEMPLATE_DISABLED),
            _ => {}
        }
        let wanted = self.header_text.as_deref().map_or(0, variables);
        match (self.header.as_deref(), &filled.header) {
            (Some("text") | None, None) if wanted == 0 => {}
            (Some("text"), Some(Header::Text(_))) if wanted == 1 => {}
            (Some("image"), Some(Header::File { kind: MediaKind::Image, .. }))
            | (Some("video"), Some(Header::File { kind: MediaKind::Video, .. }))
            | (Some("document"), Some(Header::File { kind: MediaKind::File, .. })) => {}
            (_, None) => return Err(failure::PARAMETER_COUNT),
            _ => return Err(failure::PARAMETER_FORMAT),
        }
        if filled.body.len() == variables(&self.body) { Ok(()) } else { Err(failure::PARAMETER_COUNT) }
    }

    /// The text that the recipient sees.
    pub(super) fn text(&self, filled: Option<&Filled>) -> String {
        let title = match filled.and_then(|it| it.header.as_ref()) {
            Some(Header::Text(text)) => std::slice::from_ref(text),
            _ => &[],
        };
        let header = self.header_text.as_deref().map(|it| format!("*{}*\n", fill(it, title)));
        let values = filled.map(|it| it.body.as_slice()).unwrap_or_default();
        let body = fill(&self.body, values);
        let footer = self.footer.as_deref().map(|it| format!("\n_{it}_"));
        format!("{}{body}{}", header.unwrap_or_default(), footer.unwrap_or_default())
    }
}

/// The most variables that a text is looked through for.
const MAX_VARIABLES: usize = 100;

/// How many variables a text has: `{{1}}`, `{{2}}` and so on.
fn variables(text: &str) -> usize {
    (1..=MAX_VARIABLES).take_while(|number| text.contains(&format!("{{{{{number}}}}}"))).count()
}

/// Puts the values into the variables of a text. What a value says is not looked through for variables.
fn fill(text: &str, values: &[String]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, variable)) = rest.split_once("{{") {
        filled.push_str(before);
        let found = variable.split_once("}}").and_then(|(name, after)| {
            let place = name.parse::<usize>().ok()?.checked_sub(1)?;
            Some((values.get(place)?.as_str(), after))
        });
        let (text, after) = found.unwrap_or(("{{", variable));
        filled.push_str(text);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

impl Filled {
    /// What a request fills in, and the file of the header, if there is one.
    pub(super) fn read(it: &types::TemplateContent) -> (Self, Option<HeaderFile>) {
        let mut filled = Self {
            name: it.name.clone(),
            language: it.language.0.to_string(),
            header: None,
            body: Vec::new(),
        };
        let mut file = None;
        for component in it.components.iter().flatten() {
            match component {
                types::TemplateComponent::Header(it) => {
                    file = it.parameters.first().and_then(|it| filled.take_header(it));
                }
                types::TemplateComponent::Body(it) => {
                    filled.body = it.parameters.iter().map(|it| it.text.clone()).collect();
                }
                // What a button carries comes back only when it is pressed, which phones here cannot.
                types::TemplateComponent::Button(_) => {}
            }
        }
        (filled, file)
    }

    fn take_header(&mut self, parameter: &types::TemplateHeaderParameter) -> Option<HeaderFile> {
        let (kind, link, id, filename) = match parameter {
            types::TemplateHeaderParameter::TextParameter(it) => {
                self.header = Some(Header::Text(it.text.clone()));
                return None;
            }
            types::TemplateHeaderParameter::ImageParameter(it) => {
                (MediaKind::Image, &it.image.link, &it.image.id, None)
            }
            types::TemplateHeaderParameter::VideoParameter(it) => {
                (MediaKind::Video, &it.video.link, &it.video.id, None)
            }
            types::TemplateHeaderParameter::DocumentParameter(it) => {
                (MediaKind::File, &it.document.link, &it.document.id, it.document.filename.clone())
            }
        };
        self.header = Some(Header::File { kind, filename: filename.clone() });
        let (link, id) = (link.as_ref().map(|it| it.0.clone()), id.as_ref().map(ToString::to_string));
        Some(HeaderFile { kind, link, id, filename })
    }

    /// The kind of file in the header, if there is one.
    pub(super) fn header_kind(&self) -> Option<MediaKind> {
        match &self.header {
            Some(Header::File { kind, .. }) => Some(*kind),
            _ => None,
        }
    }

    /// The name of the file in the header.
    pub(super) fn filename(&self) -> Option<String> {
        match &self.header {
            Some(Header::File { filename, .. }) => filename.clone(),
            _ => None,
        }
    }
}

/// Templates by name and language, after the first of them that are past `after`: a name and a language.
pub(super) fn list(
    connection: &Connection,
    number: &Number,
    status: Option<&str>,
    language: Option<&str>,
    after: Option<(&str, &str)>,
    limit: i64,
) -> Result<Vec<Template>, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM kirim_template
          WHERE number_id = ?1 AND (?2 IS NULL OR status = ?2) AND (?3 IS NULL OR language = ?3)
            AND (?4 IS NULL OR (name, language) > (?4, ?5))
          ORDER BY name, language LIMIT ?6"
    );
    let (name, tongue) = after.unzip();
    Ok(connection.all(&sql, (&number.id, status, language, name, tongue, limit), Template::from_row)?)
}

/// The first template with this name.
pub(super) fn named(connection: &Connection, number: &Number, name: &str) -> Result<Template, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM kirim_template WHERE number_id = ?1 AND name = ?2 ORDER BY language LIMIT 1"
    );
    let found = connection.first(&sql, (&number.id, name), Template::from_row)?;
    found.ok_or_else(|| Refusal::NoRecord("template", name.to_owned()))
}

/// The template that is to be sent. One that is unknown, or was not approved, is refused at once.
pub(super) fn find(connection: &Connection, number: &Number, filled: &Filled) -> Result<Template, Refusal> {
    let sql = format!(
        "SELECT {COLUMNS} FROM kirim_template WHERE number_id = ?1 AND name = ?2 AND language = ?3
            AND status NOT IN ('pending', 'rejected')"
    );
    let Filled { name, language, .. } = filled;
    let found = connection.first(&sql, (&number.id, name, language), Template::from_row)?;
    found.ok_or_else(|| Refusal::Rule {
        status: 400,
        code: "invalid_template_name",
        param: Some("template.name"),
        message: format!("there is no approved template `{name}` in the language `{language}`"),
    })
}

/// Fetches the templates of a number from Meta, which has the same for everyone.
pub(super) fn sync(change: &Change<'_>, number: &Number) -> Result<Synced, Refusal> {
    let mut synced = Synced::default();
    for it in &provider::TEMPLATES {
        let id = format!("tmpl_{}", change.entropy().ulid(change.now));
        let values = (it.header, it.header_text, it.body, it.footer, it.buttons);
        let added = change.run(
            "INSERT OR IGNORE INTO kirim_template
                (id, number_id, name, language, status, category, header, header_text, body, footer, buttons)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            (
                id,
                &number.id,
                it.name,
                it.language,
                it.status,
                it.category,
                values.0,
                values.1,
                values.2,
                values.3,
                values.4,
            ),
        )?;
        let changed = change.run(
            "UPDATE kirim_template SET status = ?4
              WHERE number_id = ?1 AND name = ?2 AND language = ?3 AND status <> ?4",
            (&number.id, it.name, it.language, it.status),
        )?;
        synced.created += u32::try_from(added).unwrap_or(0);
        synced.updated += u32::try_from(changed).unwrap_or(0);
        synced.seen += 1;
    }
    Ok(synced)
}

/// Puts back what has changed at Meta since the last synchronisation, so that the next one has something to do.
pub(super) fn fall_behind(change: &Change<'_>, number: &Number) -> Result<(), Refusal> {
    for name in provider::NEW {
        change.run("DELETE FROM kirim_template WHERE number_id = ?1 AND name = ?2", (&number.id, name))?;
    }
    for name in provider::JUST_APPROVED {
        let sql = "UPDATE kirim_template SET status = 'pending' WHERE number_id = ?1 AND name = ?2";
        change.run(sql, (&number.id, name))?;
    }
    Ok(())
}
