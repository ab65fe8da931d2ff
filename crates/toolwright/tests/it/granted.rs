//! Granted scopes: how they are written, and what they match.

use toolwright::Granted;

#[test]
fn wildcards_match_domains_and_everything_and_nothing_else() {
    let check = |granted: &str, scope: &str, allowed: bool| {
        let parsed: Granted = granted.parse().unwrap();
        assert_eq!(parsed.allows(&[scope]), allowed, "`{granted}` and `{scope}`");
    };
    check("*", "groups:read", true);
    check("*", "admin", true);
    check("groups:*", "groups:read", true);
    check("groups:*", "groupsX:read", false);
    check("groups:*", "groups", false);
    check("groups:read", "groups:read", true);
    check("groups:read", "groups:manage", false);
    check("groups:manage", "groups:read", false);
    check("", "groups:read", false);
    check("groups", "groups:read", false);
    check("messages:write, groups:read\n", "groups:read", true);
}

#[test]
fn what_is_no_scope_is_refused_whole() {
    for text in ["gr*:read", "groups:r*", "*:read", "**", ":*", "groups:read a:b:*c", "groups\u{0}:read"] {
        let error = text.parse::<Granted>().unwrap_err().to_string();
        assert!(error.contains("is no scope"), "{text}: {error}");
    }
}

#[test]
fn a_tool_without_scopes_is_allowed_to_everyone() {
    assert!(Granted::none().allows::<&str>(&[]));
}

#[test]
fn missing_names_each_scope_that_is_not_granted() {
    let granted: Granted = "a:x".parse().unwrap();
    assert_eq!(granted.missing(&["a:x", "b:y", "c:z"]), ["b:y", "c:z"]);
}

#[test]
fn what_is_shown_can_be_read_again() {
    let granted: Granted = "messages:write groups:* *".parse().unwrap();
    assert_eq!(granted.to_string(), "* groups:* messages:write");
    assert_eq!(granted.to_string().parse::<Granted>().unwrap(), granted);
}
