//! `cargo xtask cross`: the other systems, from Linux. Not part of `test`, because it compiles the
//! standard library and the dependency tree once more for each.

use std::process::Command;

use anyhow::Result;

use crate::steps::Steps;
use crate::system::{self, Purpose};
use crate::{node, process};

pub(crate) fn cross() -> Result<()> {
    let mut steps = Steps::new();
    steps.step("system packages", || system::ensure(Purpose::Build))?;
    steps.step("packages of the window's code", || node::packages("ui"))?;
    steps.step("the window's code", node::build_ui)?;
    steps.command(
        "tests of vault, core and providers under Windows",
        cargo_cross(&[
            "windows",
            "test",
            "-p",
            "keydesk-vault",
            "-p",
            "keydesk-core",
            "-p",
            "keydesk-providers",
        ]),
    )?;
    steps.command(
        "the app, linked for Windows",
        cargo_cross(&["windows", "build", "-p", "keydesk-desktop", "--bins"]),
    )?;
    steps.command("lints for Windows", clippy("windows"))?;
    steps.command("lints for macOS", clippy("macos"))?;
    steps.summary();
    Ok(())
}

fn clippy(os: &str) -> Command {
    cargo_cross(&[
        os,
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ])
}

fn cargo_cross(arguments: &[&str]) -> Command {
    let mut command = process::program(process::root().join("xtask/cross/cargo-cross"));
    command.args(arguments);
    // What the outer cargo said about this program means nothing to the other toolchain.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO") && name != "CARGO_HOME" {
            command.env_remove(&name);
        }
    }
    command
}
