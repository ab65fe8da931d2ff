//! JSON in lines that are neither many nor long: small enough to carry, and fit to be compared.

use serde_json::Value;

/// Down to this depth each member has a line of its own: an operation, or a component.
const DEPTH: usize = 3;

/// The value as text, with a line feed at the end.
pub(crate) fn text(value: &Value) -> String {
    let mut text = String::new();
    write(value, DEPTH, "\n", &mut text);
    text.push('\n');
    text
}

fn write(value: &Value, depth: usize, line: &str, text: &mut String) {
    let Some(members) = value.as_object().filter(|members| depth > 0 && !members.is_empty()) else {
        text.push_str(&value.to_string());
        return;
    };
    let inner = format!("{line} ");
    let mut before = '{';
    for (name, member) in members {
        text.push(before);
        text.push_str(&inner);
        text.push_str(&Value::from(name.as_str()).to_string());
        text.push_str(": ");
        write(member, depth - 1, &inner, text);
        before = ',';
    }
    text.push_str(line);
    text.push('}');
}
