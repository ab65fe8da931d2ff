//! URI templates with simple `{variable}`s (RFC 6570, level 1), and the text templates of prompts.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;

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
            let value = percent_decode_str(value).decode_utf8().ok()?;
            variables.push((name.to_owned(), value.into_owned()));
            (template, uri) = (rest, remaining);
        }
        (template == uri).then_some(variables)
    }
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
    fn a_percent_sign_that_encodes_nothing_stands_for_itself() {
        let template = UriTemplate::new("t://{a}");
        for value in ["%", "100%", "%2", "%zz", "%é"] {
            let found = template.matches(&format!("t://{value}")).unwrap();
            assert_eq!(found, [("a".to_owned(), value.to_owned())]);
        }
    }

    #[test]
    fn what_decodes_to_no_text_does_not_match() {
        assert_eq!(UriTemplate::new("t://{a}").matches("t://%ff"), None);
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
