//! Programs that come from crates.io and not from the system: looked for on PATH, else installed
//! into `target/tools`, so that the project leaves nothing in the person's own folders.

use std::path::PathBuf;

use anyhow::Result;

use crate::process;

const TAURI_DRIVER: &str = "2.1.0";

/// The program through which the stories open and drive the app's real window.
pub(crate) fn tauri_driver() -> Result<PathBuf> {
    if let Some(found) = process::on_path("tauri-driver") {
        return Ok(found);
    }
    let folder = process::target().join("tools");
    let program = folder
        .join("bin")
        .join(format!("tauri-driver{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        println!(
            "   tauri-driver {TAURI_DRIVER} goes into {}",
            folder.display()
        );
        process::expect(
            process::cargo(&[
                "install",
                "tauri-driver",
                "--locked",
                "--version",
                TAURI_DRIVER,
                "--quiet",
                "--root",
            ])
            .arg(&folder),
        )?;
    }
    Ok(program)
}

/// Whether a cargo subcommand is installed.
pub(crate) fn has_cargo(subcommand: &str) -> bool {
    process::capture(&mut process::cargo(&[subcommand, "--version"]))
        .is_ok_and(|(succeeded, _)| succeeded)
}
