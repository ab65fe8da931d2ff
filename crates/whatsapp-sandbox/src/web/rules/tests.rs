use serde_json::json;

use super::*;

#[test]
fn a_phone_number_is_its_digits_and_has_8_to_15_of_them() {
    let read = |value: Value| phone(Some(&value)).ok();
    assert_eq!(read(json!("+1 (555) 123-4567")).as_deref(), Some("15551234567"));
    assert_eq!(read(json!("tel:12345678")).as_deref(), Some("12345678"));
    assert_eq!(read(json!(15_551_234_567_i64)).as_deref(), Some("15551234567"));
    // As JavaScript writes it, without a point that would add a digit.
    assert_eq!(read(json!(15_551_234_567.0)).as_deref(), Some("15551234567"));
    for wrong in [json!("1234567"), json!("1234567890123456"), json!(""), json!(null), json!(["12345678"])] {
        assert_eq!(read(wrong.clone()), None, "{wrong}");
    }
    assert!(phone(None).is_err());
}

#[test]
fn a_limit_that_javascript_takes_for_false_is_the_default() {
    for falsy in [json!(0), json!(-0.0), json!(""), json!(null), json!(false)] {
        assert_eq!(limit(Some(&falsy), 20).ok(), Some(20), "{falsy}");
    }
    assert_eq!(limit(None, 10).ok(), Some(10));
    assert_eq!(limit(Some(&json!(7.0)), 10).ok(), Some(7));
    for wrong in [json!(101), json!(-1), json!(1.5), json!("5"), json!(true), json!({})] {
        assert!(limit(Some(&wrong), 10).is_err(), "{wrong}");
    }
}

#[test]
fn a_limit_in_a_query_is_a_number_or_the_default() {
    let read = |text: &str| limit_of_query(Some(text), 20).ok();
    assert_eq!([read("5"), read(" 5 "), read("5.0"), read("1e1")], [Some(5), Some(5), Some(5), Some(10)]);
    assert_eq!([read("abc"), read(""), read("0")], [Some(20); 3]);
    assert_eq!([read("101"), read("-1"), read("2.5")], [None; 3]);
    assert_eq!([read("0x10"), read("0b11"), read("0O7"), read("+5")], [Some(16), Some(3), Some(7), Some(5)]);
    assert_eq!([read("0x"), read("0xg"), read("inf"), read("-nan"), read("infinity")], [Some(20); 5]);
    assert_eq!([read("Infinity"), read("-Infinity"), read("0xffffffffff"), read("1e999")], [None; 4]);
    assert_eq!(limit_of_query(None, 20).ok(), Some(20));
}

#[test]
fn of_several_parameters_of_a_name_the_first_counts() {
    let query = RawQuery(Some("a=1&limit=5&limit=7&b=%ff+%31".to_owned()));
    let read = |name| parameter(&query, name);
    assert_eq!(read("limit").as_deref(), Some("5"));
    assert_eq!(read("b").as_deref(), Some("\u{fffd} 1"));
    assert_eq!(read("phone_number"), None);
    assert_eq!(parameter(&RawQuery(None), "limit"), None);
}
