//! Node and npm: the right version, and packages installed only when the lock file changed.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::process;

/// The oldest Node that the tools of `ui/` accept.
const OLDEST: (u32, u32) = (20, 19);

/// The version of Node on PATH, if there is one and npm beside it: some systems pack them apart.
pub(crate) fn version() -> Option<(u32, u32)> {
    process::on_path(process::NPM)?;
    process::on_path("node")?;
    let (succeeded, text) = process::capture(process::program("node").arg("--version")).ok()?;
    if succeeded { parse(&text) } else { None }
}

/// Whether a version will do.
pub(crate) fn new_enough(version: (u32, u32)) -> bool {
    version >= OLDEST
}

/// `v20.19.3` or Debian's `20.19.2+dfsg-1` to `(20, 19)`.
pub(crate) fn parse(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Fails with what to do when Node is missing or too old.
pub(crate) fn require() -> Result<()> {
    let wanted = format!("{}.{}", OLDEST.0, OLDEST.1);
    match version() {
        Some(found) if new_enough(found) => Ok(()),
        Some((major, minor)) => bail!(
            "Node {major}.{minor} is too old: the window's code is built with Node {wanted} or newer. \
             Install it from https://nodejs.org or your system's packages, then run this again"
        ),
        None => bail!(
            "Node {wanted} or newer, with npm, is needed to build the window's code, and is not on PATH. \
             Install it from https://nodejs.org or your system's packages, then run this again"
        ),
    }
}

/// `npm ci` in a folder, unless what is installed there came from this very lock file.
pub(crate) fn packages(folder: &str) -> Result<()> {
    let folder_path = process::root().join(folder);
    let lock = fs::read_to_string(folder_path.join("package-lock.json"))
        .with_context(|| format!("{folder}/package-lock.json could not be read"))?;
    let stamp = folder_path.join("node_modules/.keydesk-lock");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        println!("   {folder}: packages are those of the lock file");
        return Ok(());
    }
    process::expect(&mut process::npm(
        folder,
        &["ci", "--no-audit", "--no-fund"],
    ))?;
    fs::write(&stamp, lock).with_context(|| format!("{} could not be written", stamp.display()))
}

/// Builds the window's code into `ui/dist`, which the app embeds.
pub(crate) fn build_ui() -> Result<()> {
    process::expect(&mut process::npm("ui", &["run", "--silent", "build"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_node_and_as_debian_write_them() {
        assert_eq!(parse("v20.20.1\n"), Some((20, 20)));
        assert_eq!(parse("18.19.0+dfsg-6~deb12u2"), Some((18, 19)));
        assert_eq!(parse("(none)"), None);
    }

    #[test]
    fn the_oldest_version_will_do_and_the_one_before_will_not() {
        assert!(new_enough((20, 19)));
        assert!(new_enough((22, 1)));
        assert!(!new_enough((20, 18)));
    }
}
