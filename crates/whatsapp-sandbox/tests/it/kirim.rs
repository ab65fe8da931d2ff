//! Kirim's REST API.

mod api;
mod conversations;
mod gate;
mod isolation;
mod pages;
mod records;
mod restart;
mod sending;
mod templates;
mod webhooks;
