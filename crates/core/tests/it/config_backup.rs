//! What the file beside the configuration keeps, and what it must not.

use std::fs;

use keydesk_core::config::{ConfigStore, Configuration};

use crate::support::World;

fn add_instance(configuration: &mut Configuration) {
    configuration.instances.push(World::new().instance);
}

fn texts(dir: &std::path::Path) -> [String; 2] {
    ["config.json", "config.json.bak"].map(|name| fs::read_to_string(dir.join(name)).unwrap())
}

#[test]
fn a_removed_instance_stays_in_the_backup_only_where_the_backup_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = ConfigStore::open(dir.path().to_owned()).store;
    store.update(add_instance).unwrap();
    store.update(|c| c.instances.clear()).unwrap();
    let [_, backup] = texts(dir.path());
    assert!(backup.contains("idmp.example.com"));

    store.update(add_instance).unwrap();
    store
        .update_and_replace_backup(|c| c.instances.clear())
        .unwrap();
    let [current, backup] = texts(dir.path());
    assert!(!backup.contains("idmp.example.com") && !backup.contains("jane@"));
    assert_eq!(current, backup);

    // The next change backs up as ever.
    store.update(add_instance).unwrap();
    assert_eq!(texts(dir.path())[1], current);
}

#[test]
fn the_backup_is_replaced_even_where_nothing_changes() {
    let dir = tempfile::tempdir().unwrap();
    let store = ConfigStore::open(dir.path().to_owned()).store;
    store.update(add_instance).unwrap();
    store.update(|c| c.instances.clear()).unwrap();
    store.update_and_replace_backup(|_| {}).unwrap();
    let [current, backup] = texts(dir.path());
    assert_eq!(current, backup);
}

#[test]
fn a_removal_that_cannot_be_written_does_not_happen() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("keydesk");
    let store = ConfigStore::open(folder.clone()).store;
    store.update(add_instance).unwrap();
    fs::rename(&folder, dir.path().join("elsewhere")).unwrap();
    fs::write(&folder, "in its place").unwrap();
    store
        .update_and_replace_backup(|c| c.instances.clear())
        .unwrap_err();
    assert_eq!(store.get().instances.len(), 1);
}
