//! Bodies of answers, read up to a limit.

use bytes::{Bytes, BytesMut};
use reqwest::Response;

use crate::{Failure, transport::failure};

/// Reads the body of `response` from `place`, at most `limit` bytes of it. Reading stops at once where there are more,
/// before the first byte if the size is announced.
pub(crate) async fn read(mut response: Response, limit: u64, place: &str) -> Result<Bytes, Failure> {
    let announced = response.content_length();
    if announced.is_some_and(|size| size > limit) {
        return Err(Failure::TooLarge { limit, announced });
    }
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error, place))? {
        if (body.len() as u64).saturating_add(chunk.len() as u64) > limit {
            return Err(Failure::TooLarge { limit, announced });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}
