//! `cargo xtask build`: what is handed to others.

use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::steps::Steps;
use crate::system::{self, Purpose};
use crate::{node, process};

#[derive(Args)]
pub(crate) struct Options {
    /// Leave out the packages (.deb, .rpm; on Windows and macOS their own kinds)
    #[arg(long)]
    no_bundle: bool,
}

pub(crate) fn build(options: &Options) -> Result<()> {
    let mut steps = Steps::new();
    steps.step("system packages", || system::ensure(Purpose::Build))?;
    steps.step("packages of the window's code", || node::packages("ui"))?;
    steps.step("the window's code", node::build_ui)?;
    steps.command("release binaries", release())?;
    if !options.no_bundle {
        steps.command("packages", bundle())?;
    }
    steps.summary();
    println!("\nIn {}:", process::target().join("release").display());
    println!(
        "   keydesk-desktop, keydesk-server{}",
        if options.no_bundle { "" } else { ", bundle/" }
    );
    Ok(())
}

/// The command that builds both release programs.
pub(crate) fn release() -> Command {
    process::cargo(&[
        "build",
        "--release",
        "-p",
        "keydesk-desktop",
        "-p",
        "keydesk-server",
        "--bins",
    ])
}

/// Tauri's own program, which packs. It is fetched when it is needed, and no dependency of the
/// window's code: most people never pack.
const PACKER: &str = "--package=@tauri-apps/cli@2.12.5";

/// The command that packs what was built.
fn bundle() -> Command {
    let mut command = process::npm(".", &["exec", "--yes", PACKER, "--", "tauri", "bundle"]);
    if cfg!(target_os = "linux") {
        command.args(["--bundles", "deb,rpm"]);
    }
    command
}
