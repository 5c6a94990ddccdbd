//! One process writes without end, another ends it at any moment.

use std::process::{Command, Stdio};
use std::time::Duration;

use super::*;

const FOLDER: &str = "KEYDESK_TEST_FOLDER";

#[test]
#[ignore = "the other process of the test below"]
fn writer() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let store = opened_well(Path::new(&folder));
    loop {
        store.update(add_instance).unwrap();
    }
}

#[test]
fn a_process_that_is_killed_leaves_the_old_state_or_the_new() {
    let dir = tempfile::tempdir().unwrap();
    let mut before = 0;
    for round in 0..25_u64 {
        let size_before = size(dir.path());
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "config::killed::writer", "--ignored"])
            .env(FOLDER, dir.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        while size(dir.path()) <= size_before {
            assert!(
                writer.try_wait().unwrap().is_none(),
                "the writer ended by itself"
            );
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_millis(round * 7 % 20));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let count = opened_well(dir.path()).get().instances.len();
        assert!(count > before, "{count} after {before}");
        before = count;
    }
}

fn size(dir: &Path) -> u64 {
    fs::metadata(dir.join("config.json")).map_or(0, |metadata| metadata.len())
}
