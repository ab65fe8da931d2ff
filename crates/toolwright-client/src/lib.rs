//! Run-time support of generated clients: credentials, deadlines, retries, limits, guards and the generic executor.
//!
//! A generated client is a thin shell. Everything that a request needs besides its arguments is in a [`CallContext`]:
//! where it goes ([`Upstream`]), who asks ([`Credential`]), until when, and how to cancel it. One implementation of the
//! client's hooks ([`client_hooks!`]) carries it all out, so that every operation of every API behaves alike:
//!
//! - the credential, a request id and, where the API declares one, an idempotency key are set;
//! - the final address must match the operation's path template, whatever the arguments were;
//! - redirects are not followed, cookies are not kept, the answer is read up to a limit;
//! - only what can safely be repeated is retried, inside the deadline;
//! - what the API answered is kept as it came ([`Captured`]), whatever its status and whether or not it fits the types.
//!
//! # Calling a generated client
//!
//! ```ignore
//! let upstream = Upstream::builder("https://api.example.com").timeout(Duration::from_secs(10)).build()?;
//! let client = pets_client::Client::for_call(CallContext::new(upstream, Credential::bearer(&key)?));
//! let pet = client.get_pet("42").await?.into_inner();
//! ```
//!
//! A failure that is no answer of the API arrives as `Error::Custom` with the text of the [`Failure`].
//!
//! # Calling an operation without a generated client
//!
//! ```
//! use toolwright_client::{
//!     CallContext, Credential, GenericOperation, GenericRequest, Upstream, execute,
//! };
//! # use toolwright_client::{Failure, Transport};
//! # #[derive(Debug)]
//! # struct Offline;
//! # impl Transport for Offline {
//! #     fn send(&self, request: reqwest::Request) -> futures_util::future::BoxFuture<'_, Result<reqwest::Response, Failure>> {
//! #         assert_eq!(request.url().as_str(), "https://api.example.com/pets/42");
//! #         Box::pin(async { Ok(http::Response::new(r#"{"name":"Rex"}"#).into()) })
//! #     }
//! # }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let transport = std::sync::Arc::new(Offline);
//! let upstream = Upstream::builder("https://api.example.com")
//! #   .transport(transport)
//!     .build()?;
//! let context = CallContext::new(upstream, Credential::bearer("key")?);
//! let operation = GenericOperation::new("get_pet", "GET", "/pets/{id}");
//! let request = GenericRequest::new(operation).path("id", "42");
//! execute(&context, request).await;
//! let captured = context.outcome().ok_or("nothing was sent")??;
//! assert_eq!(captured.status, 200);
//! # Ok(())
//! # }
//! ```

mod body;
mod context;
mod credential;
mod exec;
mod failure;
mod file;
mod generic;
mod guard;
mod hooks;
mod operation;
mod prepare;
mod retry;
mod template;
mod transport;
mod upstream;

pub use bytes::Bytes;
pub use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
pub use secrecy::SecretString;
pub use tokio_util::sync::CancellationToken;
pub use url::Url;

pub use crate::{
    context::{CallContext, Captured},
    credential::{Credential, CredentialError},
    failure::Failure,
    file::{FetchPolicy, FileContent, FileError, is_public_address},
    generic::{
        GenericOperation, GenericRequest, Part, PartContent, QueryPart, QueryStyle, RequestBody, execute,
    },
    guard::{PathValueError, check_path_value},
    operation::{ApiClient, OperationSpec},
    transport::Transport,
    upstream::{Limits, Upstream, UpstreamBuilder, UpstreamError},
};

#[doc(hidden)]
pub use crate::hooks::private as __private;
