//! A server that stands in for another one, so that what was set up for that one goes on working.

use toolwright_http::passed::Passed;
use toolwright_http::plain::ReadArguments;

/// What a server that stands in for another one does as that one does. All of it is on from the start, and each of its
/// parts can be set otherwise.
#[derive(Debug, Clone, Copy)]
pub struct DropIn {
    /// The environment variables for the host and the port of `listen`, where it is not set itself.
    pub address_variables: Option<(&'static str, &'static str)>,
    /// Whether the API asks for no key.
    pub keyless: bool,
    /// The version that clients are told: the one of the server that is stood in for. `--version` tells the program's own.
    pub version: &'static str,
    /// How the arguments of plain clients are read.
    pub arguments: ReadArguments,
    /// The routes of the API that are passed on to it.
    pub routes: &'static [Passed],
}
