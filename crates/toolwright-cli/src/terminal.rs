//! What people read: lines on stdout and stderr, and a table.

use std::io::{self, ErrorKind, IsTerminal as _, Write as _};

/// Writes a line to stdout. A reader that has had enough is a normal end.
pub(crate) fn print(text: &str) -> io::Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Writes a line to stderr. Where it is closed there is nobody to tell.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Whether a person sees stdout.
pub(crate) fn shows_output() -> bool {
    io::stdout().is_terminal()
}

/// Whether a person, and no client, is at stdin.
pub(crate) fn reads_from_person() -> bool {
    io::stdin().is_terminal()
}

/// Rows as columns, each as wide as its widest cell.
pub(crate) fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let lines = rows.iter().map(|row| {
        let cells: Vec<String> =
            row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        cells.join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}
