//! The id of a request whose line is too long to be kept.

#[cfg(test)]
mod tests;

use rmcp::model::RequestId;

/// The most bytes of a member of the message that are kept. An id that is longer is not found.
const MEMBER_BYTES: usize = 1024;

/// Follows the structure of a JSON object byte by byte, and keeps its `id` and nothing else.
///
/// Clients write the id where they like: many write it last, behind the arguments. So the whole line is followed, in
/// memory that does not grow with it.
#[derive(Debug, Default)]
pub(crate) struct RequestIdFinder {
    /// How many objects and arrays are open.
    depth: u64,
    in_string: bool,
    /// Whether the byte before was a backslash in a string.
    is_escaped: bool,
    /// The member of the message that is being read, up to a limit.
    member: Vec<u8>,
    id: Option<RequestId>,
    has_method: bool,
}

impl RequestIdFinder {
    /// Reads the next bytes of the line.
    pub(crate) fn read(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.read_byte(*byte);
        }
    }

    /// The id, where the line was a request. The id of an answer is not for answering: it is one of our own.
    pub(crate) fn finish(self) -> Option<RequestId> {
        self.id.filter(|_| self.has_method)
    }

    fn read_byte(&mut self, byte: u8) {
        let depth = self.depth;
        if self.in_string {
            self.in_string = self.is_escaped || byte != b'"';
            self.is_escaped = !self.is_escaped && byte == b'\\';
        } else {
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth = depth.saturating_sub(1),
                b',' if depth == 1 => return self.end_member(),
                _ => {}
            }
        }
        match (depth, self.depth) {
            (0, _) => {}
            (_, 0) => self.end_member(),
            // One byte over the limit shows that the member is longer.
            _ if self.member.len() <= MEMBER_BYTES => self.member.push(byte),
            _ => {}
        }
    }

    fn end_member(&mut self) {
        if let Some(value) = value_of(&self.member, b"\"id\"")
            && self.member.len() <= MEMBER_BYTES
        {
            self.id = serde_json::from_slice(value).ok();
        } else if value_of(&self.member, b"\"method\"").is_some() {
            self.has_method = true;
        }
        self.member.clear();
    }
}

/// The value of a member, if this is its name in quotation marks.
fn value_of<'a>(member: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    member.trim_ascii_start().strip_prefix(name)?.trim_ascii_start().strip_prefix(b":")
}
