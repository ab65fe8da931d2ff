//! The sandbox over HTTP, as a client of Titan's REST API meets it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests fail by panicking; clippy excuses only test functions"
)]

mod access;
mod api;
mod channels;
mod chats;
mod contacts;
mod groups;
mod labels;
mod media;
mod messages;
mod operations;
mod pairing;
mod people;
mod refusals;
mod sessions;
mod store;
mod typed;
mod webhooks;
