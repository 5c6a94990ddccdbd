//! `cargo xtask …`: everything that is done to this project, as typed, named steps.
//!
//! Here is only the command line. Nothing of the product lives in this crate, and it depends on
//! few crates, because a newcomer waits for it before anything else happens.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal speaks through it"
)]

mod architecture;
#[cfg(target_os = "linux")]
mod bench;
mod build;
mod cross;
mod daily;
mod descriptions;
mod desktop;
mod node;
mod process;
mod run;
mod steps;
mod system;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, runs, tests and measures Keydesk.
#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing, build, and open the window
    Run,
    /// Set up what tests need and run every check and test; what CI runs
    Test(test::Options),
    /// Walk the main job and the other servers in the real window and leave screenshots in target/tour
    Tour,
    /// Formatting, architecture, lints and types: the quick look before a commit
    Check,
    /// Mend what can be mended by machine, and generate what is generated
    Fix,
    /// Release binaries and packages
    Build(build::Options),
    /// Measure start, memory and 10,000 keys, each beside its baseline (Linux)
    #[cfg(target_os = "linux")]
    Bench,
    /// Tests under Windows (Wine), the app linked for Windows, lints for macOS
    Cross,
    /// Write ui/src/ipc/bindings.ts and docs/servers.md anew from the code
    Bindings,
    /// Hold the server's descriptions of itself against it; `cargo build -p keydesk-server` first
    Descriptions,
    /// Run a command inside a desktop session of its own: display, window manager, D-Bus, keyring
    Desktop {
        /// The command and its arguments
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        command: Vec<String>,
    },
    /// The inside of `bench`, on a display whose framebuffer lies in a folder
    #[cfg(target_os = "linux")]
    #[command(hide = true)]
    BenchInside { framebuffer: std::path::PathBuf },
    /// The inside of `desktop`, already on its display and bus
    #[command(hide = true)]
    DesktopInside {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        command: Vec<String>,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Run => run::run(),
        Command::Test(options) => test::test(&options),
        Command::Tour => test::tour(),
        Command::Check => daily::check(),
        Command::Fix => daily::fix(),
        Command::Build(options) => build::build(&options),
        #[cfg(target_os = "linux")]
        Command::Bench => bench::bench(),
        #[cfg(target_os = "linux")]
        Command::BenchInside { framebuffer } => bench::start_and_memory(&framebuffer),
        Command::Cross => cross::cross(),
        Command::Bindings => daily::bindings(),
        Command::Descriptions => descriptions::check(),
        Command::Desktop { command } => desktop::enter(&command),
        Command::DesktopInside { command } => desktop::inside(&command),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nStopped: {error:#}");
            ExitCode::FAILURE
        }
    }
}
