//! Keeps the memory of this process out of core dumps and away from other programs of the user.
//!
//! Deliberately not here: locking pages against swap and hiding from debuggers on Windows and
//! macOS, which need unsafe code and stop nobody who already runs as the same user.

/// What [`harden_process`] achieved, for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hardening {
    /// Core dumps are limited to nothing, here and in every child started later.
    pub core_dumps_off: bool,
    /// The kernel refuses to dump this process and to let others of the same user read its memory.
    pub not_dumpable: bool,
}

/// Call this first in `main`, before a secret can be in memory and before children start.
///
/// It never fails: a system that refuses runs the app all the same, and the answer says so.
/// Under Snap and Flatpak the process stays dumpable, because their file portals read
/// `/proc/PID` of the caller and fail without it.
#[cfg(target_os = "linux")]
pub fn harden_process() -> Hardening {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};

    let sandboxed = ["SNAP", "FLATPAK_ID"]
        .iter()
        .any(|name| std::env::var_os(name).is_some());
    Hardening {
        core_dumps_off: limit_core_dumps(),
        not_dumpable: !sandboxed && set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok(),
    }
}

/// Call this first in `main`. On this system only core dumps are switched off.
#[cfg(target_os = "macos")]
pub fn harden_process() -> Hardening {
    Hardening {
        core_dumps_off: limit_core_dumps(),
        not_dumpable: false,
    }
}

/// Call this first in `main`. Windows writes no core dumps of its own accord: nothing to do.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub const fn harden_process() -> Hardening {
    Hardening {
        core_dumps_off: false,
        not_dumpable: false,
    }
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn limit_core_dumps() -> bool {
    use rustix::process::{Resource, Rlimit, setrlimit};

    setrlimit(
        Resource::Core,
        Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    )
    .is_ok()
}
