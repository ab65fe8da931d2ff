//! The first guard: values that would leave their segment of the path.

/// How long a path argument may be, in bytes.
const MAX_BYTES: usize = 2048;

/// Why a value cannot be a path argument. The texts name the argument and say what to give.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathValueError {
    /// There is nothing in it.
    #[error("argument `{argument}` is empty: give the identifier of one item")]
    Empty {
        /// The argument's name.
        argument: String,
    },
    /// It is `.` or `..`, which addresses treat as a step, not as a name.
    #[error("argument `{argument}` is `{value}`, which means another place in the path: give an identifier")]
    DotSegment {
        /// The argument's name.
        argument: String,
        /// `.` or `..`.
        value: String,
    },
    /// It has a character that would lead to another path.
    #[error("argument `{argument}` has {}, which no path argument may have: give one identifier, not a path", name(*character))]
    Character {
        /// The argument's name.
        argument: String,
        /// The first such character.
        character: char,
    },
    /// It is longer than any identifier.
    #[error("argument `{argument}` has {bytes} bytes: give an identifier of at most {MAX_BYTES} bytes")]
    TooLong {
        /// The argument's name.
        argument: String,
        /// Its length, in bytes.
        bytes: usize,
    },
}

/// Checks the value of the path argument `argument`: not empty, no dot segment, no `/`, `\` or control character, and
/// at most 2048 bytes.
pub fn check_path_value(argument: &str, value: &str) -> Result<(), PathValueError> {
    let argument = || argument.to_owned();
    if value.is_empty() {
        return Err(PathValueError::Empty { argument: argument() });
    }
    if value == "." || value == ".." {
        return Err(PathValueError::DotSegment { argument: argument(), value: value.to_owned() });
    }
    if value.len() > MAX_BYTES {
        return Err(PathValueError::TooLong { argument: argument(), bytes: value.len() });
    }
    match value.chars().find(|c| matches!(c, '/' | '\\') || c.is_control()) {
        Some(character) => Err(PathValueError::Character { argument: argument(), character }),
        None => Ok(()),
    }
}

fn name(character: char) -> String {
    match character {
        '/' => "a slash (`/`)".to_owned(),
        '\\' => "a backslash (`\\`)".to_owned(),
        other => format!("the control character U+{:04X}", u32::from(other)),
    }
}
