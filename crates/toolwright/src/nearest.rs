//! Names that someone who wrote another one may have meant.

/// Up to three of the candidates that resemble `name`, the nearest first.
///
/// Words in another order count as near: `send_message` finds `messages_send`.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    // Distance is quadratic in the length, and the name comes from a stranger.
    if name.chars().count() > 128 {
        return Vec::new();
    }
    let limit = (name.chars().count() / 3).max(2);
    let wanted = sorted_words(name);
    let mut found: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let as_written = strsim::damerau_levenshtein(&name.to_lowercase(), &candidate.to_lowercase());
            let reordered = strsim::damerau_levenshtein(&wanted, &sorted_words(candidate));
            let distance = as_written.min(reordered);
            (distance <= limit).then_some((distance, candidate))
        })
        .collect();
    found.sort_unstable();
    found.truncate(3);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// `, did you mean …?`, or nothing where nothing is near.
pub(crate) fn did_you_mean<S: AsRef<str>>(names: &[S]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    format!("; did you mean {}?", names.join(" or "))
}

/// The words of a name, in snake, kebab or camel case, in alphabetical order.
fn sorted_words(name: &str) -> String {
    let mut separated = String::with_capacity(name.len() + 8);
    for character in name.chars() {
        if character.is_uppercase() {
            separated.push('_');
        }
        separated.extend(character.to_lowercase());
    }
    let mut words: Vec<&str> = separated
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.sort_unstable();
    words.join("_")
}
