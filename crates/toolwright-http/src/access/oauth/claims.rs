//! What a token says, once its signature and its times are known to be right.

use serde::Deserialize;
use serde_json::Value;
use toolwright::Granted;

use super::TokenProblem;
use crate::Fingerprint;

/// The claims that matter. Their kinds are checked where they are used, so that each problem has a name.
#[derive(Deserialize)]
pub(super) struct Claims {
    #[serde(default)]
    iss: Value,
    #[serde(default)]
    sub: Value,
    #[serde(default)]
    client_id: Value,
    #[serde(default)]
    azp: Value,
    #[serde(default)]
    scope: Value,
    #[serde(default)]
    scp: Value,
}

/// Who a token stands for.
pub(in crate::access) struct Subject {
    pub(in crate::access) fingerprint: Fingerprint,
    pub(in crate::access) granted: Granted,
}

impl Claims {
    pub(super) fn subject(&self, issuer: &str) -> Result<Subject, TokenProblem> {
        if self.iss.as_str() != Some(issuer) {
            return Err(TokenProblem::Claim("iss"));
        }
        // Some servers give a program that acts for itself no subject.
        let names = [("subject", &self.sub), ("client", &self.client_id), ("client", &self.azp)];
        let mut known = names.into_iter().filter_map(|(kind, name)| Some((kind, name.as_str()?)));
        let (kind, name) = known.find(|(_, name)| !name.is_empty()).ok_or(TokenProblem::Claim("sub"))?;
        let fingerprint = Fingerprint::of(kind, &format!("{issuer}\0{name}"));
        Ok(Subject { fingerprint, granted: self.granted() })
    }

    /// The scopes of the token, `*` and `domain:*` included. Those that mean nothing here, such as `openid`, do no harm;
    /// what is no scope at all is left out.
    fn granted(&self) -> Granted {
        let claim = if self.scope.is_null() { &self.scp } else { &self.scope };
        let words: Vec<&str> = match claim {
            Value::String(text) => text.split_ascii_whitespace().collect(),
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        // Commas and spaces separate scopes elsewhere, but here they would make two of one.
        let is_one =
            |word: &&str| !word.contains([',', ' ', '\t', '\n', '\r']) && word.parse::<Granted>().is_ok();
        let words: Vec<&str> = words.into_iter().filter(is_one).collect();
        words.join(" ").parse().unwrap_or_default()
    }
}
