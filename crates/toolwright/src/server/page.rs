//! Lists in pages.

use rmcp::ErrorData;
use rmcp::model::PaginatedRequestParams;

/// One page of a list, and where the next begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Option<String>,
}

/// Cuts the page that a client asks for out of a list whose order never changes.
///
/// A cursor is the position of the page's first entry. An empty one is the first page.
pub(super) fn cut<T>(
    items: impl ExactSizeIterator<Item = T>,
    request: Option<&PaginatedRequestParams>,
    size: usize,
) -> Result<Page<T>, ErrorData> {
    let total = items.len();
    let cursor = request.and_then(|request| request.cursor.as_deref()).unwrap_or("");
    let start = if cursor.is_empty() { 0 } else { position(cursor, total)? };
    let end = start.saturating_add(size);
    Ok(Page { items: items.skip(start).take(size).collect(), next: (end < total).then(|| end.to_string()) })
}

fn position(cursor: &str, total: usize) -> Result<usize, ErrorData> {
    let position = cursor.parse().ok().filter(|position: &usize| *position < total && *position > 0);
    position.ok_or_else(|| {
        ErrorData::invalid_params("unknown cursor; list again without a cursor, from the first page", None)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(cursor: Option<&str>, size: usize) -> Result<Page<u32>, ErrorData> {
        let request = PaginatedRequestParams::default().with_cursor(cursor.map(str::to_owned));
        cut([1, 2, 3, 4, 5].into_iter(), Some(&request), size)
    }

    #[test]
    fn pages_cover_the_list_without_overlap() {
        let first = page(None, 2).unwrap();
        assert_eq!(first, Page { items: vec![1, 2], next: Some("2".to_owned()) });
        assert_eq!(page(Some("2"), 2).unwrap(), Page { items: vec![3, 4], next: Some("4".to_owned()) });
        assert_eq!(page(Some("4"), 2).unwrap(), Page { items: vec![5], next: None });
    }

    #[test]
    fn an_empty_cursor_is_the_first_page() {
        assert_eq!(page(Some(""), 9).unwrap(), Page { items: vec![1, 2, 3, 4, 5], next: None });
    }

    #[test]
    fn a_cursor_that_nobody_gave_out_is_refused() {
        for cursor in ["5", "-1", "0", "next", "99999999999999999999999"] {
            assert!(page(Some(cursor), 2).is_err(), "{cursor}");
        }
    }
}
