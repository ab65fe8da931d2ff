//! What is wrong with a document, where, and what to do about it.

use std::fmt;

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where it is.
    pub place: Place,
    /// What is wrong, in lower case and without a final dot.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// Where something is: a file, and a spot in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, as it was named when it was read.
    pub file: String,
    /// The spot in it.
    pub spot: Spot,
}

/// A spot in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// The file as a whole.
    Whole,
    /// A line, counted from one.
    Line(u64),
    /// A node, as a JSON pointer (empty for the root).
    Pointer(String),
    /// A node that only exists once the overlay has been applied.
    Overlaid(String),
}

/// Something that is not wrong but that the author should know: what could not be said in a tool's schema, what was
/// chosen among alternatives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The node it is about, as a JSON pointer into the document with its overlay applied.
    pub pointer: String,
    /// What to know, as a sentence.
    pub text: String,
}

/// Every mistake found in one run; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// The mistakes, in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// A single mistake about a file.
    pub(crate) fn file(
        file: &str,
        spot: Spot,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let place = Place { file: file.to_owned(), spot };
        Self(vec![Diagnostic { place, message: message.into(), remedy: remedy.into() }])
    }

    /// The mistakes, of which there must be at least one.
    pub(crate) fn new(diagnostics: Vec<Diagnostic>) -> Self {
        Self(diagnostics)
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str("\n")?;
            }
            write!(formatter, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}\n  {}\n  help: {}", self.place, self.message, self.remedy)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.file)?;
        match &self.spot {
            Spot::Whole => Ok(()),
            Spot::Line(line) => write!(formatter, ":{line}"),
            Spot::Pointer(pointer) => write!(formatter, "#{pointer}"),
            Spot::Overlaid(pointer) => write!(formatter, "#{pointer} (with the overlay applied)"),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}\n  {}", self.pointer, self.text)
    }
}

/// Collects what is found in the document, so that one run reports it all.
#[derive(Debug)]
pub(crate) struct Sink {
    file: String,
    diagnostics: Vec<Diagnostic>,
    notes: Vec<Note>,
}

impl Sink {
    /// A sink for mistakes in `file`.
    pub(crate) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), diagnostics: Vec::new(), notes: Vec::new() }
    }

    /// Adds a mistake at a JSON pointer. The same mistake, met again from elsewhere, counts once.
    pub(crate) fn error(&mut self, pointer: &str, message: impl Into<String>, remedy: impl Into<String>) {
        let place = Place { file: self.file.clone(), spot: Spot::Pointer(pointer.to_owned()) };
        self.push(Diagnostic { place, message: message.into(), remedy: remedy.into() });
    }

    /// Adds a mistake in another file.
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds a note at a JSON pointer, once.
    pub(crate) fn note(&mut self, pointer: &str, text: impl Into<String>) {
        let note = Note { pointer: pointer.to_owned(), text: text.into() };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// How many mistakes there are so far.
    pub(crate) fn errors(&self) -> usize {
        self.diagnostics.len()
    }

    /// The notes, or the mistakes where there are any.
    pub(crate) fn finish(self) -> Result<Vec<Note>, Diagnostics> {
        if self.diagnostics.is_empty() { Ok(self.notes) } else { Err(self.into_diagnostics()) }
    }

    /// The mistakes, of which there must be at least one.
    pub(crate) fn into_diagnostics(self) -> Diagnostics {
        Diagnostics(self.diagnostics)
    }
}

impl Diagnostics {
    /// Marks the nodes of `file` that are not in the document as it was written.
    pub(crate) fn mark_overlaid(mut self, file: &str, written: &serde_json::Value) -> Self {
        for diagnostic in &mut self.0 {
            if let Spot::Pointer(pointer) = &diagnostic.place.spot
                && diagnostic.place.file == file
                && written.pointer(pointer).is_none()
            {
                diagnostic.place.spot = Spot::Overlaid(pointer.clone());
            }
        }
        self
    }
}
