//! Parameters of sessions in the memory of this process.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

use super::{MAX_SESSION_BYTES, SESSION_TTL, SharedError};

/// How many sessions are kept. The one that would be forgotten first makes room for another.
const MOST: usize = 10_000;

#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<HashMap<String, Session>>);

#[derive(Debug)]
struct Session {
    parameters: Vec<u8>,
    ends: Instant,
}

impl Sessions {
    pub(super) fn load(&self, id: &str) -> Option<Vec<u8>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let session = kept.get_mut(id).filter(|session| session.ends > now)?;
        session.ends = now + SESSION_TTL;
        Some(session.parameters.clone())
    }

    pub(super) fn store(&self, id: &str, parameters: Vec<u8>) -> Result<(), SharedError> {
        if parameters.len() > MAX_SESSION_BYTES {
            return Err(SharedError::TooLarge(parameters.len()));
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST && !kept.contains_key(id) {
            make_room(&mut kept);
        }
        kept.insert(id.to_owned(), Session { parameters, ends: Instant::now() + SESSION_TTL });
        Ok(())
    }

    pub(super) fn delete(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }
}

fn make_room(kept: &mut HashMap<String, Session>) {
    let now = Instant::now();
    kept.retain(|_, session| session.ends > now);
    if kept.len() < MOST {
        return;
    }
    let first = kept.iter().min_by_key(|(_, session)| session.ends).map(|(id, _)| id.clone());
    if let Some(first) = first {
        kept.remove(&first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_session_ends_when_it_is_not_taken_up_and_the_oldest_makes_room() {
        let sessions = Sessions::default();
        sessions.store("old", b"1".to_vec()).unwrap();
        tokio::time::advance(SESSION_TTL / 2).await;
        assert_eq!(sessions.load("old").as_deref(), Some(&b"1"[..]));
        tokio::time::advance(SESSION_TTL * 3 / 4).await;
        assert_eq!(sessions.load("old").as_deref(), Some(&b"1"[..]));
        tokio::time::advance(SESSION_TTL).await;
        assert_eq!(sessions.load("old"), None);

        for number in 0..MOST {
            sessions.store(&format!("of {number}"), Vec::new()).unwrap();
            tokio::time::advance(std::time::Duration::from_millis(1)).await;
        }
        assert!(sessions.load("of 0").is_some());
        sessions.store("one more", Vec::new()).unwrap();
        assert_eq!(sessions.load("of 1"), None);
        assert!(sessions.load("of 0").is_some() && sessions.load("one more").is_some());
        assert_eq!(sessions.0.lock().unwrap().len(), MOST);
    }
}
