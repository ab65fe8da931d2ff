//! The crate through its public interface: a client as the generator emits it, and the generic executor, against
//! scripted transports, a mock server and raw sockets.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod answers;
mod base_url;
mod files;
mod generic;
mod guards;
mod headers;
mod limits;
mod log;
mod pets;
mod recorder;
mod retries;
mod secrets;
mod wire;

use toolwright_client::{CallContext, Credential, Failure, GenericOperation, GenericRequest, Upstream};

/// A context without a credential for the API at `base_url`.
fn context(base_url: &str) -> CallContext {
    CallContext::new(Upstream::builder(base_url).build().unwrap(), Credential::None)
}

/// `GET /pets/{pet}` for the pet `rex`.
fn get_rex() -> GenericRequest {
    GenericRequest::new(GenericOperation::new("get_pet", "GET", "/pets/{pet}")).path("pet", "rex")
}

/// The failure that the last call of the context ended with.
fn failure(context: &CallContext) -> Failure {
    context.outcome().expect("a call was made").expect_err("it failed")
}
