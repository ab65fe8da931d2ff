//! Holding back too much: of what one request carries, of what one caller does, and of what all do at once.

mod admission;
mod body;
mod held;
mod rates;

pub use admission::{Admission, Permit};
pub use body::read_body;
pub use held::Held;
pub use rates::{RateHeaders, Rates};
