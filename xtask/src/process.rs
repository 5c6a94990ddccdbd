//! Starting other programs: where the project lies, and one way to say what failed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The project's root folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Cargo's output folder, which may be set from outside.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// This program, for starting it once more inside something else.
pub(crate) fn ourselves() -> Result<PathBuf> {
    let path = std::env::current_exe().context("this program's own path")?;
    // Compiling the workspace replaced it; Linux tells the old one's path with a note behind it.
    let text = path.to_string_lossy();
    Ok(text
        .strip_suffix(" (deleted)")
        .map_or_else(|| path.clone(), PathBuf::from))
}

/// A program that will run in the project's root.
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// The cargo that started us, without what it put into our environment for this crate alone.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        // Left in place, these would make build scripts run again for no reason.
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command.args(arguments);
    command
}

/// How npm is called: on Windows it is a script and needs its ending.
pub(crate) const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// `npm`, in a folder of the project.
pub(crate) fn npm(folder: &str, arguments: &[&str]) -> Command {
    let mut command = program(NPM);
    command.current_dir(root().join(folder)).args(arguments);
    command
}

/// What a person would type to start this command.
pub(crate) fn spelled(command: &Command) -> String {
    let name = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default();
    std::iter::once(name)
        .chain(command.get_args())
        .map(|part| part.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs a command in the foreground and expects it to succeed.
pub(crate) fn expect(command: &mut Command) -> Result<()> {
    let spelled = spelled(command);
    let status = command
        .status()
        .with_context(|| format!("`{spelled}` could not be started"))?;
    if !status.success() {
        bail!("`{spelled}` failed ({status})");
    }
    Ok(())
}

/// Runs a command and returns what it printed, also when it failed: `(succeeded, output)`.
pub(crate) fn capture(command: &mut Command) -> Result<(bool, String)> {
    let spelled = spelled(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{spelled}` could not be started"))?;
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Ok((output.status.success(), text))
}

/// The place of a program on PATH; a name with an ending is looked for as it is.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let suffix = match Path::new(name).extension() {
        Some(_) => "",
        None => std::env::consts::EXE_SUFFIX,
    };
    let name = format!("{name}{suffix}");
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(&name))
        .find(|candidate| candidate.is_file())
}
