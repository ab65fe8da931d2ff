//! What can be replaced while a server runs.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crate::access::Access;

/// Who may call, as it is now. Clones are of the same server: replacing it in one replaces it in all.
#[derive(Clone)]
pub struct CurrentAccess(Arc<RwLock<Arc<Access>>>);

impl CurrentAccess {
    /// Requests from now on are judged by this. Those that have begun go on.
    pub fn replace(&self, access: Access) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(access);
    }

    /// As it is now.
    pub fn get(&self) -> Arc<Access> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl From<Access> for CurrentAccess {
    fn from(access: Access) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(access))))
    }
}

impl fmt::Debug for CurrentAccess {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(formatter)
    }
}
