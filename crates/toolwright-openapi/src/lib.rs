//! An `OpenAPI` document and its overlay in, a checked catalog and a client-ready document out.
//!
//! [`Source::read`] reads the folder of an API, [`lower`] decides everything about its tools, and reports every mistake
//! of the document in one run. What comes out, [`Lowered`], lacks only how the typed client is called, which nobody
//! knows before the client is generated; [`Lowered::into_catalog`] takes that and gives the catalog.
//!
//! Everything but [`Source::read`] works on values alone.

pub mod client_document;
mod credential_headers;
mod diagnostic;
mod document;
mod hash;
mod lower;
mod lowered;
mod media_type;
pub mod naming;
mod node;
mod overlay;
mod schema;
mod served;
mod source;
mod x_mcp;

pub use diagnostic::{Diagnostic, Diagnostics, Note, Place, Spot};
pub use lower::lower;
pub use lowered::{JoinError, Lowered, LoweredTool};
pub use served::served_document;
pub use source::{PromptFile, Source};
