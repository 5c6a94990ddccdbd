//! The configuration file in every state in which a start may find it.

mod killed;
mod restored;
#[cfg(unix)]
mod unix;

use std::fs;
use std::path::Path;

use keydesk_core::ErrorCode;
use keydesk_core::config::{ConfigNotice, ConfigStore, Configuration, Opened, SCHEMA};
use keydesk_core::instance::InstanceId;
use keydesk_core::preferences::{Language, Theme};

use crate::support::World;

fn open(dir: &Path) -> Opened {
    ConfigStore::open(dir.to_owned())
}

fn opened_well(dir: &Path) -> ConfigStore {
    let Opened { store, notices } = open(dir);
    assert_eq!(notices, []);
    store
}

fn add_instance(configuration: &mut Configuration) {
    let mut instance = World::new().instance;
    instance.id = InstanceId(format!("i-{}", configuration.instances.len()));
    configuration.selected = Some(instance.id.clone());
    configuration.instances.push(instance);
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_first_start_has_the_defaults_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("a/keydesk");
    assert_eq!(opened_well(&folder).get(), Configuration::default());
    assert!(names(&folder).is_empty());
}

#[test]
fn a_change_is_there_after_a_restart_and_the_state_before_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened_well(dir.path());
    store.update(add_instance).unwrap();
    store
        .update(|configuration| configuration.preferences.theme = Theme::Dark)
        .unwrap();
    let restarted = opened_well(dir.path());
    assert_eq!(restarted.get(), store.get());
    assert_eq!(restarted.get().instances.len(), 1);
    assert_eq!(names(dir.path()), ["config.json", "config.json.bak"]);
    let before: Configuration =
        serde_json::from_slice(&fs::read(dir.path().join("config.json.bak")).unwrap()).unwrap();
    assert_eq!(before.preferences.theme, Theme::System);
}

#[test]
fn a_change_that_changes_nothing_keeps_the_backup() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened_well(dir.path());
    store.update(add_instance).unwrap();
    store.update(|_| {}).unwrap();
    assert_eq!(names(dir.path()), ["config.json"]);
}

#[test]
fn what_could_not_be_read_back_is_not_written() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened_well(dir.path());
    store.update(add_instance).unwrap();
    let before = store.get();
    let refused = store.update(|c| {
        let trust = &mut c.instances.first_mut().unwrap().trust;
        trust.authority_pem = Some("-".repeat(8 * 1024 * 1024));
    });
    assert_eq!(refused.unwrap_err().code, ErrorCode::ConfigurationReadOnly);
    assert_eq!(store.get(), before);
    assert_eq!(opened_well(dir.path()).get(), before);
}

#[test]
fn preferences_are_kept_within_their_limits() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened_well(dir.path());
    store
        .update(|c| c.preferences.clear_clipboard_after_seconds = Some(100_000))
        .unwrap();
    assert_eq!(
        store.get().preferences.clear_clipboard_after_seconds,
        Some(120)
    );
    let written =
        r#"{"schema":1,"preferences":{"language":"zh-cn","clearClipboardAfterSeconds":1}}"#;
    fs::write(dir.path().join("config.json"), written).unwrap();
    let preferences = opened_well(dir.path()).get().preferences;
    assert_eq!(preferences.language, Language::ZhCn);
    assert_eq!(preferences.clear_clipboard_after_seconds, Some(10));
}

#[test]
fn a_damaged_file_is_moved_aside_and_the_state_before_loaded() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened_well(dir.path());
    store.update(add_instance).unwrap();
    let before = store.get();
    store.update(add_instance).unwrap();
    for damage in [
        "",
        "{",
        "null",
        "[]",
        r#"{"schema":1,"instances":[{}]}"#,
        "\0\0\0\0",
    ] {
        fs::write(dir.path().join("config.json"), damage).unwrap();
        let Opened { store, notices } = open(dir.path());
        let [
            ConfigNotice::Corrupt {
                moved_to: Some(name),
                backup_loaded: true,
            },
        ] = &notices[..]
        else {
            panic!("{damage:?}: {notices:?}");
        };
        assert!(name.starts_with("config.json.corrupt-"));
        assert_eq!(fs::read_to_string(dir.path().join(name)).unwrap(), damage);
        assert_eq!(store.get(), before, "{damage:?}");
        fs::remove_file(dir.path().join(name)).unwrap();
    }
}

#[test]
fn a_file_that_was_edited_by_hand_may_begin_with_the_mark_of_its_encoding() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened_well(dir.path());
    store.update(add_instance).unwrap();
    let path = dir.path().join("config.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("\u{FEFF}{text}")).unwrap();
    assert_eq!(opened_well(dir.path()).get(), store.get());
}

#[test]
fn without_a_backup_a_damaged_file_means_a_fresh_start() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("config.json"), "{").unwrap();
    fs::write(dir.path().join("config.json.bak"), "{").unwrap();
    let Opened { store, notices } = open(dir.path());
    assert!(matches!(
        notices[..],
        [ConfigNotice::Corrupt {
            backup_loaded: false,
            ..
        }]
    ));
    assert_eq!(store.get(), Configuration::default());
    store.update(add_instance).unwrap();
    assert_eq!(opened_well(dir.path()).get().instances.len(), 1);
}

#[test]
fn a_file_that_ends_anywhere_never_stops_a_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened_well(dir.path());
    store.update(add_instance).unwrap();
    let whole = fs::read(dir.path().join("config.json")).unwrap();
    for length in 0..whole.len() - 1 {
        fs::write(dir.path().join("config.json"), &whole[..length]).unwrap();
        let Opened { store, notices } = open(dir.path());
        let is_told = matches!(notices[..], [ConfigNotice::Corrupt { .. }]);
        assert!(
            is_told || store.get().instances.len() == 1,
            "cut off at {length}"
        );
    }
}

#[test]
fn an_enormous_file_is_not_read() {
    let dir = tempfile::tempdir().unwrap();
    let file = fs::File::create(dir.path().join("config.json")).unwrap();
    file.set_len(9 << 20).unwrap();
    let Opened { notices, .. } = open(dir.path());
    assert!(matches!(notices[..], [ConfigNotice::Corrupt { .. }]));
}

#[test]
fn a_newer_file_is_read_and_never_written() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened_well(dir.path());
    store.update(add_instance).unwrap();
    let path = dir.path().join("config.json");
    let mut newer: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    newer["schema"] = (SCHEMA + 1).into();
    newer["future"] = "thing".into();
    newer["preferences"]["theme"] = "sepia".into();
    let strange = serde_json::json!({"kind": "quantum"});
    newer["instances"]
        .as_array_mut()
        .unwrap()
        .insert(0, strange);
    let newer = newer.to_string();
    fs::write(&path, &newer).unwrap();
    let Opened { store, notices } = open(dir.path());
    assert_eq!(notices, [ConfigNotice::NewerSchema { schema: SCHEMA + 1 }]);
    assert!(!store.keeps_changes());
    assert_eq!(store.get().instances.len(), 1);
    store.update(add_instance).unwrap();
    assert_eq!(store.get().instances.len(), 2, "changes last until quit");
    assert_eq!(fs::read_to_string(&path).unwrap(), newer);
}

#[test]
fn without_a_folder_the_configuration_lives_in_memory() {
    let dir = tempfile::tempdir().unwrap();
    let blocked = dir.path().join("file");
    fs::write(&blocked, "").unwrap();
    let folder = blocked.join("keydesk");
    let Opened { store, notices } = open(&folder);
    assert_eq!(notices, [ConfigNotice::NotWritable]);
    assert!(!store.keeps_changes(), "nobody may rely on it");
    store.update(add_instance).unwrap();
    assert_eq!(store.get().instances.len(), 1);
    // As soon as it can be written, it is.
    fs::remove_file(&blocked).unwrap();
    store.update(add_instance).unwrap();
    let reopened = opened_well(&folder);
    assert_eq!(reopened.get().instances.len(), 2);
    assert!(reopened.keeps_changes());
}

#[test]
fn a_change_that_cannot_be_written_does_not_happen() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("keydesk");
    let store = opened_well(&folder);
    store.update(add_instance).unwrap();
    fs::rename(&folder, dir.path().join("elsewhere")).unwrap();
    fs::write(&folder, "in its place").unwrap();
    let error = store.update(add_instance).unwrap_err();
    assert_eq!(error.code, ErrorCode::ConfigurationReadOnly);
    assert!(
        !error.detail.unwrap().contains("keydesk"),
        "no path of the person's"
    );
    assert_eq!(store.get().instances.len(), 1);
}

#[test]
fn a_folder_in_place_of_the_file_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("config.json")).unwrap();
    let Opened { store, notices } = open(dir.path());
    assert_eq!(notices, [ConfigNotice::NotWritable]);
    store.update(add_instance).unwrap();
    assert!(dir.path().join("config.json").is_dir());
}

#[test]
fn what_a_crash_left_behind_does_no_harm() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened_well(dir.path());
    store.update(add_instance).unwrap();
    fs::write(dir.path().join(".keydesk-Xx1.tmp"), "half").unwrap();
    assert_eq!(opened_well(dir.path()).get(), store.get());
}

#[test]
fn changes_from_many_threads_are_all_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened_well(dir.path());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..5).for_each(|_| store.update(add_instance).unwrap()));
        }
    });
    assert_eq!(opened_well(dir.path()).get().instances.len(), 40);
}
