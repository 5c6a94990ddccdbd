//! `cargo xtask build`: what is handed to others.

use anyhow::Result;
use clap::Args;

use crate::steps::Steps;
use crate::system::{self, Purpose};
use crate::{node, process};

/// The feature with which the app carries the window's code in itself, as released ones do;
/// without it Tauri looks for a development server.
pub(crate) const EMBEDDED_UI: &str = "keydesk-desktop/custom-protocol";

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
        let mut bundle = process::npm("ui", &["exec", "--no", "--", "tauri", "bundle"]);
        bundle.current_dir(process::root());
        if cfg!(target_os = "linux") {
            bundle.args(["--bundles", "deb,rpm"]);
        }
        steps.command("packages", bundle)?;
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
pub(crate) fn release() -> std::process::Command {
    let mut command = process::cargo(&["build", "--release", "--features", EMBEDDED_UI]);
    command.args([
        "--package",
        "keydesk-desktop",
        "--package",
        "keydesk-server",
        "--bins",
    ]);
    command
}
