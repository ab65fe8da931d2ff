//! Flags that could have no effect: whoever writes one means it. Variables and files may be there for other starts.

use super::Settings;

/// What is for the sandbox only.
const OF_SANDBOX: [&str; 3] = ["data", "sandbox_port", "sandbox_allow_private"];

impl Settings {
    /// What is wrong with the flags beside the other settings, and which to drop.
    pub(super) fn conflicts(&self) -> Vec<String> {
        if !self.flag("sandbox") {
            let idle = OF_SANDBOX.into_iter().filter(|key| self.is_flag(key)).map(|key| self.place(key));
            return idle
                .map(|flag| {
                    format!("{flag} is for the sandbox, which is not in use: add --sandbox, or drop {flag}")
                })
                .collect();
        }
        if !self.is_flag("base_url") {
            return Vec::new();
        }
        let (url, sandbox) = (self.place("base_url"), self.place("sandbox"));
        vec![format!(
            "{url} and {sandbox} exclude each other: drop {url} to use the simulated API, or {sandbox} to use the API at \
             that address"
        )]
    }
}
