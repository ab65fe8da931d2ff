use super::*;

fn of(tool: &str, arguments: Value) -> Result<Value, String> {
    let Value::Object(arguments) = arguments else { panic!("arguments are an object") };
    read(tool, &arguments).map(Value::Object)
}

#[test]
fn what_a_tool_does_not_know_is_ignored() {
    let read =
        of("whatsapp_send_message", json!({ "message": "Hi", "phone_number": "+1 555 123 4567", "x": 1 }));
    assert_eq!(read, Ok(json!({ "phone_number": "+1 555 123 4567", "message": "Hi" })));
    assert_eq!(of("whatsapp_status", json!({ "verbose": true })), Ok(json!({})));
}

#[test]
fn a_phone_number_may_be_a_number() {
    let read = of("whatsapp_pairing_code", json!({ "phone_number": 15_551_234_567_i64 }));
    assert_eq!(read, Ok(json!({ "phone_number": "15551234567" })));
    // As JavaScript writes it, without a point that would add a digit.
    let read = of("whatsapp_pairing_code", json!({ "phone_number": 15_551_234_567.0 }));
    assert_eq!(read, Ok(json!({ "phone_number": "15551234567" })));
}

#[test]
fn a_limit_that_javascript_takes_for_false_is_as_good_as_none() {
    for falsy in [json!(0), json!(""), json!(null), json!(false)] {
        assert_eq!(of("whatsapp_list_chats", json!({ "limit": falsy })), Ok(json!({})));
    }
    assert_eq!(of("whatsapp_list_chats", json!({ "limit": 7.0 })), Ok(json!({ "limit": 7 })));
}

#[test]
fn mistakes_are_told_in_the_words_of_the_other_server() {
    let wrong = |tool, arguments| of(tool, arguments).unwrap_err();
    for limit in [json!(101), json!(-1), json!(1.5), json!(1e-17), json!("5"), json!(true)] {
        let told = wrong("whatsapp_list_chats", json!({ "limit": limit }));
        assert_eq!(told, "limit must be an integer between 1 and 100");
    }
    let told = wrong("whatsapp_read_messages", json!({ "phone_number": "555" }));
    assert_eq!(told, "phone_number must include country code and contain 8-15 digits");
    let told = wrong("whatsapp_send_message", json!({ "phone_number": "15551234567", "message": 5 }));
    assert_eq!(told, "message must be a non-empty string");
}
