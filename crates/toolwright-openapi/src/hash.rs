//! The fingerprint that a generated client and its catalog share.

use std::fmt::Write as _;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::source::Source;

/// SHA-256, in hex, of everything that the generated files are made of. The order of members does not count.
pub(crate) fn spec_hash(document: &Value, source: &Source) -> String {
    let prompts: Vec<&str> = source.prompts.iter().map(|prompt| prompt.text.as_str()).collect();
    let whole = json!({
        "api": source.api,
        "document": sorted(document),
        "instructions": source.instructions,
        "prompts": prompts,
    });
    let digest = Sha256::digest(whole.to_string());
    digest.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            let members =
                names.into_iter().filter_map(|name| Some((name.clone(), sorted(members.get(name)?))));
            Value::Object(members.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}
