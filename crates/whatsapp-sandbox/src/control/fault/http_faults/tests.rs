use std::time::Duration;

use super::{Failing, HttpFaults, matches};

#[test]
fn a_star_stands_for_any_part_of_a_name() {
    let table = [
        ("messages_send", "messages_send", true),
        ("messages_send", "messages_seen", false),
        ("*", "messages_send", true),
        ("messages_*", "messages_send", true),
        ("messages_*", "groups_get", false),
        ("*_list", "groups_list", true),
        ("*_list", "groups_list_all", false),
        ("g*_*t", "groups_get", true),
        ("g*x*t", "groups_get", false),
        ("groups_*_get", "groups_get", false),
    ];
    for (pattern, name, expected) in table {
        assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
    }
}

#[test]
fn a_fault_breaks_as_many_requests_as_it_was_told_and_only_those_it_concerns() {
    let faults = HttpFaults::default();
    let error = Failing::with(503, None).unwrap();
    faults.set(error.clone(), Some("messages_*".to_owned()), Some(2));
    assert_eq!(faults.take("groups_get"), (Duration::ZERO, None));
    assert_eq!(faults.take("messages_send").1, Some(error.clone()));
    assert_eq!(faults.list()[0].remaining, Some(1));
    assert_eq!(faults.take("messages_seen").1, Some(error));
    assert_eq!(faults.take("messages_send").1, None);
    assert!(faults.list().is_empty());
}

#[test]
fn delays_add_up_and_failures_come_one_by_one() {
    let faults = HttpFaults::default();
    let (first, second) = (Failing::with(500, None).unwrap(), Failing::with(502, None).unwrap());
    faults.set(Failing::Slow(Duration::from_secs(1)), None, None);
    faults.set(Failing::Slow(Duration::from_secs(2)), None, Some(1));
    faults.set(first.clone(), None, Some(1));
    faults.set(second.clone(), None, Some(1));
    assert_eq!(faults.take("x"), (Duration::from_secs(3), Some(first)));
    assert_eq!(faults.take("x"), (Duration::from_secs(1), Some(second)));
    assert_eq!(faults.take("x"), (Duration::from_secs(1), None));
}

#[test]
fn too_many_requests_always_says_when_to_come_back() {
    assert_eq!(Failing::with(418, None), None);
    let retry_after = |failing| match failing {
        Some(Failing::Status { retry_after, .. }) => retry_after,
        _ => None,
    };
    assert_eq!(retry_after(Failing::with(429, None)), Some(1));
    assert_eq!(retry_after(Failing::with(429, Some(7))), Some(7));
    assert_eq!(retry_after(Failing::with(503, None)), None);
}
