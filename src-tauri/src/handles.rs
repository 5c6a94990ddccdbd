//! What waits in Rust for the page's next step, under a number: a pasted request, a chosen
//! picture, a key that was just made. The page holds the number, never the thing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Things by handle. Holds only the newest few, so that a page that forgets to close cannot
/// make it grow.
pub struct Handles<T> {
    inner: Mutex<Inner<T>>,
}

struct Inner<T> {
    next: u32,
    things: HashMap<u32, Arc<T>>,
}

/// More than any screen has open at once.
const MOST: u32 = 8;

impl<T> Default for Handles<T> {
    fn default() -> Self {
        Self {
            inner: Mutex::new(Inner {
                next: 1,
                things: HashMap::new(),
            }),
        }
    }
}

impl<T> Handles<T> {
    /// Keeps a thing and names it.
    pub fn keep(&self, thing: T) -> u32 {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let handle = inner.next;
        inner.next = inner.next.wrapping_add(1);
        inner.things.insert(handle, Arc::new(thing));
        let oldest = handle.saturating_sub(MOST);
        inner.things.retain(|&kept, _| kept > oldest);
        handle
    }

    /// The thing under a handle, if it is still there.
    pub fn get(&self, handle: u32) -> Option<Arc<T>> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.things.get(&handle).cloned()
    }

    /// Drops everything that is not to be kept.
    pub fn retain(&self, keep: impl Fn(&T) -> bool) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.things.retain(|_, thing| keep(thing));
    }

    /// Drops a thing.
    pub fn close(&self, handle: u32) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.things.remove(&handle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_few_are_kept_and_a_closed_one_is_dropped() {
        let handles = Handles::default();
        let all: Vec<_> = (0..20).map(|number| handles.keep(number)).collect();
        assert!(handles.get(all[0]).is_none());
        assert_eq!(*handles.get(all[19]).unwrap(), 19);
        handles.close(all[19]);
        assert!(handles.get(all[19]).is_none());
        assert!(handles.get(all[18]).is_some());
    }
}
