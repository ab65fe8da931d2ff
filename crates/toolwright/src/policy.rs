//! Which tools a server offers, whoever asks: toolset, include and exclude patterns, domains, read-only; and which of
//! them need the consent of the user.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use toolwright_catalog::{self as catalog, Catalog, EVERYTHING, Effect};

use crate::Tool;
use crate::nearest::{did_you_mean, nearest};

/// The choice that the person who runs a server makes. What it leaves out is neither listed nor called.
///
/// Scopes are not part of it: they belong to the caller ([`Granted`](crate::Granted)).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// Only tools that match one of these. Empty: all.
    pub include: Vec<Pattern>,
    /// No tool that matches one of these, even where `include` has it.
    pub exclude: Vec<Pattern>,
    /// Only tools of these domains. Empty: all.
    pub domains: Vec<String>,
    /// Only tools of this set, which the document names; `full` for all tools. Where nothing is said, the document's
    /// default set, if it has one and neither `include` nor `domains` chooses.
    pub toolset: Option<String>,
    /// Only tools that change nothing.
    pub read_only: bool,
    /// Tools that match one of these run only after the user has agreed to the call, which the client is asked for. Where
    /// the client cannot be asked, they do not run.
    pub confirm: Vec<Pattern>,
}

/// Tool names, with `*` for any run of characters: `groups_*`, `*_delete`, `messages_send`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// Whether a tool's name fits.
    pub fn matches(&self, name: &str) -> bool {
        let Some((head, tail)) = self.0.split_once('*') else { return self.0 == name };
        let Some(mut rest) = name.strip_prefix(head) else { return false };
        let mut parts = tail.split('*').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                return rest.ends_with(part);
            }
            let Some(found) = rest.find(part) else { return false };
            rest = &rest[found + part.len()..];
        }
        true
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Pattern {
    fn from(text: &str) -> Self {
        Self(text.trim().to_owned())
    }
}

impl FromStr for Pattern {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Why a policy leaves a tool out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// An exclude pattern matches it.
    Excluded(Pattern),
    /// No include pattern matches it.
    NotIncluded,
    /// Its domain is not among those chosen.
    OtherDomain(String),
    /// It does not belong to the toolset that is served, of this name.
    OtherToolset(String),
    /// It changes something, and only reading is allowed.
    NotReadOnly(Effect),
    /// It runs only with the user's consent, and the client cannot be asked for it.
    NoConsent,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Excluded(pattern) => write!(formatter, "it is excluded by `{pattern}`"),
            Self::NotIncluded => formatter.write_str("it is not among the tools that are included"),
            Self::OtherDomain(domain) => write!(formatter, "its domain `{domain}` is switched off"),
            Self::OtherToolset(toolset) => write!(
                formatter,
                "it does not belong to the toolset `{toolset}`, which is what this server offers"
            ),
            Self::NotReadOnly(effect) => {
                write!(formatter, "its effect is `{}` and this server is read-only", effect.as_str())
            }
            Self::NoConsent => formatter.write_str(
                "the user has to agree first, and this client has no way to ask (it does not support elicitation here)",
            ),
        }
    }
}

/// A pattern or domain of a policy that matches nothing, so that it cannot be what was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    text: String,
    remedy: String,
}

impl fmt::Display for Unmatched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.text, self.remedy)
    }
}

impl Policy {
    /// All tools, whatever toolset is the default of the document.
    pub fn everything() -> Self {
        Self { toolset: Some(EVERYTHING.to_owned()), ..Self::default() }
    }

    /// The set of the document that is chosen, by name or for want of another choice; `None` for all tools.
    pub(crate) fn chosen_toolset<'c>(&self, catalog: &'c Catalog) -> Option<&'c catalog::Toolset> {
        match &self.toolset {
            Some(name) => catalog.toolsets.iter().find(|toolset| toolset.name == *name),
            None if self.include.is_empty() && self.domains.is_empty() => {
                catalog.toolsets.iter().find(|toolset| toolset.default)
            }
            None => None,
        }
    }

    /// Why the tool is left out; `None` where it is offered. A hand-written tool that names no domain belongs to every
    /// toolset: whoever adds it wants it there.
    pub(crate) fn refusal(&self, tool: &Tool, toolset: Option<&catalog::Toolset>) -> Option<Refusal> {
        if let Some(pattern) = self.exclude.iter().find(|pattern| pattern.matches(&tool.name)) {
            return Some(Refusal::Excluded(pattern.clone()));
        }
        if !self.include.is_empty() && !self.include.iter().any(|pattern| pattern.matches(&tool.name)) {
            return Some(Refusal::NotIncluded);
        }
        if !self.domains.is_empty() && !self.domains.contains(&tool.domain) {
            return Some(Refusal::OtherDomain(tool.domain.clone()));
        }
        let lacks = |toolset: &&catalog::Toolset| !toolset.domains.contains(&tool.domain);
        if let Some(toolset) = toolset.filter(lacks).filter(|_| !tool.domain.is_empty()) {
            return Some(Refusal::OtherToolset(toolset.name.clone()));
        }
        if self.read_only && tool.effect != Effect::Read {
            return Some(Refusal::NotReadOnly(tool.effect));
        }
        None
    }

    /// Whether the tool runs only with the user's consent, as far as this policy goes.
    pub fn wants_consent(&self, tool: &Tool) -> bool {
        self.confirm.iter().any(|pattern| pattern.matches(&tool.name))
    }

    /// The patterns and domains that match no tool, and the toolset that the document does not name.
    pub(crate) fn unmatched(&self, tools: &[Tool], catalog: &Catalog) -> Vec<Unmatched> {
        let domains = &catalog.domains;
        let names = || tools.iter().map(|tool| tool.name.as_str());
        let families: BTreeSet<String> =
            names().filter_map(|name| Some(format!("{}_*", name.split_once('_')?.0))).collect();
        // A pattern is like another pattern, a name like another name.
        let near = |pattern: &Pattern| match pattern.as_str() {
            text if text.contains('*') => nearest(text, families.iter().map(String::as_str)),
            text => nearest(text, names()),
        };
        let patterns = self.include.iter().chain(&self.exclude).chain(&self.confirm);
        let mut unmatched: Vec<Unmatched> = patterns
            .filter(|pattern| !names().any(|name| pattern.matches(name)))
            .map(|pattern| Unmatched {
                text: format!("`{pattern}` matches no tool"),
                remedy: did_you_mean(&near(pattern)),
            })
            .collect();
        unmatched.extend(self.unknown_toolset(catalog));
        for domain in &self.domains {
            if tools.iter().any(|tool| tool.domain == *domain) {
                continue;
            }
            let known = domains.iter().any(|known| known.name == *domain);
            unmatched.push(if known {
                Unmatched {
                    text: format!("domain `{domain}` has no tools in this build"),
                    remedy: "; its Cargo feature is off, or none of its operations is a tool".to_owned(),
                }
            } else {
                let near = nearest(domain, domains.iter().map(|known| known.name.as_str()));
                let remedy = if near.is_empty() {
                    let all: Vec<&str> = domains.iter().map(|known| known.name.as_str()).collect();
                    format!("; there are {}", all.join(", "))
                } else {
                    did_you_mean(&near)
                };
                Unmatched { text: format!("there is no domain `{domain}`"), remedy }
            });
        }
        unmatched
    }

    fn unknown_toolset(&self, catalog: &Catalog) -> Option<Unmatched> {
        let name = self.toolset.as_ref()?;
        let known = || catalog.toolsets.iter().map(|toolset| toolset.name.as_str()).chain([EVERYTHING]);
        if known().any(|known| known == name) {
            return None;
        }
        let all: Vec<String> = known().map(|known| format!("`{known}`")).collect();
        let remedy = format!("; there {} {}", if all.len() == 1 { "is" } else { "are" }, all.join(", "));
        Some(Unmatched { text: format!("there is no toolset `{name}`"), remedy })
    }
}
