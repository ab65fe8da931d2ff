//! Documents to files, through the public interface, with real folders.

mod api;
mod client;
mod files;
mod generate;
mod join;
mod signatures;
