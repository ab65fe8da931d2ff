//! Serve a Toolwright toolset on stdin and stdout.
