//! What an answer is: JSON, a text, an image, a file, a link, nothing, or an error.

use std::sync::Arc;

use rmcp::model::{ContentBlock, Resource};
use serde_json::Value;
use toolwright_catalog::{Media, Response};
use toolwright_client::{Captured, Url};

use super::Output;
use super::budget::{fit_json, fit_text};
use super::conform::conform;
use crate::api::Decoded;
use crate::arguments::IdempotencyKey;
use crate::error::{ErrorKind, Scrubber, ToolError, from_status, plain_text, repeating_after_success};
use crate::media::{self, Qr};
use crate::media_type::{essence, is_json};
use crate::tool::Tool;

/// How much of an answer that cannot be read is shown, in characters.
const SHOWN: usize = 200;

/// A complete answer of the API to one call of a tool.
pub(crate) struct Answer<'a> {
    pub(crate) tool: &'a Tool,
    /// The API's short name.
    pub(crate) api: &'a str,
    pub(crate) base_url: &'a Url,
    /// By which the API's operators find the request.
    pub(crate) request_id: String,
    pub(crate) scrubber: Scrubber<'a>,
    /// How much text may be handed over, in bytes.
    pub(crate) budget: usize,
    pub(crate) captured: &'a Captured,
    /// With which the call can be repeated, where the model can give it.
    pub(crate) key: Option<&'a IdempotencyKey>,
}

impl Answer<'_> {
    /// What the model is given.
    ///
    /// # Errors
    /// The status says that the call failed, or the answer cannot be read or is too large.
    pub(crate) fn into_output(self, decoded: &Decoded) -> Result<Output, ToolError> {
        let status = self.captured.status;
        let mut output = if status.is_success() {
            self.success()?
        } else if status.is_redirection() {
            self.redirect()?
        } else {
            return Err(from_status(self.tool, self.captured, self.request_id, &self.scrubber, self.key));
        };
        if let Decoded::Differs(note) = decoded {
            output.notes.push(format!("the typed client read it differently: {note}"));
        }
        Ok(output)
    }

    fn success(&self) -> Result<Output, ToolError> {
        let body = &self.captured.body[..];
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        if body.is_empty() {
            let text = format!("Done: the API answered {} and returned no content.", self.captured.status);
            return Ok(Output::text(text).conforming_to(self.tool));
        }
        let media_type = self.media_type();
        if is_json(&media_type) {
            return self.json(body).ok_or_else(|| self.unreadable(body, &media_type));
        }
        let may_be_json = media_type.is_empty() || media_type.starts_with("text/");
        if may_be_json
            && self.documents(is_json)
            && !self.documents(|documented| essence(documented) == media_type)
        {
            if let Some(output) = self.json(body) {
                return Ok(output);
            }
            if media_type != "text/plain" {
                return Err(self.unreadable(body, &media_type));
            }
        }
        match std::str::from_utf8(body) {
            Ok(text) if may_be_json => Ok(self.text(text)),
            _ if media_type.starts_with("text/") => Ok(self.text(&String::from_utf8_lossy(body))),
            _ => self.media(&media_type),
        }
    }

    /// The media type that the answer declares; where it declares none, the one that the document lists, if it lists
    /// one only.
    fn media_type(&self) -> String {
        let declared = self.captured.headers.get("content-type").and_then(|value| value.to_str().ok());
        match (declared.map(essence).filter(|declared| !declared.is_empty()), self.tool.response()) {
            (Some(declared), _) => declared,
            (None, Some(Response { media_types, .. })) if media_types.len() == 1 => essence(&media_types[0]),
            _ => String::new(),
        }
    }

    fn documents(&self, matches: impl Fn(&str) -> bool) -> bool {
        self.tool
            .response()
            .is_some_and(|response| response.media_types.iter().any(|documented| matches(documented)))
    }

    /// The output of a JSON body; `None` where it is not JSON.
    fn json(&self, body: &[u8]) -> Option<Output> {
        let text = std::str::from_utf8(body).ok()?;
        let value: Arc<Value> = Arc::new(serde_json::from_str(text).ok()?);
        let fitted = fit_json(text.trim(), &value, self.tool, self.budget);
        let mut output = Output { content: vec![ContentBlock::text(fitted.text)], ..Output::default() };
        output.content.extend(fitted.note.map(ContentBlock::text));
        if let Some(schema) = &self.tool.output {
            let conforming = conform(schema, fitted.cut.map_or_else(|| Arc::clone(&value), Arc::new));
            output.structured = conforming.value;
            if !conforming.differences.is_empty() {
                let differences: Vec<String> =
                    conforming.differences.iter().map(ToString::to_string).collect();
                let differences = differences.join("; ");
                output.content.push(ContentBlock::text(format!(
                    "Note: the answer differs from the API's document ({differences}). The text above keeps what \
                     differs; the structured content leaves it out."
                )));
                output.notes.push(differences);
            }
        }
        output.content.extend(self.tool.media().and_then(|media| qr_block(&value, media)));
        output.raw = Some(value);
        Some(output)
    }

    fn text(&self, text: &str) -> Output {
        let (text, note) = fit_text(text.to_owned(), self.tool, self.budget);
        let mut output = Output::text(text).conforming_to(self.tool);
        output.content.extend(note.map(ContentBlock::text));
        output
    }

    fn media(&self, media_type: &str) -> Result<Output, ToolError> {
        let body = &self.captured.body[..];
        if body.len() > media::LIMIT {
            let message = format!(
                "the file has {} bytes, and at most {} can be handed over. Ask for a smaller version of it, or for a \
                 link to it, if the API offers one",
                body.len(),
                media::LIMIT
            );
            return Err(self.failed(ErrorKind::ResponseTooLarge, message));
        }
        let block = media::block(self.api, media_type, body);
        Ok(Output::default().with_content(block).conforming_to(self.tool))
    }

    fn redirect(&self) -> Result<Output, ToolError> {
        let target = self.captured.headers.get("location").and_then(|value| value.to_str().ok());
        let target = target.and_then(|target| self.base_url.join(target).ok());
        let documented = self.tool.response().is_some_and(|response| response.redirect);
        match target {
            Some(target) if documented && matches!(target.scheme(), "https" | "http") => {
                let name =
                    target.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default();
                let name = if name.is_empty() { self.tool.name.as_str() } else { name };
                let link = Resource::new(target.as_str(), name).with_title(self.tool.title.as_str());
                Ok(Output::text(format!("The content is at {target}"))
                    .with_content(ContentBlock::resource_link(link))
                    .conforming_to(self.tool))
            }
            target => {
                // The rest of the target may hold what only the API and the credential's owner may know.
                let host = target.as_ref().and_then(Url::host_str).map(|host| format!(" to `{host}`"));
                let message = format!(
                    "the API answered {} and redirects{}, which its document does not provide for. Redirects are not \
                     followed, so that the credential stays with the API; tell the user to check the API's address",
                    self.captured.status,
                    host.unwrap_or_default()
                );
                Err(self.failed(ErrorKind::UpstreamError, message))
            }
        }
    }

    /// JSON was to be expected, and it is not JSON.
    fn unreadable(&self, body: &[u8], media_type: &str) -> ToolError {
        let what = match media_type {
            "text/html" => "a web page instead of JSON".to_owned(),
            _ if is_json(media_type) => "JSON that is broken or cut off".to_owned(),
            "" => "something else than JSON".to_owned(),
            other => format!("`{other}` instead of JSON"),
        };
        let beginning = plain_text(&self.scrubber.scrub(&String::from_utf8_lossy(body)), SHOWN);
        let message = format!(
            "the API answered {}, but with {what}. It begins: {beginning}\n{}",
            self.captured.status,
            repeating_after_success(self.tool, self.key)
        );
        self.failed(ErrorKind::UpstreamError, message)
    }

    fn failed(&self, kind: ErrorKind, message: String) -> ToolError {
        ToolError::new(kind, message).with(|details| {
            details.status = Some(self.captured.status.as_u16());
            details.request_id = Some(self.request_id.clone());
            details.docs = self.tool.docs().map(str::to_owned);
        })
    }
}

/// The QR code that a part of the answer stands for. An answer that has no code yet is no error.
fn qr_block(value: &Value, media: &Media) -> Option<ContentBlock> {
    let text = value.pointer(&media.qr)?.as_str().filter(|text| !text.is_empty())?;
    Some(match Qr::new(text).and_then(|qr| qr.png()) {
        Ok(png) => media::image(&png, "image/png"),
        Err(error) => {
            ContentBlock::text(format!("Note: `{}` cannot be shown as a QR code: {error}.", media.qr))
        }
    })
}
