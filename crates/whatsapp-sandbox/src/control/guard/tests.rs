use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use super::refusal;

fn refused(headers: &[(&'static str, &'static str)]) -> bool {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect();
    refusal(&headers, &Uri::from_static("/_sandbox")).is_some()
}

#[test]
fn only_pages_of_the_sandbox_itself_and_programs_pass() {
    let table = [
        (vec![("host", "127.0.0.1:8080")], false),
        (vec![("host", "localhost:8080"), ("origin", "http://localhost:8080")], false),
        (vec![("host", "[::1]:8080"), ("origin", "http://[::1]:8080")], false),
        (vec![("host", "10.0.0.7:8080"), ("origin", "http://10.0.0.7:8080")], false),
        (vec![("host", "sandbox.localhost")], false),
        (vec![("host", "127.0.0.1:8080"), ("sec-fetch-site", "same-origin")], false),
        (vec![("host", "127.0.0.1:8080"), ("sec-fetch-site", "none")], false),
        (vec![("host", "evil.example:8080")], true),
        (vec![("host", "evil.example:8080"), ("origin", "http://evil.example:8080")], true),
        (vec![("host", "127.0.0.1:8080"), ("origin", "http://evil.example")], true),
        (vec![("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:3000")], true),
        (vec![("host", "127.0.0.1:8080"), ("origin", "https://127.0.0.1:8080")], true),
        (vec![("host", "127.0.0.1:8080"), ("origin", "null")], true),
        (vec![("host", "127.0.0.1:8080"), ("sec-fetch-site", "cross-site")], true),
        (vec![("host", "127.0.0.1.evil.example")], true),
        (vec![("host", "")], true),
    ];
    for (headers, expected) in table {
        assert_eq!(refused(&headers), expected, "{headers:?}");
    }
}
