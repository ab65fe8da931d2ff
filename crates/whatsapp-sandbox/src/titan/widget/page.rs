//! The page of the connect widget. Nothing in it comes from elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest as _, Sha256};
use std::sync::LazyLock;
use url::Url;

use super::Sight;
use crate::access::widget::{Mode, Widget};
use crate::drawing;

const PAGE: &str = include_str!("page.html");
const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");

/// What the page may load and run: its own script and style, by their hashes, and itself again. Any page may embed it.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = |text: &str| format!("'sha256-{}'", BASE64.encode(Sha256::digest(text.as_bytes())));
    format!(
        "default-src 'none'; img-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors *; script-src {}; style-src {}",
        hash(SCRIPT),
        hash(STYLE)
    )
});

/// The page and its content security policy.
pub(super) fn render(token: &str, widget: &Widget, sight: &Sight) -> (String, &'static str) {
    let page = fill(
        PAGE,
        &[
            ("style", STYLE.to_owned()),
            ("script", SCRIPT.to_owned()),
            ("state", if sight.linked.is_some() { "linked" } else { "waiting" }.to_owned()),
            ("session", escape(&widget.session)),
            ("callback", escape(&callback(widget))),
            ("status", status(widget, sight)),
            ("form", form(token, widget, sight)),
        ],
    );
    (page, &POLICY)
}

fn status(widget: &Widget, sight: &Sight) -> String {
    if let Some(phone) = &sight.linked {
        return format!("<p role=\"status\">Linked to <strong>{}</strong>.</p>", escape(phone));
    }
    if widget.mode == Mode::CloudApi {
        return "<p>The Cloud API is linked on Meta's own pages, which the simulated network does not have.</p>"
            .to_owned();
    }
    let qr = sight.qr.as_deref().and_then(drawing::qr).map(|png| {
        let encoded = BASE64.encode(png);
        format!(
            "<p>On the phone open Linked devices and scan this code.</p><img alt=\"QR code\" \
             src=\"data:image/png;base64,{encoded}\">"
        )
    });
    let code = sight.code.as_deref().map(|code| {
        format!("<p role=\"status\">Type this code on the phone: <output>{}</output></p>", escape(code))
    });
    [qr, code].into_iter().flatten().collect()
}

/// Asks for the number that a pairing code is wanted for.
fn form(token: &str, widget: &Widget, sight: &Sight) -> String {
    if sight.linked.is_some() || !matches!(widget.mode, Mode::All | Mode::Pairing) {
        return String::new();
    }
    format!(
        "<form><input type=\"hidden\" name=\"token\" value=\"{}\"><label>Phone number <input name=\"phoneNumber\" \
         type=\"tel\" required pattern=\"[+]?[1-9][0-9]{{6,14}}\" placeholder=\"+5511999999999\"></label>\
         <button>Get a code</button></form>",
        escape(token)
    )
}

/// Where the page leads when the account is linked; empty if nowhere.
fn callback(widget: &Widget) -> String {
    let Some(mut url) = widget.callback.as_deref().and_then(|it| Url::parse(it).ok()) else {
        return String::new();
    };
    if !matches!(url.scheme(), "http" | "https") {
        return String::new();
    }
    url.query_pairs_mut().append_pair("session", &widget.session);
    url.into()
}

/// Puts values into a template; in one pass, so that no value is taken for a place.
fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut page = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        page.push_str(before);
        page.push_str(values.iter().find(|(it, _)| *it == name).map_or("", |(_, value)| value));
        rest = after;
    }
    page.push_str(rest);
    page
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
