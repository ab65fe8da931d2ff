//! The one place where names are made: of tools, domains, arguments and operations without an id.

use heck::ToSnakeCase;
use toolwright_catalog::is_tool_name;

/// The longest tool name, in characters. All are ASCII.
const MAX_TOOL_NAME: usize = 64;
/// The longest argument name that every large model provider accepts.
const MAX_ARGUMENT_NAME: usize = 64;

/// Why a name will not do, and one that would.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameError {
    /// What is wrong with it.
    pub message: String,
    /// A name that is well-formed.
    pub suggestion: String,
}

/// The name of an operation's tool: the given one, else its id in snake case, else made of method and path.
///
/// # Errors
/// A name that is not `^[a-z][a-z0-9_]{0,63}$`, with one that is.
pub fn tool_name(
    given: Option<&str>,
    operation_id: Option<&str>,
    method: &str,
    path: &str,
) -> Result<String, NameError> {
    let name = match (given, operation_id) {
        (Some(given), _) => given.to_owned(),
        (None, Some(id)) => snake_case(id),
        (None, None) => operation_id_of(method, path),
    };
    if is_tool_name(&name) {
        return Ok(name);
    }
    let message = if name.len() > MAX_TOOL_NAME && is_tool_name(&shorten(&name)) {
        format!("tool name `{name}` has {} characters; {MAX_TOOL_NAME} is the most", name.len())
    } else {
        format!("`{name}` cannot be a tool's name, which is of the form ^[a-z][a-z0-9_]{{0,63}}$")
    };
    Err(NameError { message, suggestion: well_formed(&name) })
}

/// The id of an operation that the document gives none: `get_sessions_by_session` for `GET /sessions/{session}`.
pub fn operation_id_of(method: &str, path: &str) -> String {
    let mut name = method.to_ascii_lowercase();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        name.push('_');
        if let Some(variable) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            name.push_str("by_");
            name.push_str(variable);
        } else {
            name.push_str(segment);
        }
    }
    snake_case(&name)
}

/// The name of a domain, which is also a Cargo feature; nothing where the tag has no ASCII letter or digit.
///
/// `default` is the one feature name with a meaning of its own, so that tag becomes [`UNTAGGED_DOMAIN`].
pub fn domain_name(tag: &str) -> Option<String> {
    let name = snake_case(tag);
    match name.chars().next()? {
        first if first.is_ascii_digit() => Some(format!("tag_{name}")),
        _ if name == "default" => Some(UNTAGGED_DOMAIN.to_owned()),
        _ => Some(name),
    }
}

/// The domain of operations without a tag.
pub const UNTAGGED_DOMAIN: &str = "general";

/// The name of an argument: as the document spells it where every provider accepts that (letters, digits, `_`, `.` and
/// `-`), with `_` for anything else otherwise. Nothing where no letter or digit is left.
pub(crate) fn argument_name(wire: &str) -> Option<String> {
    let name: String = wire
        .chars()
        .map(|char| if char.is_ascii_alphanumeric() || "_.-".contains(char) { char } else { '_' })
        .collect();
    let name = if name == wire { name.as_str() } else { name.trim_matches('_') };
    let usable = name.chars().any(|char| char.is_ascii_alphanumeric()) && name.len() <= MAX_ARGUMENT_NAME;
    usable.then(|| name.to_owned())
}

/// A title made of a snake-case name: `Groups get` for `groups_get`.
pub(crate) fn title_of(name: &str) -> String {
    let mut title = name.replace('_', " ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}

/// A well-formed tool name that is near to `name` and not `taken`.
pub(crate) fn free_name(name: &str, domain: &str, taken: impl Fn(&str) -> bool) -> String {
    let with_domain = well_formed(&format!("{domain}_{name}"));
    if !taken(&with_domain) {
        return with_domain;
    }
    let stem: String = well_formed(name).chars().take(MAX_TOOL_NAME - 4).collect();
    (2..1000).map(|number| format!("{stem}_{number}")).find(|name| !taken(name)).unwrap_or(with_domain)
}

/// What to say about a word that is not among the known ones: the nearest of them, or all of them.
pub(crate) fn suggestion(word: &str, known: &[&str]) -> String {
    match closest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "remove it; there is nothing to choose from".to_owned(),
        None => {
            let shown: Vec<String> = known.iter().take(16).map(|name| format!("`{name}`")).collect();
            let more = if known.len() > shown.len() { ", …" } else { "" };
            format!("use one of {}{more}", shown.join(", "))
        }
    }
}

/// The known word that is nearest to `word`, if it is near enough to be a slip of the pen.
pub(crate) fn closest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let word = word.to_lowercase();
    let reach = ((word.chars().count() + 1) / 3).min(3);
    known
        .map(|candidate| (edit_distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= reach)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many characters must be added, removed or replaced to turn one word into the other.
fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (count, letter) in from.chars().enumerate() {
        let mut left = count + 1;
        let mut diagonal = count;
        for (other, cell) in to.iter().zip(row.iter_mut().skip(1)) {
            let next = (diagonal + usize::from(letter != *other)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = next;
            left = next;
        }
        if let Some(first) = row.first_mut() {
            *first = count + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Snake case in ASCII: everything else separates words.
fn snake_case(text: &str) -> String {
    let ascii: String =
        text.chars().map(|char| if char.is_ascii_alphanumeric() { char } else { ' ' }).collect();
    ascii.to_snake_case()
}

fn well_formed(name: &str) -> String {
    let name = snake_case(name);
    let name = if name.starts_with(|first: char| first.is_ascii_lowercase()) {
        name
    } else {
        format!("call_{name}")
    };
    shorten(name.trim_end_matches('_'))
}

/// The name cut at a word boundary so that it fits.
fn shorten(name: &str) -> String {
    let Some(head) = name.get(..MAX_TOOL_NAME) else { return name.to_owned() };
    if name.len() == MAX_TOOL_NAME {
        return name.to_owned();
    }
    let cut = head.rfind('_').filter(|cut| *cut > 0).unwrap_or(MAX_TOOL_NAME);
    head.get(..cut).unwrap_or(head).to_owned()
}
