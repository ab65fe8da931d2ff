//! Client tokens: what the browser or app of an end user may do through one session, and how often.
//!
//! A token says who the end user is and for which session it was made. What it may do stands in the session's rules,
//! which are looked at with every request, so that a change holds for the tokens that are already out.

mod rules;
mod token;
mod usage;

pub(crate) use rules::{Rules, delete, get, set};
pub(crate) use token::{Order, PREFIX, Visitor, mint, verify};
pub(crate) use usage::{release, reserve};
