//! `cargo xtask run`: from a fresh machine to an open window.

use anyhow::{Result, bail};

use crate::steps::Steps;
use crate::system::{self, Purpose};
use crate::{desktop, node, process};

pub(crate) fn run() -> Result<()> {
    if !desktop::has_display() {
        bail!(
            "there is no display here, so no window can open. \
             `cargo xtask tour` opens it on a virtual one and leaves screenshots in target/tour"
        );
    }
    let mut steps = Steps::new();
    steps.step("system packages", || system::ensure(Purpose::Build))?;
    steps.step("packages of the window's code", || node::packages("ui"))?;
    steps.step("the window's code", node::build_ui)?;
    let app = process::cargo(&[
        "run",
        "--package",
        "keydesk-desktop",
        "--bin",
        "keydesk-desktop",
    ]);
    steps.command("the app (close its window to end)", app)
}
