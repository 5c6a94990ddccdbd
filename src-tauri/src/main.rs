//! Starts Keydesk.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::alloc::System;
use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

/// Secrets are wiped where we hold them. They also pass through buffers of others, of HTTP and of
/// the boundary to the page, which nobody wipes: this does, whenever memory is given back.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    match keydesk_desktop::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "Keydesk could not start");
            ExitCode::FAILURE
        }
    }
}
