//! The `Retry-After` header.

use std::time::SystemTime;

use toolwright_client::HeaderMap;

/// In how many seconds the API wants to be asked again: from a number of seconds or from a date.
pub(super) fn retry_after_s(headers: &HeaderMap, now: SystemTime) -> Option<u64> {
    let value = headers.get("retry-after")?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(seconds);
    }
    let date = httpdate::parse_http_date(value).ok()?;
    // Rounded up, so that asking then is not too early.
    let wait = date.duration_since(now).unwrap_or_default();
    Some(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use toolwright_client::HeaderValue;

    use super::*;

    fn seconds(value: &'static str) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::from_static(value));
        // Sun, 06 Nov 1994 08:49:37 GMT
        retry_after_s(&headers, UNIX_EPOCH + Duration::from_secs(784_111_777))
    }

    #[test]
    fn seconds_are_taken_as_they_are() {
        assert_eq!(seconds("120"), Some(120));
    }

    #[test]
    fn a_date_is_counted_from_now() {
        assert_eq!(seconds("Sun, 06 Nov 1994 08:50:37 GMT"), Some(60));
    }

    #[test]
    fn a_date_that_has_passed_means_at_once() {
        assert_eq!(seconds("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0));
    }

    #[test]
    fn nonsense_is_not_repeated() {
        assert_eq!(seconds("soon"), None);
    }
}
