//! JSON pointers (RFC 6901), one segment at a time.

/// The pointer from a value to its member of this name.
pub(crate) fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The name that a segment of a pointer stands for.
pub(crate) fn segment_name(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}
