//! The Rust names that the client generator will make, so that clashes are seen before it runs.

use heck::{ToPascalCase, ToSnakeCase};

/// The words that cannot be identifiers; the generator appends `_` to them.
const KEYWORDS: [&str; 53] = [
    "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "Self", "self",
    "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// A method or a parameter of the client.
pub(super) fn parameter(name: &str) -> String {
    identifier(name, "_", str::to_snake_case)
}

/// A field of a struct.
pub(super) fn field(name: &str) -> String {
    identifier(name, "x", str::to_snake_case)
}

/// A type.
pub(super) fn type_name(name: &str) -> String {
    identifier(name, "X", str::to_pascal_case)
}

/// The variants of an enum, where they differ from each other.
pub(super) fn variants_differ(values: &[&str]) -> bool {
    let plain: Vec<String> = values.iter().map(|value| type_name(value)).collect();
    if all_differ(&plain) {
        return true;
    }
    let marked: Vec<String> = values
        .iter()
        .map(|value| type_name(&value.replace(|char: char| !char.is_alphanumeric(), "X")))
        .collect();
    all_differ(&marked)
}

/// The name itself or, where that is taken, the first free one of those that end in `separator` and a number.
pub(super) fn free(wanted: &str, separator: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while is_taken(&name) {
        name = format!("{wanted}{separator}{number}");
        number += 1;
    }
    name
}

pub(super) fn all_differ(names: &[String]) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    names.iter().all(|name| seen.insert(name))
}

fn identifier(name: &str, prefix: &str, case: fn(&str) -> String) -> String {
    let name = match name {
        "+1" => case("plus1"),
        "-1" => case("minus1"),
        other => {
            case(&other.replace('\'', "").replace(|char: char| !char.is_alphanumeric() && char != '_', "-"))
        }
    };
    let name = match name.chars().next() {
        None => case("x"),
        Some(first) if first.is_alphabetic() => name,
        Some(_) => format!("{prefix}{name}"),
    };
    if KEYWORDS.contains(&name.as_str()) { format!("{name}_") } else { name }
}
