//! Names of tools and domains.

use proptest::prelude::*;
use toolwright_catalog::is_tool_name;
use toolwright_openapi::naming::{domain_name, operation_id_of, tool_name};

#[test]
fn names_come_from_x_mcp_then_the_id_then_method_and_path() {
    let name = |given, id| tool_name(given, id, "GET", "/api/sessions/{session}/me").unwrap();
    assert_eq!(name(Some("who_am_i"), Some("sessionsMe")), "who_am_i");
    assert_eq!(name(None, Some("sessionsMe")), "sessions_me");
    assert_eq!(name(None, None), "get_api_sessions_by_session_me");
    assert_eq!(name(None, Some("Group Chats: getHTTPInfo.v2")), "group_chats_get_http_info_v2");
}

#[test]
fn a_name_that_will_not_do_comes_back_with_one_that_will() {
    let suggestion = |given: &str| tool_name(Some(given), None, "GET", "/").unwrap_err().suggestion;
    assert_eq!(suggestion("listGroups"), "list_groups");
    assert_eq!(suggestion("2fa"), "call_2fa");
    assert_eq!(
        suggestion(&"very_long_name_".repeat(9)),
        "very_long_name_very_long_name_very_long_name_very_long_name"
    );
    assert_eq!(suggestion("größe"), "gr_e");
    assert_eq!(suggestion("日本"), "call");
}

#[test]
fn domains_are_feature_names() {
    assert_eq!(domain_name("Group Chats").as_deref(), Some("group_chats"));
    assert_eq!(domain_name("default").as_deref(), Some("general"));
    assert_eq!(domain_name("3D").as_deref(), Some("tag_3d"));
    assert_eq!(domain_name("日本"), None);
}

proptest! {
    #[test]
    fn every_name_is_valid_or_an_error_with_a_valid_suggestion(
        given in proptest::option::of(".{0,80}"),
        id in proptest::option::of(".{0,80}"),
        path in "(/[a-zA-Z0-9_{}.é-]{0,20}){0,6}",
    ) {
        match tool_name(given.as_deref(), id.as_deref(), "PATCH", &path) {
            Ok(name) => prop_assert!(is_tool_name(&name), "{name}"),
            Err(error) => prop_assert!(is_tool_name(&error.suggestion), "{}", error.suggestion),
        }
    }

    #[test]
    fn every_domain_is_a_word_that_a_feature_may_be(tag in ".{0,40}") {
        if let Some(name) = domain_name(&tag) {
            prop_assert!(name.starts_with(|first: char| first.is_ascii_lowercase()), "{name}");
            prop_assert!(name.chars().all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_'));
            prop_assert_ne!(name, "default");
        }
    }

    #[test]
    fn a_made_id_is_in_snake_case(path in "(/[a-zA-Z0-9_{}.-]{0,20}){0,6}") {
        let id = operation_id_of("GET", &path);
        prop_assert!(id.starts_with("get"));
        prop_assert!(id.chars().all(|char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_'), "{id}");
    }
}
