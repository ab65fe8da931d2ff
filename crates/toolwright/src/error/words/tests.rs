//! What is read out of the bodies of errors.

use toolwright_client::Credential;

use super::*;

fn words(body: &str) -> Words {
    Words::from_body(body.as_bytes(), &Scrubber::new(&Credential::None))
}

fn check(body: &str, message: &str, code: Option<&str>, docs: Option<&str>) {
    let expected = Words {
        message: Some(message.to_owned()),
        code: code.map(str::to_owned),
        docs: docs.map(str::to_owned),
    };
    assert_eq!(words(body), expected, "{body}");
}

#[test]
fn the_common_error_shapes_are_read() {
    check(
        r#"{"error": "chatId is required", "docs": "https://example.com/errors"}"#,
        "chatId is required",
        None,
        Some("https://example.com/errors"),
    );
    check(r#"{"error": {"message": "no such chat", "code": 131}}"#, "no such chat", Some("131"), None);
    check(r#"{"error": "not_found", "message": "no such group"}"#, "no such group", Some("not_found"), None);
    check(
        r#"{"message": ["a is long", "b is short"], "statusCode": 400, "error": "Bad Request"}"#,
        "a is long; b is short",
        None,
        None,
    );
    check(
        r#"{"type": "https://example.com/out-of-credit", "title": "No credit", "detail": "You have 30", "status": 403}"#,
        "You have 30",
        None,
        Some("https://example.com/out-of-credit"),
    );
    check(
        r#"{"error": "invalid_token", "error_description": "expired"}"#,
        "expired",
        Some("invalid_token"),
        None,
    );
    check(
        r#"{"message": "invalid", "errors": [{"message": "a"}, {"message": "b"}]}"#,
        "invalid (a; b)",
        None,
        None,
    );
    check(r#""just text""#, "just text", None, None);
}

#[test]
fn a_shape_that_is_not_known_is_shown_as_it_is() {
    check(r#"{"ok":false}"#, r#"{"ok":false}"#, None, None);
}

#[test]
fn an_empty_body_says_nothing() {
    assert_eq!(words(""), Words::default());
}

#[test]
fn a_page_is_shown_by_its_text() {
    let page = "<!DOCTYPE html><html><head><style>a > b { color: red }</style><title>502 Bad Gateway</title></head>\
                <body><!-- <p>hidden</p> --><h1>502</h1>\n<script>alert('<p>')</script>nginx</body></html>";
    check(page, "502 Bad Gateway 502 nginx", None, None);
}

#[test]
fn a_text_is_kept_as_it_is_up_to_its_limit() {
    check("a < b and no markup", "a < b and no markup", None, None);
    let message = words(&"wörd ".repeat(1000)).message.unwrap();
    assert_eq!(message.chars().count(), PAGE + 1);
}

#[test]
fn a_credential_is_replaced_before_a_text_is_shortened() {
    let credential = Credential::bearer("s3cr3t/key").unwrap();
    let words =
        |body: String| Words::from_body(body.as_bytes(), &Scrubber::new(&credential)).message.unwrap();
    for length in PAGE - 12..PAGE {
        let message = words(format!("{} s3cr3t/key", "x".repeat(length)));
        assert!(!message.contains("s3c"), "{message}");
    }
    // An escape in the JSON hides nothing.
    assert_eq!(words(r#"{"error": "no s3cr3t\/key"}"#.to_owned()), "no [credential]");
    assert_eq!(words(r#"{"odd": ["s3cr3t/key"]}"#.to_owned()), r#"{"odd":["[credential]"]}"#);
}
