//! A desktop session of one's own: a display without a screen, a window manager, a D-Bus session
//! and an unlocked keyring that know nothing of the person's real ones, and vanish with the command.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process;

/// Set inside such a session; what must not touch a person's own keyring or clipboard asks for it.
const MARK: &str = "KEYDESK_DESKTOP_SESSION";

/// Whether a person could see a window that we open.
pub(crate) fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// The command that runs `inner` in a new session, and the folders which live as long as it does.
pub(crate) struct Session {
    folders: tempfile::TempDir,
    screen: String,
    inner: Vec<std::ffi::OsString>,
    working_folder: PathBuf,
    variables: Vec<(String, std::ffi::OsString)>,
}

impl Session {
    /// Prepares a session for a command; nothing is started yet.
    pub(crate) fn new(inner: &Command) -> Result<Self> {
        // In /tmp and not under target/: the path of a socket may have 107 bytes.
        let folders = tempfile::Builder::new()
            .prefix("keydesk-")
            .tempdir()
            .context("no temporary folder")?;
        for name in ["data", "config", "cache", "state"] {
            fs::create_dir(folders.path().join(name))?;
        }
        Ok(Self {
            folders,
            screen: "-screen 0 1400x1000x24 -nolisten tcp".to_owned(),
            inner: std::iter::once(inner.get_program())
                .chain(inner.get_args())
                .map(Into::into)
                .collect(),
            working_folder: inner
                .get_current_dir()
                .map_or_else(process::root, Path::to_path_buf),
            variables: inner
                .get_envs()
                .filter_map(|(name, value)| {
                    Some((name.to_string_lossy().into_owned(), value?.into()))
                })
                .collect(),
        })
    }

    /// Lets others read what is on screen, from a file in this folder.
    #[cfg(target_os = "linux")]
    pub(crate) fn with_framebuffer(mut self, folder: &Path) -> Self {
        self.screen = format!("{} -fbdir {}", self.screen, folder.display());
        self
    }

    /// Runs the command in its session, and expects it to succeed.
    pub(crate) fn run(self) -> Result<()> {
        let folder = |name: &str| self.folders.path().join(name);
        let mut command = process::program("dbus-run-session");
        command
            .current_dir(&self.working_folder)
            .args(["--", "xvfb-run", "-a", "-s", &self.screen])
            .arg(process::ourselves()?)
            .arg("desktop-inside")
            .args(&self.inner)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .env("XDG_RUNTIME_DIR", self.folders.path()) // of mode 0700, as it must be
            .env("XDG_DATA_HOME", folder("data"))
            .env("XDG_CONFIG_HOME", folder("config"))
            .env("XDG_CACHE_HOME", folder("cache"))
            .env("XDG_STATE_HOME", folder("state"))
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .env(MARK, "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .env_remove("XAUTHORITY");
        let status = command
            .status()
            .context("dbus-run-session could not be started")?;
        if !status.success() {
            let inner: Vec<_> = self
                .inner
                .iter()
                .map(|word| word.to_string_lossy())
                .collect();
            bail!("`{}` failed inside its desktop session", inner.join(" "));
        }
        Ok(())
    }
}

/// `cargo xtask desktop COMMAND…`
pub(crate) fn enter(command: &[String]) -> Result<()> {
    Session::new(process::program(&command[0]).args(&command[1..]))?.run()
}

/// The inside: starts the window manager and the keyring, runs the command, ends what it started.
pub(crate) fn inside(command: &[String]) -> Result<()> {
    let _window_manager = Companion::start(Command::new("openbox").args(["--sm-disable"]))?;
    unlock_keyring()?;
    let status = Command::new(&command[0])
        .args(&command[1..])
        .status()
        .with_context(|| format!("`{}` could not be started", command[0]))?;
    if !status.success() {
        bail!("`{}` ended with {status}", Path::new(&command[0]).display());
    }
    Ok(())
}

/// A program that runs beside the command and ends with it.
struct Companion(Child);

impl Companion {
    fn start(command: &mut Command) -> Result<Self> {
        let spelled = process::spelled(command);
        let child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("`{spelled}` could not be started"))?;
        Ok(Self(child))
    }
}

impl Drop for Companion {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Opens a keyring that holds nothing. The daemon ends with the session's D-Bus.
fn unlock_keyring() -> Result<()> {
    let mut daemon = Command::new("gnome-keyring-daemon")
        .args(["--unlock", "--daemonize", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("gnome-keyring-daemon could not be started")?;
    if let Some(mut input) = daemon.stdin.take() {
        input.write_all(b"session")?;
    }
    daemon.wait()?;
    if !keyring_stores()? {
        bail!("the session's keyring did not come up");
    }
    Ok(())
}

/// Stores and removes something: the only proof that the keyring is there and unlocked.
fn keyring_stores() -> Result<bool> {
    let attribute = ["keydesk-session", "probe"];
    let mut store = Command::new("secret-tool")
        .args(["store", "--label", "session probe"])
        .args(attribute)
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("secret-tool could not be started")?;
    if let Some(mut input) = store.stdin.take() {
        // It may have ended already, for want of a keyring; then its status says so.
        let _ = input.write_all(b"probe");
    }
    Ok(store.wait()?.success()
        && Command::new("secret-tool")
            .arg("clear")
            .args(attribute)
            .status()?
            .success())
}
