//! An API that answers at once and without a network.

use std::pin::Pin;
use std::sync::Arc;

use http::HeaderValue;
use http::header::CONTENT_TYPE;
use reqwest::{Request, Response, ResponseBuilderExt as _};
use titan_mcp::{Context, Credential, Upstream};
use toolwright::client::{Failure, Transport};

const GROUP: &str = r#"{"data":{"id":"120363041234567890@g.us","name":"Team","description":"Weekly plans","ownerLid":"271828182845904@lid","createdAt":1760000000,"participants":[{"phoneNumber":"5511999999999","lid":"271828182845904@lid","isAdmin":true,"isSuperAdmin":true},{"phoneNumber":"5511888888888","lid":"314159265358979@lid","isAdmin":false,"isSuperAdmin":false}]}}"#;
const SENT: &str = r#"{"data":{"id":"3EB0C767D097B7C7C1AA","status":"sent"}}"#;

/// One of the calls that are measured.
#[derive(Clone, Copy)]
pub(crate) struct Call {
    /// The tool.
    pub(crate) tool: &'static str,
    /// Its arguments as JSON.
    pub(crate) arguments: &'static str,
}

/// A plain read: two path arguments, an answer of 350 bytes.
pub(crate) const READ: Call =
    Call { tool: "groups_get", arguments: r#"{"session":"main","groupId":"120363041234567890@g.us"}"# };

/// The tool with the largest schema: a body of eight variants.
pub(crate) const WRITE: Call = Call {
    tool: "messages_send",
    arguments: r#"{"session":"main","chatId":"5511999999999@s.whatsapp.net","type":"text","text":"Good morning"}"#,
};

/// A caller whose requests get no further than this process.
pub(crate) fn context() -> anyhow::Result<Context> {
    let upstream = Upstream::builder("http://127.0.0.1:9").transport(Arc::new(NoUpstream)).build()?;
    Ok(Context::new(upstream).with_credential(Credential::bearer("a-key-for-nobody")?))
}

#[derive(Debug)]
struct NoUpstream;

impl Transport for NoUpstream {
    fn send(&self, request: Request) -> Pin<Box<dyn Future<Output = Result<Response, Failure>> + Send + '_>> {
        let body = if request.url().path().ends_with("/messages/send") { SENT } else { GROUP };
        // As from the network, the response knows its URL; one that does not is given another, which takes longer.
        let response = http::Response::builder()
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .url(request.url().clone())
            .body(body);
        let response = response.map(Response::from).map_err(|error| Failure::Transport(error.to_string()));
        Box::pin(std::future::ready(response))
    }
}
