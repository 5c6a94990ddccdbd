//! `check`, `fix` and `bindings`: for every day's work.

use std::process::Command;

use anyhow::Result;

use crate::steps::Steps;
use crate::{architecture, node, process};

pub(crate) fn check() -> Result<()> {
    let mut steps = Steps::new();
    steps.command("formatting", format(true))?;
    steps.step("who may know whom", architecture::check)?;
    steps.step("packages of the window's code", || node::packages("ui"))?;
    steps.step("packages of the stories", || node::packages("tests"))?;
    let web = Steps::beside("the window's code", web_checks());
    ensure_dist(&mut steps)?;
    let rust = steps.command("lints of the Rust code", clippy());
    steps.join(web)?;
    rust?;
    steps.summary();
    Ok(())
}

pub(crate) fn fix() -> Result<()> {
    let mut steps = Steps::new();
    steps.step("packages of the window's code", || node::packages("ui"))?;
    steps.step("packages of the stories", || node::packages("tests"))?;
    ensure_dist(&mut steps)?;
    let mut mend = process::cargo(&["clippy", "--fix", "--allow-dirty", "--allow-staged"]);
    mend.args(["--workspace", "--all-targets"]);
    steps.command("lints of the Rust code", mend)?;
    steps.command("formatting", format(false))?;
    steps.step("bindings", bindings)?;
    steps.command(
        "the window's code",
        process::npm("ui", &["run", "--silent", "fix"]),
    )?;
    steps.command(
        "the stories",
        process::npm("tests", &["run", "--silent", "fix"]),
    )?;
    steps.summary();
    Ok(())
}

/// The tests that compare the committed bindings, and the page of servers, with the code write
/// them when told to.
pub(crate) fn bindings() -> Result<()> {
    let mut command = process::cargo(&["test", "--quiet", "--package", "keydesk-desktop", "--lib"]);
    command
        .arg("export_bindings")
        .env("KEYDESK_WRITE_BINDINGS", "1");
    process::expect(&mut command)?;
    let mut page = process::cargo(&["test", "--quiet", "--package", "keydesk-providers"]);
    page.args(["--test", "it", "the_page_of_servers"])
        .env("KEYDESK_WRITE_SERVERS", "1");
    process::expect(&mut page)
}

pub(crate) fn format(only_look: bool) -> Command {
    process::cargo(if only_look {
        &["fmt", "--all", "--check"]
    } else {
        &["fmt", "--all"]
    })
}

pub(crate) fn clippy() -> Command {
    let mut command = process::cargo(&["clippy", "--workspace", "--all-targets"]);
    command.args(["--", "-D", "warnings"]);
    command
}

/// Lints, types and formatting of what is written in TypeScript and Svelte.
pub(crate) fn web_checks() -> Vec<(&'static str, Command)> {
    vec![
        (
            "ESLint of the window's code",
            process::npm("ui", &["run", "--silent", "lint"]),
        ),
        (
            "types of the window's code",
            process::npm("ui", &["run", "--silent", "check"]),
        ),
        (
            "lints and types of the stories",
            process::npm("tests", &["run", "--silent", "check"]),
        ),
    ]
}

/// The app does not compile without the window's code; an old one will do for a lint.
fn ensure_dist(steps: &mut Steps) -> Result<()> {
    if process::root().join("ui/dist/index.html").is_file() {
        return Ok(());
    }
    steps.step("the window's code", node::build_ui)
}
