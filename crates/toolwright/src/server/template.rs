//! URI templates with simple `{variable}`s (RFC 6570, level 1), and the text templates of prompts.

use std::collections::HashMap;

/// A URI template such as `titan://sessions/{session}`.
#[derive(Debug, Clone, Copy)]
pub(super) struct UriTemplate<'a>(&'a str);

impl<'a> UriTemplate<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self(text)
    }

    pub(super) fn has_variables(self) -> bool {
        self.0.contains('{')
    }

    /// The values of the variables, percent-decoded, if the URI is one of this template.
    ///
    /// A value is never empty and holds no `/`, as it stands in the URI.
    pub(super) fn matches(self, uri: &str) -> Option<Vec<(String, String)>> {
        let mut variables = Vec::new();
        let (mut template, mut uri) = (self.0, uri);
        while let Some((literal, rest)) = template.split_once('{') {
            let (name, rest) = rest.split_once('}')?;
            uri = uri.strip_prefix(literal)?;
            let next = rest.split('{').next().unwrap_or(rest);
            let end = if next.is_empty() { uri.len() } else { uri.find(next)? };
            let (value, remaining) = uri.split_at_checked(end)?;
            if value.is_empty() || value.contains('/') {
                return None;
            }
            variables.push((name.to_owned(), percent_decoded(value)?));
            (template, uri) = (rest, remaining);
        }
        (template == uri).then_some(variables)
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        if byte == b'%' {
            let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = tail.get(2..)?;
        } else {
            bytes.push(byte);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

/// Fills in a prompt's template; see [`Prompt::template`](toolwright_catalog::Prompt).
///
/// What a value holds is never read as a template again.
pub(super) fn fill(template: &str, values: &HashMap<&str, &str>) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let Some((tag, after)) = after.split_once("}}") else {
            text.push_str("{{");
            rest = after;
            continue;
        };
        rest = after;
        let tag = tag.trim();
        match tag.split_at_checked(1) {
            Some((kind @ ("#" | "^"), name)) => {
                let (section, tail) = rest.split_once(&format!("{{{{/{name}}}}}")).unwrap_or((rest, ""));
                if values.contains_key(name) == (kind == "#") {
                    text.push_str(&fill(section, values));
                }
                rest = tail;
            }
            _ => text.push_str(values.get(tag).copied().unwrap_or_default()),
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_gives_back_its_variables_decoded() {
        let template = UriTemplate::new("titan://sessions/{session}");
        let found = template.matches("titan://sessions/my%20shop").unwrap();
        assert_eq!(found, [("session".to_owned(), "my shop".to_owned())]);
    }

    #[test]
    fn a_uri_of_another_shape_does_not_match() {
        let template = UriTemplate::new("titan://sessions/{session}/chats/{chat}");
        for uri in
            ["titan://sessions/a", "titan://sessions//chats/b", "titan://sessions/a/chats/b/c", "x", "", "%"]
        {
            assert_eq!(template.matches(uri), None, "{uri}");
        }
        assert_eq!(template.matches("titan://sessions/a/chats/b").unwrap().len(), 2);
    }

    #[test]
    fn broken_percent_encoding_does_not_match() {
        let template = UriTemplate::new("t://{a}");
        for uri in ["t://%", "t://%2", "t://%zz", "t://%ff", "t://%é"] {
            assert_eq!(template.matches(uri), None, "{uri}");
        }
    }

    #[test]
    fn sections_depend_on_whether_a_value_is_given() {
        let template = "Hi {{name}}{{#phone}}, by {{phone}}{{/phone}}{{^phone}}, by QR{{/phone}}.";
        assert_eq!(fill(template, &HashMap::from([("name", "Ana")])), "Hi Ana, by QR.");
        assert_eq!(fill(template, &HashMap::from([("name", "Ana"), ("phone", "+55")])), "Hi Ana, by +55.");
    }

    #[test]
    fn a_value_is_not_read_as_a_template() {
        let values = HashMap::from([("a", "{{b}}"), ("b", "secret")]);
        assert_eq!(fill("{{a}} {{", &values), "{{b}} {{");
    }
}
