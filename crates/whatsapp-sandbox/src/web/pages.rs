//! What people and monitors look at.

use axum::extract::State;
use axum::response::{Html, IntoResponse as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::header::CACHE_CONTROL;
use whatsapp_web_client::types::{Overview, OverviewName};

use super::answer::{Answer, ok};
use super::device::{self, Device};
use super::{Web, answer};
use crate::drawing;

const PAGE: &str = include_str!("page.html");

pub(super) async fn overview(State(web): State<Web>) -> Answer {
    let status = web.device().await?.status();
    let mcp = format!("{}/mcp", web.url);
    Ok(ok(&Overview { ok: true, name: OverviewName::WhatsappMcpApi, mcp, status }))
}

/// The page with the QR code, if one waits. It loads itself anew, so the next code takes the place of this one.
pub(super) async fn qr(State(web): State<Web>) -> Answer {
    let (device, qr) = web
        .network
        .change(|change| {
            let qr = device::qr(change)?;
            Ok((Device::look(change)?, qr))
        })
        .await?;
    let code = match qr {
        Some(text) => {
            let png =
                drawing::qr(&text).ok_or_else(|| answer::Problem::new("the QR code could not be drawn"))?;
            let image = BASE64.encode(png);
            format!(
                "<img alt=\"QR code\" width=\"360\" height=\"360\" src=\"data:image/png;base64,{image}\">"
            )
        }
        None => "<p>There is no QR code to scan.</p>".to_owned(),
    };
    let page = PAGE.replace("{{state}}", &device.state.to_string()).replace("{{code}}", &code);
    Ok(([(CACHE_CONTROL, "no-store")], Html(page)).into_response())
}
