//! What the output of [`tools!`](crate::tools) names. Not a public interface: it changes with the macro.

pub use toolwright_client::{ApiClient, CallContext};

pub use crate::arguments::{Arguments, Mismatch};

use toolwright_client::__private::Error;

use crate::api::Decoded;
use crate::schema::shorten;

/// How the client read a JSON answer.
pub fn json<T, E>(result: Result<T, Error<E>>) -> Decoded {
    decoded(result)
}

/// How the client read an answer without content.
pub fn unit<T, E>(result: Result<T, Error<E>>) -> Decoded {
    decoded(result)
}

/// How the client read an answer of bytes. Their stream is not read: the call context holds the body.
pub fn bytes<T, E>(result: Result<T, Error<E>>) -> Decoded {
    decoded(result)
}

/// Whether two texts are the same, at compile time.
pub const fn same(left: &str, right: &str) -> bool {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return false;
    }
    let mut index = 0;
    while index < left.len() {
        if left[index] != right[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// Whether the client has a method of this name, at compile time. A client that lists no operations is not asked.
pub const fn has_method<C: ApiClient>(method: &str) -> bool {
    let operations = C::OPERATIONS;
    let mut index = 0;
    while index < operations.len() {
        if same(operations[index].id, method) {
            return true;
        }
        index += 1;
    }
    operations.is_empty()
}

fn decoded<T, E>(result: Result<T, Error<E>>) -> Decoded {
    match result {
        Err(Error::InvalidResponsePayload(_, error)) => Decoded::Differs(shorten(&error.to_string(), 200)),
        // Every other error has a status or a failure, and the call context has recorded it.
        Ok(_) | Err(_) => Decoded::AsDocumented,
    }
}
