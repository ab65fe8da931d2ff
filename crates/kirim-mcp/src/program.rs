//! The program `kirim-mcp`, and what makes it answer as the product's own endpoint does.

use serde_json::{Value, json};
use toolwright_cli::{App, KeyProblem, Product};
use uuid::Uuid;

/// What every key begins with.
const KEY_PREFIX: &str = "kdv_live_";
/// How many characters of base 64 for URLs follow: 18 random bytes.
const KEY_LENGTH: usize = 24;

/// The alphabet of the product's ids: Crockford's base 32.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The program: its names, its tools, and the product that it stands in for.
pub fn app() -> App {
    App {
        name: "kirim-mcp",
        version: env!("CARGO_PKG_VERSION"),
        about: "Lets agents use WhatsApp through the Kirim API: an MCP server on stdin and stdout, or over HTTP",
        env_prefix: "KIRIM",
        docs: env!("CARGO_PKG_REPOSITORY"),
        api: &crate::API,
        toolset: crate::builder,
        defaults: &[
            ("base_url", "https://api.kirim.chat"),
            ("credentials", "forward"),
            ("repeat_writes", "true"),
        ],
        product: Some(Product { key_check: "/v1/me", is_key, refusal, request_id }),
        #[cfg(feature = "sandbox")]
        sandbox: Some(start_sandbox),
        #[cfg(not(feature = "sandbox"))]
        sandbox: None,
        drop_in: None,
    }
}

#[cfg(feature = "sandbox")]
fn start_sandbox(options: toolwright_cli::SandboxOptions) -> toolwright_cli::Starting {
    use std::net::Ipv4Addr;

    use toolwright_cli::RunningSandbox;
    use whatsapp_sandbox::Sandbox;

    Box::pin(async move {
        let sandbox = Sandbox::builder()
            .data_dir(options.data_dir)
            .address((Ipv4Addr::LOCALHOST, options.port.unwrap_or_default()).into())
            .allow_private(options.allow_private)
            .start()
            .await?;
        let (url, key, page) =
            (sandbox.kirim_url().to_owned(), sandbox.kirim_key().to_owned(), sandbox.page_url());
        Ok(RunningSandbox::new(url, key, sandbox.stop()).with_page(page))
    })
}

fn is_key(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.strip_prefix(KEY_PREFIX).is_some_and(|rest| rest.len() == KEY_LENGTH && rest.bytes().all(is_digit))
}

/// The error of the API's catalogue. Its document has the code of a malformed key; that of a missing one is inferred.
fn refusal(problem: KeyProblem, request_id: &str) -> Value {
    let (code, message) = match problem {
        KeyProblem::Missing => {
            ("missing_api_key", "No API key came. Send one as `Authorization: Bearer kdv_live_…`.")
        }
        KeyProblem::Malformed => (
            "invalid_api_key",
            "The API key is malformed: `kdv_live_` and 24 more characters are wanted, as `Authorization: Bearer kdv_live_…`.",
        ),
    };
    json!({
        "error": {
            "type": "authentication_error", "code": code, "message": message, "request_id": request_id
        }
    })
}

/// `req_` and 26 digits, as the product names its requests.
fn request_id() -> String {
    let random = Uuid::new_v4().as_u128();
    let digit = |place: u32| char::from(DIGITS[(random >> (place * 5)) as usize & 31]);
    std::iter::once("req_".to_owned()).chain((0..26).rev().map(|place| digit(place).to_string())).collect()
}
