//! The vocabulary of Toolwright: what an operation, a scope, an effect, a resource and a prompt are.
//!
//! A [`Catalog`] is everything that was decided, at generation time, about the MCP tools of one API. It is written
//! to `catalog.json` (the reviewable record of the tool surface), read by the macro, and carried into the run time.
//! This crate holds meaning only: it reads no document, makes no names and sends no request.

mod argument;
mod call;
mod catalog;
mod effect;
mod prompt;
mod resource;
mod tool;
mod toolset;

pub use argument::{Argument, Body, Location, Style};
pub use call::{Call, Parameter, Returns, Slot};
pub use catalog::{Api, Catalog, Domain, FORMAT, ParseError, Untooled, is_tool_name};
pub use effect::{Effect, Source};
pub use prompt::{Prompt, PromptArgument};
pub use resource::{Completion, Resource};
pub use tool::{Media, Operation, Response, Tool, Variants};
pub use toolset::{EVERYTHING, Toolset};
