//! Documents to files, through the public interface, with real folders.

mod client;
