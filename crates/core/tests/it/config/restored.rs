//! The state before the last change, in the place of a file that is damaged or gone.

use super::*;

/// A folder in which the state before the last change has one account, and the file is damaged.
fn damaged() -> (tempfile::TempDir, Configuration) {
    let dir = tempfile::tempdir().unwrap();
    let store = opened_well(dir.path());
    store.update(add_instance).unwrap();
    let before = store.get();
    store.update(add_instance).unwrap();
    fs::write(dir.path().join("config.json"), "{").unwrap();
    (dir, before)
}

#[test]
fn what_was_restored_can_be_changed_and_is_then_whole_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened_well(dir.path());
    store.update(add_instance).unwrap();
    store.update(add_instance).unwrap();
    fs::write(dir.path().join("config.json"), "{").unwrap();
    let Opened { store, .. } = open(dir.path());
    store.update(add_instance).unwrap();
    assert_eq!(opened_well(dir.path()).get(), store.get());
}

#[test]
fn what_was_restored_is_there_at_every_start_after_it() {
    let (dir, before) = damaged();
    assert_eq!(open(dir.path()).store.get(), before);
    let second = opened_well(dir.path());
    assert_eq!(second.get(), before);
    second
        .update(|configuration| configuration.preferences.theme = Theme::Dark)
        .unwrap();
    assert_eq!(opened_well(dir.path()).get().instances, before.instances);
}

#[test]
fn a_file_that_is_gone_is_restored_and_the_person_told() {
    let (dir, before) = damaged();
    fs::remove_file(dir.path().join("config.json")).unwrap();
    let Opened { store, notices } = open(dir.path());
    assert_eq!(
        notices,
        [ConfigNotice::Corrupt {
            moved_to: None,
            backup_loaded: true,
        }]
    );
    assert_eq!(store.get(), before);
    assert_eq!(opened_well(dir.path()).get(), before);
}

#[test]
fn without_file_and_backup_keydesk_starts_anew() {
    let (dir, _) = damaged();
    fs::remove_file(dir.path().join("config.json")).unwrap();
    fs::remove_file(dir.path().join("config.json.bak")).unwrap();
    assert_eq!(opened_well(dir.path()).get(), Configuration::default());
}

#[test]
fn an_account_that_was_signing_in_then_is_in_the_list_and_not_wiped() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened_well(dir.path());
    let mut instance = World::new().instance;
    instance.id = InstanceId("entering".into());
    let noted = instance.clone();
    store.update(|c| c.unfinished.push(noted)).unwrap();
    store
        .update(|c| {
            c.instances.append(&mut c.unfinished);
        })
        .unwrap();
    fs::write(dir.path().join("config.json"), "{").unwrap();
    let Opened { store, .. } = open(dir.path());
    for configuration in [store.get(), opened_well(dir.path()).get()] {
        assert_eq!(configuration.unfinished, []);
        assert_eq!(configuration.instances, [instance.clone()]);
    }
}
