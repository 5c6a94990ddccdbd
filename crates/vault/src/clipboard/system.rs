//! The system's clipboard, reduced to what a secret needs.
//!
//! Deliberately not here: when to clear, and what counts as ours (`keeper`).

use std::borrow::Cow;

use super::ClipboardError;
use crate::SecretString;

/// A clipboard, used from one thread.
pub trait SystemClipboard {
    /// Puts the text there, marked so that histories, cloud copies and monitors skip it.
    fn write_secret(&mut self, secret: &SecretString) -> Result<(), ClipboardError>;

    /// The text that is there; `None` if there is none, or something else.
    fn read(&mut self) -> Result<Option<SecretString>, ClipboardError>;

    /// Empties the clipboard if `is_ours` says so of the text that is there, and answers whether
    /// it did. What another program puts there meanwhile survives where the system has a way to
    /// make sure: on X11, and on Windows, where the clipboard is held open. On Wayland and macOS
    /// a moment remains between look and deed.
    fn clear_if(&mut self, is_ours: &dyn Fn(&str) -> bool) -> Result<bool, ClipboardError>;
}

/// The real one. On X11 it must live for as long as others may paste.
///
/// The text is copied into the memory of this library and of the system, where nobody wipes it:
/// it is on the clipboard, after all.
pub struct DesktopClipboard {
    inner: arboard::Clipboard,
    #[cfg(target_os = "linux")]
    selection: Option<super::x11::Selection>,
}

impl DesktopClipboard {
    /// Connects to the clipboard of this session.
    pub fn connect() -> Result<Self, ClipboardError> {
        Ok(Self {
            inner: arboard::Clipboard::new().map_err(|_| ClipboardError::Unavailable)?,
            #[cfg(target_os = "linux")]
            selection: super::x11::Selection::connect(),
        })
    }

    fn write(&mut self, secret: &SecretString) -> Result<(), ClipboardError> {
        self.set()
            .text(Cow::Borrowed(secret.expose().as_str()))
            .map_err(|error| sort(&error))
    }

    fn set(&mut self) -> arboard::Set<'_> {
        #[cfg(target_os = "linux")]
        {
            use arboard::SetExtLinux;
            self.inner.set().exclude_from_history()
        }
        #[cfg(target_os = "macos")]
        {
            use arboard::SetExtApple;
            self.inner.set().exclude_from_history()
        }
        #[cfg(target_os = "windows")]
        {
            use arboard::SetExtWindows;
            // The first covers the other two for Windows itself; clipboard managers look for
            // any of the three.
            self.inner
                .set()
                .exclude_from_monitoring()
                .exclude_from_cloud()
                .exclude_from_history()
        }
    }
}

impl SystemClipboard for DesktopClipboard {
    fn write_secret(&mut self, secret: &SecretString) -> Result<(), ClipboardError> {
        self.write(secret)?;
        #[cfg(target_os = "linux")]
        for _ in 0..super::x11::ATTEMPTS {
            // The library asks on a connection of its own. It has an answer there, so its request
            // to own the clipboard has been served, and is not dated after what is noted now.
            self.read()?;
            let Some(selection) = &mut self.selection else {
                break;
            };
            selection.was_taken();
            let before = selection.owner();
            let text = self.read()?;
            let Some(selection) = &mut self.selection else {
                break;
            };
            if text.is_some_and(|text| text == *secret) {
                selection.is_ours_at(before);
                break;
            }
            if !selection.is_held_by_us() {
                break; // someone took it in this moment, and keeps it
            }
            self.write(secret)?;
        }
        Ok(())
    }

    fn read(&mut self) -> Result<Option<SecretString>, ClipboardError> {
        match self.inner.get_text() {
            Ok(text) => Ok(Some(SecretString::from(text))),
            Err(arboard::Error::ContentNotAvailable | arboard::Error::ConversionFailure) => {
                Ok(None)
            }
            Err(error) => Err(sort(&error)),
        }
    }

    #[cfg(target_os = "windows")]
    fn clear_if(&mut self, is_ours: &dyn Fn(&str) -> bool) -> Result<bool, ClipboardError> {
        use clipboard_win::formats::{CF_UNICODETEXT, Unicode};
        use clipboard_win::{Clipboard, Getter};
        use zeroize::Zeroizing;

        // While it is open, no program can change it in the name of a window, as programs do.
        let _open = Clipboard::new_attempts(10).map_err(|_| ClipboardError::Busy)?;
        if !clipboard_win::is_format_avail(CF_UNICODETEXT) {
            return Ok(false); // an image, files, or nothing
        }
        let mut text = Zeroizing::new(String::new());
        Unicode
            .read_clipboard(&mut *text)
            .map_err(|_| ClipboardError::Failed)?;
        if !is_ours(&text) {
            return Ok(false);
        }
        clipboard_win::raw::empty()
            .map(|()| true)
            .map_err(|_| ClipboardError::Failed)
    }

    #[cfg(not(target_os = "windows"))]
    fn clear_if(&mut self, is_ours: &dyn Fn(&str) -> bool) -> Result<bool, ClipboardError> {
        let still_there =
            |text: Option<SecretString>| text.is_some_and(|text| is_ours(text.expose()));
        if !still_there(self.read()?) {
            return Ok(false);
        }
        #[cfg(target_os = "linux")]
        if let Some(selection) = &mut self.selection {
            if selection.release_if_not_taken_since() {
                return Ok(true);
            }
            // Someone has it: another program, or a clipboard manager that took over our text.
            if !still_there(self.read()?) {
                return Ok(false);
            }
        }
        self.inner.clear().map_err(|error| sort(&error))?;
        if still_there(self.read()?) {
            Err(ClipboardError::Failed)
        } else {
            Ok(true)
        }
    }
}

fn sort(error: &arboard::Error) -> ClipboardError {
    match error {
        arboard::Error::ClipboardNotSupported => ClipboardError::Unavailable,
        arboard::Error::ClipboardOccupied => ClipboardError::Busy,
        _ => ClipboardError::Failed,
    }
}
