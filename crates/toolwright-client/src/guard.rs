//! The two guards that keep a request on its operation's path.
//!
//! The first looks at each path argument before the request is made and explains a mistake to whoever made it. The
//! second looks at the final URL and holds whatever the encoding did; a request that fails it is never sent.

mod route;
mod value;

pub(crate) use self::route::check_route;
pub use self::value::{PathValueError, check_path_value};
