use percent_encoding::percent_decode_str;
use progenitor_client::Error;
use proptest::prelude::*;
use reqwest::Request;
use toolwright_client::{
    ApiClient, Credential, Failure, GenericOperation, GenericRequest, PathValueError, check_path_value,
    execute,
};

use crate::{failure, pets::Client, recorder::Recorder};

const BASE: &str = "https://api.example.com/v1";

/// What the typed client sends for an owner and a pet, if the second guard lets it.
async fn typed(base_url: &str, owner: &str, pet: &str) -> Option<Request> {
    let recorder = Recorder::new(&[]);
    let context = recorder.context(base_url, Credential::None);
    let error = Client::for_call(context.clone()).get_pet(owner, pet, None).await.unwrap_err();
    let mut requests = recorder.requests();
    if requests.is_empty() {
        let failure = failure(&context);
        assert!(matches!(failure, Failure::RouteEscape { .. }), "{failure:?}");
        assert!(matches!(error, Error::Custom(text) if text == failure.to_string()));
    }
    requests.pop()
}

/// What the generic executor sends for one path value.
async fn generic(template: &str, value: &str) -> Result<Request, Failure> {
    let recorder = Recorder::new(&[]);
    let context = recorder.context(BASE, Credential::None);
    let operation = GenericOperation::new("get", "GET", template);
    execute(&context, GenericRequest::new(operation).path("value", value)).await;
    match context.outcome().unwrap() {
        Ok(_) => Ok(recorder.only_request()),
        Err(failure) => {
            assert!(recorder.requests().is_empty());
            Err(failure)
        }
    }
}

#[tokio::test]
async fn the_second_guard_stops_every_way_out_of_a_typed_route() {
    let escapes = [
        "",
        ".",
        "..",
        "/",
        "\\",
        "a/b",
        "a\\b",
        "..\\..",
        "..\\users\\me",
        "..\\..\\..\\admin",
        "../..",
        "x\\..",
        ".\\",
    ];
    for escape in escapes {
        for base_url in [BASE, "https://api.example.com", "https://api.example.com/v1/"] {
            assert!(typed(base_url, escape, "rex").await.is_none(), "owner {escape:?} at {base_url}");
            assert!(typed(base_url, "ann", escape).await.is_none(), "pet {escape:?} at {base_url}");
        }
    }
}

#[tokio::test]
async fn values_that_only_look_dangerous_are_sent_encoded() {
    let table = [
        ("%2e%2e", "%252e%252e"),
        ("a%2Fb", "a%252Fb"),
        ("x?y=1", "x%3Fy=1"),
        ("a#b", "a%23b"),
        ("...", "..."),
        ("..a", "..a"),
        ("62812@s.whatsapp.net", "62812@s.whatsapp.net"),
        ("naïve name", "na%C3%AFve%20name"),
    ];
    for (value, segment) in table {
        let request = typed(BASE, "ann", value).await.expect(value);
        assert_eq!(request.url().path(), format!("/v1/owners/ann/pets/{segment}"), "{value:?}");
    }
}

#[tokio::test]
async fn a_segment_with_text_around_its_variable_keeps_the_text() {
    let recorder = Recorder::new(&[]);
    let client = Client::for_call(recorder.context(BASE, Credential::None));
    assert!(client.get_photo("rex", None).await.is_err(), "204 is not documented");
    assert_eq!(recorder.only_request().url().path(), "/v1/pets/rex/photo.png");

    let table = [
        ("/files/{value}.json", "report", Some("/v1/files/report.json")),
        ("/files/{value}.json", ".json", Some("/v1/files/.json.json")),
        ("/files/@{value}", "ann", Some("/v1/files/@ann")),
        ("/a b/{value}", "ann", Some("/v1/a%20b/ann")),
        ("/items({value})/all", "7", Some("/v1/items(7)/all")),
        ("/x/{value}/", "7", Some("/v1/x/7/")),
        ("/wild?{value}", "7", None),
        ("/a/../{value}", "7", None),
        ("no-slash/{value}", "7", None),
    ];
    for (template, value, path) in table {
        match (generic(template, value).await, path) {
            (Ok(request), Some(path)) => assert_eq!(request.url().path(), path),
            (Err(Failure::RouteEscape { .. }), None) => {}
            (other, _) => panic!("{template} with {value}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn two_variables_may_share_a_segment() {
    for (from, to) in [("a", "b"), ("a-to-b", "c"), ("a", "b-to-c"), (".ics", ".ics"), ("-to-", "x")] {
        let recorder = Recorder::new(&[]);
        let context = recorder.context(BASE, Credential::None);
        let operation = GenericOperation::new("get", "GET", "/routes/{from}-to-{to}.ics");
        execute(&context, GenericRequest::new(operation).path("from", from).path("to", to)).await;
        let expected = format!("/v1/routes/{from}-to-{to}.ics");
        assert_eq!(recorder.only_request().url().path(), expected);
    }
}

#[test]
fn the_first_guard_names_the_argument_and_the_remedy() {
    let table = [
        ("", "argument `id` is empty: give the identifier of one item"),
        (".", "argument `id` is `.`, which means another place in the path: give an identifier"),
        ("..", "argument `id` is `..`, which means another place in the path: give an identifier"),
        (
            "a/b",
            "argument `id` has a slash (`/`), which no path argument may have: give one identifier, not a path",
        ),
        (
            "..\\b",
            "argument `id` has a backslash (`\\`), which no path argument may have: give one identifier, not a path",
        ),
        (
            "a\nb",
            "argument `id` has the control character U+000A, which no path argument may have: give one identifier, not a path",
        ),
    ];
    for (value, message) in table {
        assert_eq!(check_path_value("id", value).unwrap_err().to_string(), message);
    }
    let long = "é".repeat(1025);
    let error = check_path_value("id", &long).unwrap_err();
    assert_eq!(error, PathValueError::TooLong { argument: "id".to_owned(), bytes: 2050 });
    assert_eq!(check_path_value("id", &long[2..]), Ok(()));
}

#[tokio::test]
async fn the_generic_executor_refuses_what_the_first_guard_refuses() {
    for value in ["", "..", "a/b", "a\\b", "a\0b"] {
        let failure = generic("/x/{value}", value).await.unwrap_err();
        let expected = check_path_value("value", value).unwrap_err().to_string();
        assert_eq!(failure, Failure::InvalidRequest(expected));
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(future)
}

/// Strings made of what paths are sensitive to.
fn hostile() -> impl Strategy<Value = String> {
    let bits = ["..", ".", "/", "\\", "%2e", "%2F", "%5c", "%", "?", "#", ";", "@", "\t", " ", "a", "é"];
    proptest::collection::vec(proptest::sample::select(bits.to_vec()), 0..6).prop_map(|bits| bits.concat())
}

fn last_segment(request: &Request) -> String {
    let last = request.url().path_segments().unwrap().next_back().unwrap();
    percent_decode_str(last).decode_utf8().unwrap().into_owned()
}

proptest! {
    #[test]
    fn what_passes_the_first_guard_reaches_the_server_unchanged(value in prop_oneof![any::<String>(), hostile()]) {
        if check_path_value("value", &value).is_err() {
            return Ok(());
        }
        let request = block_on(generic("/x/{value}", &value)).unwrap();
        prop_assert_eq!(last_segment(&request), &value[..]);
        let request = block_on(typed(BASE, "ann", &value)).expect("the second guard agrees with the first");
        prop_assert_eq!(last_segment(&request), &value[..]);
    }

    #[test]
    fn no_value_leads_away_from_its_route(value in prop_oneof![any::<String>(), hostile()]) {
        if let Some(request) = block_on(typed(BASE, &value, "rex")) {
            let segments: Vec<_> = request.url().path_segments().unwrap().collect();
            let [prefix, owners, owner, pets, rex] = segments[..] else { panic!("{segments:?}") };
            prop_assert_eq!([prefix, owners, pets, rex], ["v1", "owners", "pets", "rex"]);
            // Where the URL took the value for a path that leads back here, it is another value, which the first guard stops.
            let arrived = percent_decode_str(owner).decode_utf8().unwrap();
            prop_assert!(arrived == value || check_path_value("owner", &value).is_err(), "{:?}", arrived);
        }
    }
}
