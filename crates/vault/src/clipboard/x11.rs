//! Gives up the X11 clipboard without taking it from someone else.
//!
//! "Is it still ours? Then clear it" is two steps, and what another program copies between them
//! would be lost. But the X server compares times: it ignores a change of owner that is dated
//! before the last one. So the release is dated to the moment when we took the clipboard, and
//! whoever took it later keeps it.

use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ConnectionExt, CreateWindowAux, EventMask, PropMode, Timestamp, Window,
    WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::{COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT, NONE};

/// A second connection to the X server, for the time and for the release.
pub(super) struct Selection {
    connection: RustConnection,
    window: Window,
    clipboard: Atom,
    taken: Option<Timestamp>,
    /// The window in whose name we hold the clipboard, once it was seen to hold our text.
    ours: Option<Window>,
}

/// How often a text that was lost at once is written. Word that we lost the clipboard before, or
/// gave it up, may reach the library only after it has taken a new text, and make it drop that.
pub(super) const ATTEMPTS: usize = 5;

impl Selection {
    /// `None` where X11 is not the clipboard: without a display, and under Wayland, whose own
    /// clipboard comes first.
    pub(super) fn connect() -> Option<Self> {
        if std::env::var_os("WAYLAND_DISPLAY").is_some() {
            return None;
        }
        let (connection, screen) = RustConnection::connect(None).ok()?;
        let root = connection.setup().roots.get(screen)?.root;
        let window = connection.generate_id().ok()?;
        let events = CreateWindowAux::new().event_mask(EventMask::PROPERTY_CHANGE);
        connection
            .create_window(
                COPY_DEPTH_FROM_PARENT,
                window,
                root,
                0,
                0,
                1,
                1,
                0,
                WindowClass::INPUT_OUTPUT,
                COPY_FROM_PARENT,
                &events,
            )
            .ok()?;
        let clipboard = connection
            .intern_atom(false, b"CLIPBOARD")
            .ok()?
            .reply()
            .ok()?
            .atom;
        Some(Self {
            connection,
            window,
            clipboard,
            taken: None,
            ours: None,
        })
    }

    /// Notes the time just after we took the clipboard, and lets the server's clock move on, so
    /// that whoever takes it after this has a later time. Look again afterwards that it is ours.
    pub(super) fn was_taken(&mut self) {
        self.taken = self.server_time();
        // It counts milliseconds.
        for _ in 0..50 {
            if self.server_time() != self.taken {
                return;
            }
            std::thread::sleep(Duration::from_micros(100));
        }
        self.taken = None; // a clock that stands still orders nothing
    }

    /// Leaves the clipboard without an owner, unless someone took it since. Answers whether it
    /// has none now.
    pub(super) fn release_if_not_taken_since(&mut self) -> bool {
        self.release().unwrap_or(false)
    }

    fn release(&mut self) -> Option<bool> {
        let taken = self.taken.take()?;
        let release = self
            .connection
            .set_selection_owner(NONE, self.clipboard, taken)
            .ok()?;
        release.check().ok()?;
        self.owner().map(|owner| owner == NONE)
    }

    /// Who has the clipboard now; `NONE` for nobody.
    pub(super) fn owner(&self) -> Option<Window> {
        let asked = self.connection.get_selection_owner(self.clipboard).ok()?;
        asked.reply().ok().map(|answer| answer.owner)
    }

    /// Our text was read, and `owner` had the clipboard before that.
    pub(super) fn is_ours_at(&mut self, owner: Option<Window>) {
        if self.owner() == owner {
            self.ours = owner.filter(|window| *window != NONE);
        }
    }

    /// Whether we have the clipboard, as far as the server knows.
    pub(super) fn is_held_by_us(&self) -> bool {
        self.ours.is_some() && self.owner() == self.ours
    }

    /// The server tells its time only in events. Appending nothing to a property makes one.
    fn server_time(&self) -> Option<Timestamp> {
        self.connection
            .change_property(
                PropMode::APPEND,
                self.window,
                self.clipboard,
                AtomEnum::STRING,
                8,
                0,
                &[],
            )
            .ok()?;
        self.connection.flush().ok()?;
        loop {
            if let Event::PropertyNotify(event) = self.connection.wait_for_event().ok()? {
                return Some(event.time);
            }
        }
    }
}
