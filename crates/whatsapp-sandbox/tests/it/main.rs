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
mod client_tokens;
mod commands;
mod contacts;
mod control;
mod copies;
mod deliveries;
mod durable;
mod gate;
mod groups;
mod idempotency;
mod keys;
mod killed;
mod kirim;
mod labels;
mod media;
mod messages;
mod operations;
mod page;
mod pairing;
mod people;
mod process;
mod receiver;
mod refusals;
mod rules;
mod sessions;
mod slow;
mod store;
mod typed;
mod web;
mod webhooks;
mod widget;
