use toolwright_client::{Upstream, UpstreamError};

fn base(text: &str) -> Result<(String, bool), UpstreamError> {
    let upstream = Upstream::builder(text).build()?;
    Ok((upstream.base_url().to_string(), upstream.is_insecure()))
}

#[test]
fn base_urls_lose_their_trailing_slash_and_tell_whether_they_are_insecure() {
    let table = [
        ("https://api.example.com", "https://api.example.com/", false),
        ("  https://api.example.com/ ", "https://api.example.com/", false),
        ("https://api.example.com/v1/", "https://api.example.com/v1", false),
        ("https://api.example.com/v1//", "https://api.example.com/v1", false),
        ("https://api.example.com:8443/a/../b", "https://api.example.com:8443/b", false),
        ("http://api.example.com", "http://api.example.com/", true),
        ("http://192.168.1.5:3000", "http://192.168.1.5:3000/", true),
        ("http://localhost:3000", "http://localhost:3000/", false),
        ("http://sandbox.localhost", "http://sandbox.localhost/", false),
        ("http://127.8.9.1", "http://127.8.9.1/", false),
        ("http://[::1]:80", "http://[::1]/", false),
        ("http://[::ffff:127.0.0.1]", "http://[::ffff:7f00:1]/", false),
        ("http://localhost.example.com", "http://localhost.example.com/", true),
    ];
    for (text, url, insecure) in table {
        assert_eq!(base(text), Ok((url.to_owned(), insecure)), "{text}");
    }
}

#[test]
fn what_is_no_base_url_is_refused_with_what_to_do() {
    let table = [
        ("", UpstreamError::NotAUrl(url::ParseError::RelativeUrlWithoutBase)),
        ("api.example.com", UpstreamError::NotAUrl(url::ParseError::RelativeUrlWithoutBase)),
        ("https://", UpstreamError::NotAUrl(url::ParseError::EmptyHost)),
        ("localhost:3000", UpstreamError::Scheme),
        ("ftp://api.example.com", UpstreamError::Scheme),
        ("file:///etc/passwd", UpstreamError::Scheme),
        ("https://user@api.example.com", UpstreamError::UserInfo),
        ("https://user:hunter2@api.example.com", UpstreamError::UserInfo),
        ("https://:hunter2@api.example.com", UpstreamError::UserInfo),
        ("https://api.example.com?key=hunter2", UpstreamError::QueryOrFragment),
        ("https://api.example.com/#hunter2", UpstreamError::QueryOrFragment),
    ];
    for (text, error) in table {
        assert_eq!(base(text), Err(error.clone()), "{text}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[test]
fn a_user_agent_with_a_line_break_is_refused() {
    let built = Upstream::builder("https://api.example.com").user_agent("agent\r\nx-evil: 1").build();
    assert_eq!(built.unwrap_err(), UpstreamError::UserAgent);
}
