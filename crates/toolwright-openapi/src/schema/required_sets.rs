//! Sets of members of which one must be given: `oneOf` or `anyOf` whose branches say nothing but `required`.

use serde_json::{Map, Value};

use super::{Schema, texts};

/// Sets of members, of which exactly one or at least one must be given in full.
#[derive(Debug)]
pub(crate) struct RequiredSets {
    keyword: &'static str,
    sets: Vec<Vec<String>>,
}

impl RequiredSets {
    /// Reads the branches; nothing where one of them says more, or less, than which members must be given.
    pub(crate) fn read(keyword: &'static str, branches: &[Schema]) -> Option<Self> {
        let sets = branches.iter().map(|branch| {
            let says_more = |key: &String| !matches!(key.as_str(), "required" | "type" | "description");
            let set: Vec<String> = texts(branch, "required").map(str::to_owned).collect();
            (!set.is_empty() && !branch.keys().any(says_more)).then_some(set)
        });
        Some(Self { keyword, sets: sets.collect::<Option<_>>()? })
    }

    /// Every member that a set names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.sets.iter().flatten().map(String::as_str)
    }

    /// The condition in words, without a final dot: `exactly one of: url, base64`.
    pub(crate) fn in_words(&self) -> String {
        let how_many = if self.keyword == "oneOf" { "exactly one" } else { "at least one" };
        let sets: Vec<String> = self.sets.iter().map(|set| set.join(" with ")).collect();
        format!("{how_many} of: {}", sets.join(", "))
    }

    /// Says the condition in the description of each member that it is about, since no argument tells the cases apart.
    pub(crate) fn describe(&self, properties: &mut Schema) {
        for name in self.names() {
            let property = properties.entry(name).or_insert_with(|| Value::Object(Map::new()));
            let Value::Object(property) = property else { continue };
            let described = property.get("description").and_then(Value::as_str).unwrap_or_default();
            let sentence = format!("Give {}.", self.in_words());
            if described.ends_with(&sentence) {
                continue;
            }
            let dot = if described.is_empty() || described.ends_with(['.', '!', '?']) { "" } else { "." };
            let text = format!("{described}{dot} {sentence}");
            property.insert("description".to_owned(), Value::from(text.trim()));
        }
    }

    /// The condition as a schema of an object whose members have other names; nothing where one of them has none.
    pub(crate) fn condition<'n>(&self, name_of: impl Fn(&str) -> Option<&'n str>) -> Option<Schema> {
        let branch = |set: &Vec<String>| {
            let names: Option<Vec<&str>> = set.iter().map(|name| name_of(name)).collect();
            Some(Value::Object(Map::from_iter([("required".to_owned(), Value::from(names?))])))
        };
        let branches: Option<Vec<Value>> = self.sets.iter().map(branch).collect();
        Some(Map::from_iter([(self.keyword.to_owned(), Value::Array(branches?))]))
    }
}
