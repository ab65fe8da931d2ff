//! The second guard: the finished URL against the operation's template.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use url::{Position, Url};

use crate::{
    Failure, Upstream,
    template::{Piece, pieces},
};

/// Checks that `url` lies where the operation's template says, segment by segment, below the base URL.
pub(crate) fn check_route(upstream: &Upstream, url: &Url, template: &str) -> Result<(), Failure> {
    let path = url.path().strip_prefix(upstream.prefix());
    // Scheme, host and port; a user name before the host is not what the base URL has either.
    let same_place = url[..Position::BeforePath] == upstream.base_url()[..Position::BeforePath];
    if same_place && path.is_some_and(|path| path_fits(path, template)) {
        return Ok(());
    }
    Err(Failure::RouteEscape { template: template.to_owned(), path: url.path().to_owned() })
}

fn path_fits(path: &str, template: &str) -> bool {
    let (mut path, mut template) = (path.split('/'), template.split('/'));
    // What comes before the first slash: nothing.
    if (path.next(), template.next()) != (Some(""), Some("")) {
        return false;
    }
    loop {
        match (path.next(), template.next()) {
            (Some(given), Some(wanted)) if segment_fits(given, wanted) => {}
            (given, wanted) => return given.is_none() && wanted.is_none(),
        }
    }
}

fn segment_fits(given: &str, wanted: &str) -> bool {
    if given == wanted && !wanted.contains('{') {
        return true;
    }
    let pieces = pieces(wanted);
    let given = decoded(given);
    if pieces.iter().any(|piece| matches!(piece, Piece::Variable(_))) {
        !leaves_its_place(&given) && pieces_fit(&pieces, &given)
    } else {
        given == decoded(wanted)
    }
}

/// An encoded slash is still one segment here, but a server may decode before it routes.
fn leaves_its_place(segment: &[u8]) -> bool {
    segment == b"." || segment == b".." || segment.iter().any(|byte| matches!(byte, b'/' | b'\\'))
}

/// Whether `rest` has every literal in its place and at least one byte for each variable between them.
fn pieces_fit(pieces: &[Piece<'_>], mut rest: &[u8]) -> bool {
    let mut after_variable = false;
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Literal(literal) = piece else {
            after_variable = true;
            continue;
        };
        let literal = decoded(literal);
        let last = index + 1 == pieces.len();
        let start = match (after_variable, last) {
            (false, _) => rest.starts_with(&literal).then_some(0),
            (true, true) => rest.len().checked_sub(literal.len()).filter(|at| rest[*at..] == *literal),
            (true, false) => find(rest, &literal),
        };
        let Some(start) = start.filter(|at| !after_variable || *at > 0) else { return false };
        rest = &rest[start + literal.len()..];
        after_variable = false;
    }
    rest.is_empty() != after_variable
}

/// The first place of `literal` that leaves the variable before it at least one byte.
fn find(text: &[u8], literal: &[u8]) -> Option<usize> {
    text.windows(literal.len()).skip(1).position(|window| window == literal).map(|at| at + 1)
}

fn decoded(text: &str) -> Cow<'_, [u8]> {
    percent_decode_str(text).into()
}
