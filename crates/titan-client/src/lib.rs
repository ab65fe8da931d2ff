//! A typed Rust client of the Titan WhatsApp REST API.
