//! Bodies of answers, read up to a limit.

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use url::Url;

use crate::{
    Failure,
    transport::{failure, place},
};

/// Reads the body of `response` from the host of `url`, at most `limit` bytes of it. Reading stops at once where there
/// are more, before the first byte if the size is announced.
pub(crate) async fn read(mut response: Response, limit: u64, url: &Url) -> Result<Bytes, Failure> {
    let announced = response.content_length();
    if announced.is_some_and(|size| size > limit) {
        return Err(Failure::TooLarge { limit, announced });
    }
    // Most bodies come in one piece, which is not copied; where there are more, `joined` has them all.
    let mut first = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error, &place(url)))? {
        let read = first.len().max(joined.len()) as u64;
        if read.saturating_add(chunk.len() as u64) > limit {
            return Err(Failure::TooLarge { limit, announced });
        }
        if read == 0 {
            first = chunk;
            continue;
        }
        if joined.is_empty() {
            joined.extend_from_slice(&first);
        }
        joined.extend_from_slice(&chunk);
    }
    Ok(if joined.is_empty() { first } else { joined.freeze() })
}
