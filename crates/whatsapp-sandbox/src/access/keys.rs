//! The keys that a sandbox has from the start. They are published with it, so at an address that other machines reach
//! they open nothing, and keys that are drawn at the start stand in for them.

use super::key::digest;
use crate::entropy::Entropy;
use crate::seed::{FULL_KEY, KIRIM_KEY, MASTER_KEY, MESSAGES_KEY, OTHER_KIRIM_KEY, READ_ONLY_KEY};

const PUBLISHED: [&str; 6] = [FULL_KEY, MASTER_KEY, READ_ONLY_KEY, MESSAGES_KEY, KIRIM_KEY, OTHER_KIRIM_KEY];

/// The keys that open a sandbox from the start.
pub(crate) struct Keys {
    is_drawn: bool,
    full: String,
    master: String,
    kirim: String,
}

impl Keys {
    /// Those that everybody knows, for a sandbox that nobody else reaches.
    pub(crate) fn published() -> Self {
        let [full, master, kirim] = [FULL_KEY, MASTER_KEY, KIRIM_KEY].map(str::to_owned);
        Self { is_drawn: false, full, master, kirim }
    }

    /// New ones, which the operating system draws.
    pub(crate) fn drawn() -> Self {
        let entropy = Entropy::from_system();
        Self {
            is_drawn: true,
            full: format!("titan_{}", entropy.token()),
            master: format!("titan_master_{}", entropy.token()),
            kirim: format!("kdv_live_{}", entropy.kirim_secret()),
        }
    }

    pub(crate) fn full(&self) -> &str {
        &self.full
    }

    pub(crate) fn master(&self) -> &str {
        &self.master
    }

    pub(crate) fn kirim(&self) -> &str {
        &self.kirim
    }

    /// The key of the store that a secret stands for: a published one for a drawn one, none for a published one that opens
    /// nothing here, and itself for any other.
    pub(crate) fn stands_for(&self, secret: String) -> Option<String> {
        if !self.is_drawn {
            return Some(secret);
        }
        let given = digest(&secret);
        let own = [(&self.full, FULL_KEY), (&self.master, MASTER_KEY), (&self.kirim, KIRIM_KEY)];
        if let Some((_, known)) = own.iter().find(|(own, _)| digest(own) == given) {
            return Some((*known).to_owned());
        }
        let is_published = PUBLISHED.iter().any(|it| digest(it) == given);
        (!is_published).then_some(secret)
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Keys")
    }
}
