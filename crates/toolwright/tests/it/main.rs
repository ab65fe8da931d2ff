//! Calls of tools, from the arguments to the content, against real HTTP servers.

mod fixture;

mod arguments;
mod budget;
mod build;
mod errors;
mod files;
mod granted;
mod hand_written;
mod media;
mod policy;
mod properties;
mod request;
mod results;
