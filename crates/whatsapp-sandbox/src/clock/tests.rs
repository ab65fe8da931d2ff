use std::time::Duration;

use super::Timestamp;

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
