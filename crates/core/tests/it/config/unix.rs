//! Rights and links.

use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn only_the_owner_can_read_it() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("keydesk");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    let store = opened_well(&folder);
    store.update(add_instance).unwrap();
    store.update(add_instance).unwrap();
    assert_eq!(mode(&folder), 0o700);
    for name in ["config.json", "config.json.bak"] {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
    fs::set_permissions(
        folder.join("config.json"),
        fs::Permissions::from_mode(0o666),
    )
    .unwrap();
    opened_well(&folder);
    assert_eq!(mode(&folder.join("config.json")), 0o600);
}

#[test]
fn a_link_is_read_and_neither_followed_nor_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("target.json");
    fs::write(&target, r#"{"schema":1,"preferences":{"theme":"dark"}}"#).unwrap();
    let folder = dir.path().join("keydesk");
    fs::create_dir(&folder).unwrap();
    symlink(&target, folder.join("config.json")).unwrap();
    let Opened { store, notices } = open(&folder);
    assert_eq!(notices, [ConfigNotice::NotWritable]);
    assert_eq!(store.get().preferences.theme, Theme::Dark);
    store.update(add_instance).unwrap();
    assert!(
        fs::symlink_metadata(folder.join("config.json"))
            .unwrap()
            .is_symlink()
    );
    assert!(!fs::read_to_string(&target).unwrap().contains("instances"));
}

#[test]
fn a_link_that_appears_later_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("keydesk");
    let store = opened_well(&folder);
    symlink(dir.path().join("target.json"), folder.join("config.json")).unwrap();
    let error = store.update(add_instance).unwrap_err();
    assert_eq!(error.code, ErrorCode::ConfigurationReadOnly);
    assert!(!dir.path().join("target.json").exists());
}
