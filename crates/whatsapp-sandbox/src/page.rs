//! The page on which a person looks at the simulated phones. It does nothing by itself: everything on it goes through
//! the control routes, and it is served where they are.
//!
//! Its files are part of the program. Nothing is built, and a browser loads nothing from elsewhere.

use axum::Router;
use axum::extract::Path;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, StatusCode};

use crate::control::only_from_here;

#[cfg(test)]
mod tests;

/// Where the page is.
pub(crate) const PAGE: &str = "/_sandbox/page";
const HTML: &str = include_str!("page/page.html");

/// What the page is made of beside its HTML.
const FILES: &[(&str, &str)] = &[
    ("icon.svg", include_str!("page/icon.svg")),
    ("base.css", include_str!("page/base.css")),
    ("layout.css", include_str!("page/layout.css")),
    ("lists.css", include_str!("page/lists.css")),
    ("overlays.css", include_str!("page/overlays.css")),
    ("widths.css", include_str!("page/widths.css")),
    ("conversation.css", include_str!("page/conversation.css")),
    ("tools.css", include_str!("page/tools.css")),
    ("main.js", include_str!("page/main.js")),
    ("about.js", include_str!("page/about.js")),
    ("accounts.js", include_str!("page/accounts.js")),
    ("activity.js", include_str!("page/activity.js")),
    ("api.js", include_str!("page/api.js")),
    ("chats.js", include_str!("page/chats.js")),
    ("clock.js", include_str!("page/clock.js")),
    ("composer.js", include_str!("page/composer.js")),
    ("content.js", include_str!("page/content.js")),
    ("conversation.js", include_str!("page/conversation.js")),
    ("deliveries.js", include_str!("page/deliveries.js")),
    ("dialogs.js", include_str!("page/dialogs.js")),
    ("dom.js", include_str!("page/dom.js")),
    ("faults.js", include_str!("page/faults.js")),
    ("feed.js", include_str!("page/feed.js")),
    ("head.js", include_str!("page/head.js")),
    ("icons.js", include_str!("page/icons.js")),
    ("joining.js", include_str!("page/joining.js")),
    ("links.js", include_str!("page/links.js")),
    ("lists.js", include_str!("page/lists.js")),
    ("menu.js", include_str!("page/menu.js")),
    ("message.js", include_str!("page/message.js")),
    ("notices.js", include_str!("page/notices.js")),
    ("observers.js", include_str!("page/observers.js")),
    ("people.js", include_str!("page/people.js")),
    ("place.js", include_str!("page/place.js")),
    ("sessions.js", include_str!("page/sessions.js")),
    ("time.js", include_str!("page/time.js")),
    ("tools.js", include_str!("page/tools.js")),
];

/// What the page may do: use its own files, the control routes and what they serve, and nothing else. `blob:` is for
/// pictures that the page has fetched itself. No page may embed it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' blob:; media-src 'self'; form-action 'none'; base-uri 'none'; \
                      frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// The page and its files, for requests that come from no other website. The root leads to it.
pub(crate) fn router() -> Router {
    Router::new()
        .route("/", get(async || Redirect::temporary(PAGE)))
        .route(PAGE, get(async || served("text/html; charset=utf-8", HTML)))
        .route("/_sandbox/page/{file}", get(file))
        .layer(from_fn(only_from_here))
}

async fn file(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(known, _)| *known == name) {
        Some((name, text)) => served(content_type(name), text),
        None => (StatusCode::NOT_FOUND, "there is no such file").into_response(),
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

fn served(content_type: &'static str, text: &'static str) -> Response {
    const HEADERS: [(HeaderName, &str); 4] = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        // A newer sandbox at the same address has other files.
        (CACHE_CONTROL, "no-cache"),
    ];
    (HEADERS, [(CONTENT_TYPE, content_type)], text).into_response()
}
