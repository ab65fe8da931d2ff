//! What a caller may do: the scopes that were granted.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// The scopes that a caller was granted.
///
/// `*` grants everything and `domain:*` everything in one domain. Nothing else is a wildcard, no scope implies
/// another, and what is not granted is refused. A tool that needs no scope is always allowed.
///
/// ```
/// use toolwright::Granted;
///
/// let granted: Granted = "groups:read, messages:*".parse()?;
/// assert!(granted.allows(&["groups:read", "messages:write"]));
/// assert_eq!(granted.missing(&["groups:manage"]), ["groups:manage"]);
/// # Ok::<(), toolwright::granted::GrantedError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Granted {
    everything: bool,
    domains: BTreeSet<String>,
    scopes: BTreeSet<String>,
}

impl Granted {
    /// Every scope.
    pub fn all() -> Self {
        Self { everything: true, ..Self::default() }
    }

    /// No scope.
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether all of these scopes are granted.
    pub fn allows<S: AsRef<str>>(&self, scopes: &[S]) -> bool {
        scopes.iter().all(|scope| self.has(scope.as_ref()))
    }

    /// The scopes among these that are not granted.
    pub fn missing<'a, S: AsRef<str>>(&self, scopes: &'a [S]) -> Vec<&'a str> {
        scopes.iter().map(AsRef::as_ref).filter(|scope| !self.has(scope)).collect()
    }

    /// What both grant: a scope that each of the two allows, and no other.
    ///
    /// ```
    /// use toolwright::Granted;
    ///
    /// let caller: Granted = "groups:* messages:read".parse()?;
    /// let server: Granted = "groups:read messages:*".parse()?;
    /// assert_eq!(caller.and(&server), "groups:read messages:read".parse()?);
    /// assert_eq!(caller.and(&Granted::all()), caller);
    /// # Ok::<(), toolwright::granted::GrantedError>(())
    /// ```
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        match (self.everything, other.everything) {
            (true, _) => other.clone(),
            (_, true) => self.clone(),
            _ => {
                let own = self.scopes.iter().filter(|scope| other.has(scope));
                let its = other.scopes.iter().filter(|scope| self.has(scope));
                let domains = self.domains.intersection(&other.domains).cloned().collect();
                Self { everything: false, domains, scopes: own.chain(its).cloned().collect() }
            }
        }
    }

    fn has(&self, scope: &str) -> bool {
        self.everything
            || self.scopes.contains(scope)
            || scope.split_once(':').is_some_and(|(domain, _)| self.domains.contains(domain))
    }
}

impl FromStr for Granted {
    type Err = GrantedError;

    /// Reads scopes separated by spaces or commas. The empty text grants nothing.
    fn from_str(text: &str) -> Result<Self, GrantedError> {
        let mut granted = Self::none();
        for scope in text.split([' ', ',', '\t', '\n', '\r']).filter(|scope| !scope.is_empty()) {
            match scope.split_once(':') {
                _ if scope == "*" => granted.everything = true,
                Some((domain, "*")) if !domain.is_empty() && !domain.contains('*') => {
                    granted.domains.insert(domain.to_owned());
                }
                _ if scope.contains('*') || scope.chars().any(char::is_control) => {
                    return Err(GrantedError { scope: scope.escape_debug().to_string() });
                }
                _ => {
                    granted.scopes.insert(scope.to_owned());
                }
            }
        }
        Ok(granted)
    }
}

impl fmt::Display for Granted {
    /// The scopes separated by spaces, in the form that is read.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let everything = self.everything.then(|| "*".to_owned());
        let domains = self.domains.iter().map(|domain| format!("{domain}:*"));
        let scopes: Vec<String> =
            everything.into_iter().chain(domains).chain(self.scopes.iter().cloned()).collect();
        formatter.write_str(&scopes.join(" "))
    }
}

/// A text that is no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{scope}` is no scope: write a scope such as `groups:read`, a whole domain as `groups:*`, or `*` for everything"
)]
pub struct GrantedError {
    scope: String,
}
