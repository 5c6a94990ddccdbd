//! A real keyring daemon that comes late, dies, comes back, and comes back locked.
//!
//! Runs if `KEYDESK_TEST_REAL_KEYRING` is `1`, in a session of its own: this program starts itself
//! again under a bus that starts no service by itself, with a home that is thrown away.
#![cfg(target_os = "linux")]

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use keydesk_vault::keyring::platform_store;
use keydesk_vault::{Deadlines, KeyringState, Vault, VaultError};

use crate::fake_keyring::{secret, text, token};

const INSIDE: &str = "KEYDESK_TEST_PRIVATE_SESSION";

const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

#[test]
fn a_daemon_may_come_late_die_and_return() {
    if std::env::var("KEYDESK_TEST_REAL_KEYRING").is_ok_and(|value| value == "1") {
        let home = tempfile::tempdir().unwrap();
        let configuration = home.path().join("bus.conf");
        std::fs::write(&configuration, BUS).unwrap();
        let status = Command::new("dbus-run-session")
            .arg("--config-file")
            .arg(&configuration)
            .arg("--")
            .arg(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "private_keyring::inside_the_session",
                "--ignored",
                "--nocapture",
            ])
            .env(INSIDE, home.path())
            .env("HOME", home.path())
            .env("XDG_DATA_HOME", home.path())
            .env("XDG_RUNTIME_DIR", home.path())
            .status()
            .unwrap();
        assert!(status.success());
    }
}

struct Daemon(Child);

impl Daemon {
    /// Starts the daemon; with a password it creates the keyring, or unlocks it.
    fn start(password: Option<&str>) -> Self {
        let mut command = Command::new("gnome-keyring-daemon");
        command.args(["--foreground", "--components=secrets"]);
        if password.is_some() {
            command.arg("--unlock");
        }
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin
            .write_all(password.unwrap_or_default().as_bytes())
            .unwrap();
        drop(stdin);
        let start = Instant::now();
        while platform_store().is_err() {
            assert!(
                start.elapsed() < Duration::from_secs(10),
                "the daemon did not start"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        Self(child)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by the test above, in a session of its own"]
async fn inside_the_session() {
    assert!(
        std::env::var_os(INSIDE).is_some(),
        "never in the session of a person"
    );
    let deadlines = Deadlines {
        prompt: Duration::from_secs(3),
        answer: Duration::from_secs(3),
    };
    let factory = std::sync::Arc::new(platform_store);
    let vault = Vault::with_store("keydesk-test", factory, deadlines);
    assert_eq!(
        vault.get(&token()).await,
        Err(VaultError::Unavailable),
        "no daemon yet"
    );

    let daemon = Daemon::start(Some("password of the keyring"));
    vault.set(&token(), secret("kept")).await.unwrap();
    drop(daemon);
    assert_eq!(
        vault.get(&token()).await,
        Err(VaultError::Unavailable),
        "it died"
    );

    let daemon = Daemon::start(Some("password of the keyring"));
    assert_eq!(
        text(vault.get(&token()).await.unwrap()).as_deref(),
        Some("kept")
    );
    drop(daemon);
    let daemon = Daemon::start(Some("password of the keyring"));
    let again = vault.get(&token()).await.unwrap();
    assert_eq!(
        text(again).as_deref(),
        Some("kept"),
        "a restart between two calls goes unnoticed"
    );
    drop(daemon);

    // Locked, and nobody there to ask for the password: it ends, and says so.
    let daemon = Daemon::start(None);
    let refused = vault.get(&token()).await.unwrap_err();
    let expected = [VaultError::Denied, VaultError::Locked, VaultError::TimedOut];
    assert!(expected.contains(&refused), "{refused}");
    drop(daemon);

    let _daemon = Daemon::start(Some("password of the keyring"));
    assert_eq!(vault.retry().await.keyring, KeyringState::Ready);
    assert_eq!(
        text(vault.get(&token()).await.unwrap()).as_deref(),
        Some("kept")
    );
    vault.delete_account(token().account()).await.unwrap();
    assert_eq!(vault.get(&token()).await, Ok(None));
}
