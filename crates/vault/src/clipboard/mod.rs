//! The clipboard for secrets: marked so that histories skip it, checked before success is
//! reported, cleared after a delay and on quit, and never at the cost of what someone else copied.
//!
//! Deliberately not here: copying what is no secret, the primary selection of X11, and memory of
//! the copied value.

use std::time::{Duration, Instant};

#[cfg(test)]
mod fake;
mod fingerprint;
mod handle;
mod keeper;
mod system;
#[cfg(target_os = "linux")]
mod x11;

pub use handle::SecretClipboard;
pub use system::{DesktopClipboard, SystemClipboard};

/// How long a copied secret may stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClearAfter {
    /// Cleared after so many seconds; less than 10 counts as 10, more than 120 as 120.
    Seconds(u8),
    /// Stays until it is replaced or the app quits.
    Never,
}

impl ClearAfter {
    /// The delay within its bounds.
    pub fn delay(self) -> Option<Duration> {
        match self {
            Self::Seconds(seconds) => Some(Duration::from_secs(seconds.clamp(10, 120).into())),
            Self::Never => None,
        }
    }
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

/// Why a secret is not on the clipboard. The text is a stable English label.
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
    /// Something else was on the clipboard, or nothing, and stays so.
    LeftAlone,
    /// It may still be there, and will be tried again: soon, on request, and on quit.
    Failed,
}

/// What the window shows of the clipboard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClipboardState {
    /// The copy that is being counted down, or waits to be replaced.
    pub active: Option<ActiveCopy>,
    /// How the copy before ended; `None` while one is active.
    pub last: Option<ClearOutcome>,
}
