//! One thing that is wrong with a request.

use std::fmt;

/// A mistake in a request, told apart by where it is and of which sort. [`fmt::Display`] says it in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The JSON pointer into the body, or the name of the parameter.
    pub(crate) at: String,
    pub(crate) flaw: Flaw,
    pub(super) words: String,
}

/// The sorts of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// What must be there is not.
    Missing,
    /// There is no such field or parameter.
    Unknown,
    /// It is none of the values that are allowed.
    Value,
}

impl Mistake {
    pub(super) fn new(flaw: Flaw, at: impl Into<String>, words: impl Into<String>) -> Self {
        Self { at: at.into(), flaw, words: words.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.words)
    }
}
