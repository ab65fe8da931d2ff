//! The two protocol eras: handshake (up to 2025-11-25) and stateless (from 2026-07-28).

use rmcp::RoleServer;
use rmcp::model::{DiscoverResult, MetaObject, ServerConfig};
use rmcp::service::RequestContext;

/// Whether the request is of the stateless era, whose results carry cache hints and say who answered.
pub(super) fn is_stateless(request: &RequestContext<RoleServer>) -> bool {
    request.protocol_version().is_some_and(|version| !version.has_initialize())
}

/// The `_meta` that tells who answered, as the library itself writes it into a discovery result.
pub(super) fn server_info_meta(config: &ServerConfig) -> MetaObject {
    DiscoverResult::from_server_info(Vec::new(), config.clone()).meta.unwrap_or_default()
}
