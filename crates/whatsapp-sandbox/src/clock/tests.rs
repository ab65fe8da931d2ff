use std::time::Duration;

use super::{Clock, Timestamp};

#[test]
fn instants_are_written_as_iso_8601() {
    let table = [
        (0, "1970-01-01T00:00:00.000Z"),
        (951_782_400_123, "2000-02-29T00:00:00.123Z"),
        (1_709_164_799_999, "2024-02-28T23:59:59.999Z"),
        (1_735_689_599_000, "2024-12-31T23:59:59.000Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
    ];
    for (millis, text) in table {
        assert_eq!(Timestamp(millis).to_string(), text);
    }
}

#[test]
fn an_earlier_instant_is_no_time_after_a_later_one() {
    let now = Timestamp(1_000);
    assert_eq!(now.since(now.after(Duration::from_secs(1))), Duration::ZERO);
    assert_eq!(now.after(Duration::from_secs(1)).since(now), Duration::from_secs(1));
}

#[test]
fn a_manual_clock_stands_still_until_it_is_set() {
    let clock = Clock::manual(Timestamp(1_000));
    assert_eq!(clock.now(), Timestamp(1_000));
    clock.set(Some(Timestamp(5_000)));
    assert_eq!(clock.clone().now(), Timestamp(5_000));
    clock.set(None);
    assert!(!clock.is_manual() && clock.now() > Timestamp(5_000) && clock.now() < Timestamp::LAST);
}

#[test]
fn years_have_four_digits() {
    assert_eq!(Timestamp::LAST.to_string(), "9999-12-31T23:59:59.999Z");
    assert_eq!(Timestamp::FIRST.to_string(), "0000-01-01T00:00:00.000Z");
    assert_eq!(Timestamp::parse("9999-12-31T23:59:59.999Z"), Some(Timestamp::LAST));
    assert_eq!(Timestamp::parse("9999-12-31T23:59:59.999-01:00"), None);
    assert_eq!(Timestamp::parse("0000-01-01T00:00:00+01:00"), None);
}

#[test]
fn instants_are_read_back_from_iso_8601() {
    for millis in [0, 951_782_400_123, 1_709_164_799_999, 4_107_542_400_000, -1] {
        assert_eq!(Timestamp::parse(&Timestamp(millis).to_string()), Some(Timestamp(millis)));
    }
    let noon = Timestamp::parse("2026-01-01T12:00:00Z");
    assert!(noon.is_some());
    assert_eq!(Timestamp::parse("2026-01-01T14:30:00+02:30"), noon);
    assert_eq!(Timestamp::parse("2026-01-01T10:00:00.000000-02:00"), noon);
    let refused = [
        "",
        "noon",
        "2026-01-01",
        "2026-01-01T12:00:00",
        "2026-02-30T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T12:60:00Z",
        "2026-01-01T12:00:00.Z",
        "2026-01-01T12:00:00+2:00",
        "2026-01-01T12:00:00Zulu",
        "+026-01-01T12:00:00Z",
    ];
    for text in refused {
        assert_eq!(Timestamp::parse(text), None, "{text}");
    }
}
