//! What may be called.

use std::net::IpAddr;

use toolwright_client::is_public_address;

/// What may be called.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy {
    /// Whether plain `http` will do, and names that only the local network knows.
    pub(super) is_local: bool,
    /// Whether an address may be connected to.
    pub(super) may_reach: fn(IpAddr) -> bool,
}

impl Policy {
    /// The public internet, by `https`.
    pub(super) const PUBLIC: Self = Self { is_local: false, may_reach: is_public_address };
    /// Everything.
    pub(super) const ANYWHERE: Self = Self { is_local: true, may_reach: |_| true };
}
