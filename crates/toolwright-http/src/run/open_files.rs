//! How many connections the process has files for.

/// So many connections, or as many as fit: an eighth of the files that may be open is left for other needs, such as
/// connections to the API. The soft limit is raised to the hard one, as it stands low only for the sake of `select`.
#[cfg(unix)]
pub(super) fn room_for(connections: usize) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::debug!(%error, "the limit of open files could not be raised");
        }
    }
    let Some(files) = getrlimit(Resource::Nofile).current else { return connections.max(1) };
    let files = usize::try_from(files).unwrap_or(usize::MAX);
    let room = (files - files / 8).max(1);
    if room < connections {
        tracing::warn!(
            files,
            connections = room,
            "fewer connections than configured: too few files may be open"
        );
    }
    connections.clamp(1, room)
}

/// So many connections.
#[cfg(not(unix))]
pub(super) fn room_for(connections: usize) -> usize {
    connections.max(1)
}
