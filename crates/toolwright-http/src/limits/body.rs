//! Reading what a request carries.

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http_body::Body;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::time::timeout;

use crate::Refusal;

/// Reads a whole body: no more than so many bytes, for no longer than so long.
///
/// # Errors
/// 413 if it is larger, or says that it will be; 408 if it takes longer; 400 if it breaks off.
pub async fn read_body<B>(body: B, max_bytes: usize, within: Duration) -> Result<Bytes, Refusal>
where
    B: Body<Data = Bytes>,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    if body.size_hint().lower() > u64::try_from(max_bytes).unwrap_or(u64::MAX) {
        return Err(too_large(max_bytes));
    }
    match timeout(within, Limited::new(body, max_bytes).collect()).await {
        Ok(Ok(read)) => Ok(read.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large(max_bytes)),
        Ok(Err(_)) => Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            -32_600,
            "invalid_request",
            "the request broke off before its end",
        )),
        Err(_) => Err(Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            -32_600,
            "timeout",
            format!("the request did not arrive within {} s: send it again", within.as_secs_f32()),
        )),
    }
}

fn too_large(max_bytes: usize) -> Refusal {
    let message =
        format!("the request is larger than {max_bytes} bytes, the most that is taken: send less at once");
    Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, -32_600, "request_too_large", message)
        .with_data("max_bytes", max_bytes)
}
