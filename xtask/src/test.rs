//! `cargo xtask test`, which is all that continuous integration runs, and `cargo xtask tour`.
//!
//! Every Rust step asks for the same packages, targets and features, so that the dependency tree
//! is compiled once for lints and once for everything that runs.

use std::process::Command;

use anyhow::Result;
use clap::Args;

use crate::desktop::Session;
use crate::steps::Steps;
use crate::system::{self, Purpose};
use crate::{architecture, daily, descriptions, node, process, tools};

#[derive(Args)]
pub(crate) struct Options {
    /// Only the stories on the real window (after building what they need)
    #[arg(long)]
    stories: bool,
    /// Names of stories to run; all without
    #[arg(requires = "stories")]
    names: Vec<String>,
}

pub(crate) fn test(options: &Options) -> Result<()> {
    let mut steps = Steps::new();
    steps.step("system packages", || system::ensure(Purpose::Test))?;
    if !options.stories {
        steps.command("formatting", daily::format(true))?;
        steps.step("who may know whom", architecture::check)?;
    }
    steps.step("packages of the window's code", || node::packages("ui"))?;
    steps.step("packages of the stories", || node::packages("tests"))?;
    steps.step("the window's code", node::build_ui)?;
    if !options.stories {
        let mut commands = daily::web_checks();
        commands.push((
            "tests of the window's code",
            process::npm("ui", &["run", "--silent", "test"]),
        ));
        let web = Steps::beside("lints, types and tests of the window's code", commands);
        let lints = steps.command("lints of the Rust code", daily::clippy());
        steps.join(web)?;
        lints?;
    }
    if options.stories {
        steps.command("compiling app and server", programs())?;
    } else {
        steps.command(
            "compiling app, server and tests",
            workspace(&["build", "--all-targets"]),
        )?;
    }
    if !options.stories {
        rust_tests(&mut steps)?;
        steps.step(
            "the server's descriptions of itself, held against it",
            descriptions::check,
        )?;
    }
    if cfg!(target_os = "linux") {
        stories(&mut steps, &options.names)?;
    } else {
        println!("\nThe stories on the real window run on Linux only; everything else ran.");
    }
    steps.summary();
    Ok(())
}

/// Walks the main job in light and dark, English and Chinese, on a virtual display.
pub(crate) fn tour() -> Result<()> {
    let mut steps = Steps::new();
    steps.step("system packages", || system::ensure(Purpose::Tour))?;
    steps.step("packages of the window's code", || node::packages("ui"))?;
    steps.step("packages of the tour", || node::packages("tests"))?;
    steps.step("the window's code", node::build_ui)?;
    steps.command("compiling app and server", programs())?;
    let mut walk = process::npm("tests", &["run", "--silent", "tour"]);
    prepare(&mut walk, "debug")?;
    steps.step("the tour", || Session::new(&walk)?.run())?;
    steps.summary();
    println!(
        "\nScreenshots lie in {}",
        process::target().join("tour").display()
    );
    Ok(())
}

/// App and server, and nothing that only tests need.
fn programs() -> Command {
    process::cargo(&[
        "build",
        "-p",
        "keydesk-desktop",
        "-p",
        "keydesk-server",
        "--bins",
    ])
}

/// A cargo command over the whole workspace: the same crates and features each time.
fn workspace(arguments: &[&str]) -> Command {
    let mut command = process::cargo(arguments);
    command.arg("--workspace");
    command
}

fn rust_tests(steps: &mut Steps) -> Result<()> {
    let nextest = tools::has_cargo("nextest");
    let runner: &[&str] = if nextest {
        &["nextest", "run"]
    } else {
        &["test"]
    };
    let mut bindings = workspace(runner);
    bindings.args(["--lib", "export_bindings"]);
    steps.command("generated bindings are up to date", bindings)?;
    let mut all = workspace(runner);
    all.arg("--all-targets");
    if !nextest {
        all.arg("--no-fail-fast");
    }
    if cfg!(target_os = "linux") {
        all.env("KEYDESK_TEST_REAL_KEYRING", "1")
            .env("KEYDESK_TEST_REAL_CLIPBOARD", "1");
        steps.step("Rust tests", || Session::new(&all)?.run())?;
    } else {
        steps.command("Rust tests", all)?;
    }
    steps.command(
        "examples in the Rust documentation",
        workspace(&["test", "--doc", "--quiet"]),
    )
}

fn stories(steps: &mut Steps, names: &[String]) -> Result<()> {
    let mut command = process::npm("tests", &["run", "--silent", "stories", "--"]);
    command.args(names);
    prepare(&mut command, "debug")?;
    steps.step("stories on the real window", || {
        Session::new(&command)?.run()
    })
}

/// Tells the stories where the programs are, and where what they leave belongs.
pub(crate) fn prepare(command: &mut Command, profile: &str) -> Result<()> {
    let built = process::target().join(profile);
    command
        .env("KEYDESK_TEST_APP", built.join("keydesk-desktop"))
        .env("KEYDESK_TEST_SERVER", built.join("keydesk-server"))
        .env("KEYDESK_TEST_DRIVER", tools::tauri_driver()?)
        .env("KEYDESK_TEST_OUTPUT", process::target());
    Ok(())
}
