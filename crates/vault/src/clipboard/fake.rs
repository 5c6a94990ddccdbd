//! A clipboard for the unit tests, which obeys or not, and which others use at the wrong moment.

use std::cell::RefCell;
use std::rc::Rc;

use super::{ClipboardError, SystemClipboard};
use crate::SecretString;

/// What lies on the clipboard, and whether it will obey.
#[derive(Default)]
pub(super) struct Desk {
    pub(super) text: Option<String>,
    /// Another program copies this right before the next step of ours.
    pub(super) intruder: Option<String>,
    pub(super) refuses_writes: bool,
    pub(super) refuses_reads: bool,
    pub(super) refuses_clears: bool,
}

#[derive(Clone, Default)]
pub(super) struct FakeClipboard(pub(super) Rc<RefCell<Desk>>);

impl FakeClipboard {
    fn intrude(&self) {
        let mut desk = self.0.borrow_mut();
        if let Some(text) = desk.intruder.take() {
            desk.text = Some(text);
        }
    }

    pub(super) fn text(&self) -> Option<String> {
        self.0.borrow().text.clone()
    }
}

impl SystemClipboard for FakeClipboard {
    fn write_secret(&mut self, secret: &SecretString) -> Result<(), ClipboardError> {
        if self.0.borrow().refuses_writes {
            return Err(ClipboardError::Busy);
        }
        self.0.borrow_mut().text = Some(secret.expose().clone());
        Ok(())
    }

    fn read(&mut self) -> Result<Option<SecretString>, ClipboardError> {
        self.intrude();
        if self.0.borrow().refuses_reads {
            return Err(ClipboardError::TimedOut);
        }
        Ok(self.text().map(SecretString::from))
    }

    fn clear_if(&mut self, is_ours: &dyn Fn(&str) -> bool) -> Result<bool, ClipboardError> {
        self.intrude();
        let mut desk = self.0.borrow_mut();
        if desk.refuses_clears {
            return Err(ClipboardError::Failed);
        }
        let ours = desk.text.as_deref().is_some_and(is_ours);
        if ours {
            desk.text = None;
        }
        Ok(ours)
    }
}
