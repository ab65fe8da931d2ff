//! The bodies of sends, read into orders.

use std::fmt::Write as _;

use http::StatusCode;
use kirim_client::types;
use serde_json::{Value, json};

use super::{File, Order, What, file_fields, to, typed};
use crate::kirim::answer::Problem;
use crate::kirim::record::content::Shown;
use crate::kirim::template;
use crate::network::content::MediaKind;

/// The most rows of a list, in all its sections together.
const MAX_ROWS: usize = 10;

/// Reads a body by its `type`, so that an error speaks of the fields of that type.
pub(super) fn read(body: Value) -> Result<Order, Problem> {
    match body.get("type").and_then(Value::as_str) {
        Some("text") => Ok(text(typed(body)?)),
        Some("image") => {
            let it: types::SendImage = typed(body)?;
            Ok(file("image", MediaKind::Image, &it.to, it.image.link, it.image.id, it.image.caption, None))
        }
        Some("video") => {
            let it: types::SendVideo = typed(body)?;
            Ok(file("video", MediaKind::Video, &it.to, it.video.link, it.video.id, it.video.caption, None))
        }
        Some("audio") => {
            let it: types::SendAudio = typed(body)?;
            Ok(file("audio", MediaKind::Voice, &it.to, it.audio.link, it.audio.id, None, None))
        }
        Some("document") => {
            let types::SendDocument { to, document: it, .. } = typed(body)?;
            Ok(file("document", MediaKind::File, &to, it.link, it.id, it.caption, it.filename))
        }
        Some("template") => of_template(body),
        _ => interactive(typed(body)?),
    }
}

fn text(it: types::SendText) -> Order {
    let shown = Shown::new("text", json!({ "content": it.text.body }));
    let what = What::Text { text: it.text.body, link_preview: it.text.preview_url.unwrap_or(false) };
    Order { to: to(&it.to), what, file: None, shown }
}

fn file(
    name: &'static str,
    kind: MediaKind,
    recipient: &types::PhoneNumber,
    link: Option<types::MediaLink>,
    id: Option<types::MediaHandle>,
    caption: Option<types::Caption>,
    filename: Option<String>,
) -> Order {
    let caption = caption.map(|it| it.to_string()).filter(|it| !it.is_empty());
    let fields = file_fields(caption.as_deref(), filename.as_deref());
    let file =
        File { kind, link: link.map(|it| it.0), id: id.map(|it| it.to_string()), filename: filename.clone() };
    Order {
        to: to(recipient),
        what: What::File { kind, caption, filename },
        file: Some(file),
        shown: Shown { kind: name, fields },
    }
}

fn of_template(mut body: Value) -> Result<Order, Problem> {
    // The language may be written as an object; the client's type knows the text alone.
    if let Some(code) = body.pointer_mut("/template/language/code").map(Value::take) {
        body["template"]["language"] = code;
    }
    let it: types::SendTemplate = typed(body)?;
    let (filled, file) = template::Filled::read(&it.template);
    let file = file.map(|it| File { kind: it.kind, link: it.link, id: it.id, filename: it.filename });
    let shown =
        Shown::new("template", json!({ "template": { "name": filled.name, "language": filled.language } }));
    Ok(Order { to: to(&it.to), what: What::Template(filled), file, shown })
}

/// A message to tap on is a text with what can be tapped below it, for phones here show no buttons.
fn interactive(it: types::SendInteractive) -> Result<Order, Problem> {
    let text = match it.interactive {
        types::InteractiveContent::Cta(it) => {
            format!("{}\n\n{}", it.body.text, action(&it.action))
        }
        types::InteractiveContent::List(it) => of_list(&it)?,
        types::InteractiveContent::Carousel(it) => {
            let cards = it.action.cards.iter().map(|card| {
                let body = card.body.as_ref().map(|it| format!("{}\n", it.text)).unwrap_or_default();
                format!("\n\n{body}{}", action(&card.action))
            });
            cards.fold(it.body.text.clone(), |text, card| text + &card)
        }
    };
    let shown = Shown::new("interactive", json!({ "content": text }));
    Ok(Order { to: to(&it.to), what: What::Text { text, link_preview: false }, file: None, shown })
}

fn action(it: &types::CtaAction) -> String {
    format!("[{}] {}", it.parameters.display_text, it.parameters.url)
}

fn of_list(it: &types::InteractiveList) -> Result<String, Problem> {
    let sections = &it.action.sections;
    if sections.iter().map(|section| section.rows.len()).sum::<usize>() > MAX_ROWS {
        let why = format!("a list has at most {MAX_ROWS} rows in all its sections together");
        return Err(Problem::new(StatusCode::BAD_REQUEST, "invalid_field_value", why)
            .at("interactive.action.sections"));
    }
    let mut text = it.header.as_ref().map(|it| format!("*{}*\n", it.text)).unwrap_or_default();
    text.push_str(&it.body.text);
    for section in sections {
        // Writing to a text cannot fail.
        let _ = write!(text, "\n\n{}", section.title.as_deref().unwrap_or(&it.action.button));
        for row in &section.rows {
            let _ = write!(text, "\n- {}", row.title);
            if let Some(description) = &row.description {
                let _ = write!(text, ": {description}");
            }
        }
    }
    if let Some(footer) = &it.footer {
        let _ = write!(text, "\n\n_{}_", footer.text);
    }
    Ok(text)
}
