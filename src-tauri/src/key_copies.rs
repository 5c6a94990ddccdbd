//! Of which keys this computer keeps a copy, as the configuration notes it. A copy is found by the id
//! of its key, and is handed out for the key alone of which it was made.
//!
//! Not here: the copies themselves (the session, in the keyring).

use std::sync::Arc;

use keydesk_core::Result;
use keydesk_core::api_key::{ApiKeyId, ApiKeyList};
use keydesk_core::instance::{Instance, InstanceId};
use keydesk_core::session::{KeptCopy, Session};

use crate::state::App;

/// Forgets the copies of keys whose id belongs to another key by now, as a list shows that was asked
/// for while the instance was `before`.
pub async fn recognize(app: &App, session: &Session, before: &Instance, list: &ApiKeyList) {
    if before.kept_keys.is_empty() {
        return;
    }
    let Ok(known) = session.capabilities(list.organization.as_ref()).await else {
        return; // the next list tells
    };
    let listed: Vec<_> = list
        .keys
        .iter()
        .filter(|key| before.kept_keys.contains(&key.id))
        .filter_map(|key| {
            let mark = key.mark(known.api_keys.expiration_editable)?;
            Some((key.id.clone(), mark))
        })
        .collect();
    let mut replaced = Vec::new();
    note(app, &before.id, |known| {
        replaced = known.recognize_copies(before, listed);
    });
    for key in replaced {
        remove(session, &key).await;
    }
}

/// Forgets the copies of keys where another person is signed in than before: copies are found by
/// the ids of their keys, and two people's keys may have the same.
pub async fn recognize_person(app: &App, session: &Session, person: &str) {
    let Ok(known) = app.instance(&session.instance().id) else {
        return;
    };
    // An answer to who was signed in before says nothing of who is now.
    let is_late = session.status().signed_in != Some(true);
    if is_late || person.is_empty() || known.person == person {
        return;
    }
    let is_another = !known.person.is_empty();
    if is_another {
        for key in known.kept_keys.iter().chain(&known.kept_until_quit) {
            remove(session, key).await;
        }
    }
    note(app, &known.id, |known| {
        person.clone_into(&mut known.person);
        if is_another {
            known.forget_copies();
        }
    });
}

/// Removes a copy that is of no use; its note is, or will be, gone whether the keyring obeys or not.
async fn remove(session: &Session, key: &ApiKeyId) {
    if let Err(error) = session.forget_kept_key(key).await {
        tracing::warn!(%error, "the copy of another key stays in the keyring");
    }
}

/// Removes the copy of a key that this computer keeps; the key itself stays.
///
/// # Errors
/// Those of the keyring.
pub async fn forget(app: &App, id: &InstanceId, key: &ApiKeyId) -> Result<()> {
    app.session(id).await?.forget_kept_key(key).await?;
    note(app, id, |known| known.forget_copy(key));
    Ok(())
}

/// The keyring has taken what was in memory only: the copies of keys are in it now.
pub fn note_moved(app: &App) {
    let noted = app.update(|configuration| {
        for instance in &mut configuration.instances {
            instance.kept_keys.append(&mut instance.kept_until_quit);
        }
    });
    if let Err(error) = noted {
        tracing::warn!(%error, "the copies of keys were not noted in the configuration");
    }
}

/// Notes what became of the copy of a new key. What was noted under its id before is of an earlier
/// key, which this one has replaced.
pub fn note_new(app: &App, session: &Arc<Session>, key: ApiKeyId, kept: Option<KeptCopy>) {
    let id = &session.instance().id;
    let is_noted = || app.instance(id).is_ok_and(|known| known.keeps(&key));
    let before = is_noted();
    note(app, id, |known| {
        known.forget_copy(&key);
        match kept {
            Some(KeptCopy::InKeyring) => _ = known.kept_keys.insert(key.clone()),
            Some(KeptCopy::UntilQuit) => _ = known.kept_until_quit.insert(key.clone()),
            Some(KeptCopy::NotKept(_)) | None => {}
        }
    });
    if before && !is_noted() {
        let session = session.clone();
        // Nothing comes between a new key and the person, a slow keyring least of all.
        tauri::async_runtime::spawn(async move { remove(&session, &key).await });
    }
}

/// Notes of which keys there is a copy.
pub fn note(app: &App, id: &InstanceId, change: impl FnOnce(&mut Instance)) {
    if let Err(error) = app.update_instance(id, change) {
        tracing::warn!(%error, "the copy of a key was not noted in the configuration");
    }
}

#[cfg(test)]
mod tests {
    use keydesk_core::ErrorCode;
    use keydesk_core::api_key::{Expiration, KeyMark, NewApiKey};
    use keydesk_core::time::Timestamp;

    use super::*;
    use crate::desk::Desk;
    use crate::keys::{create, list};
    use crate::people;

    async fn made(desk: &Desk) -> ApiKeyId {
        let new = NewApiKey {
            title: "publish-from-ci".into(),
            description: String::new(),
            scopes: Vec::new(),
            expiration: Expiration::Never,
        };
        let created = create(&desk.app, &desk.id, None, new, true).await.unwrap();
        created.key.id
    }

    fn change(desk: &Desk, change: impl FnOnce(&mut Instance)) {
        desk.app.update_instance(&desk.id, change).unwrap();
    }

    fn keeps(desk: &Desk, key: &ApiKeyId) -> bool {
        desk.app.instance(&desk.id).unwrap().keeps(key)
    }

    #[tokio::test]
    async fn a_list_that_shows_another_key_of_the_same_id_ends_its_copy() {
        let desk = Desk::open().await;
        let key = made(&desk).await;
        change(&desk, |known| _ = known.kept_keys.insert(key.clone()));
        for _ in 0..2 {
            list(&desk.app, &desk.id, None).await.unwrap();
            assert!(keeps(&desk, &key));
        }
        change(&desk, |known| {
            let mark = known.kept_marks.get_mut(&key).unwrap();
            *mark = KeyMark::AddedOn(Timestamp(1));
        });
        list(&desk.app, &desk.id, None).await.unwrap();
        assert!(!keeps(&desk, &key));
    }

    #[tokio::test]
    async fn a_new_key_without_a_copy_ends_that_of_an_earlier_one() {
        let desk = Desk::open().await;
        let session = desk.app.session(&desk.id).await.unwrap();
        let key = ApiKeyId("publish-from-ci".into());
        let refused = KeptCopy::NotKept(ErrorCode::KeyringUnavailable);
        for kept in [None, Some(refused)] {
            note_new(&desk.app, &session, key.clone(), Some(KeptCopy::InKeyring));
            assert!(keeps(&desk, &key));
            note_new(&desk.app, &session, key.clone(), kept);
            assert!(!keeps(&desk, &key));
        }
        // In memory now, and what the keyring may have is of the earlier key.
        note_new(&desk.app, &session, key.clone(), Some(KeptCopy::InKeyring));
        note_new(&desk.app, &session, key.clone(), Some(KeptCopy::UntilQuit));
        assert!(desk.app.instance(&desk.id).unwrap().kept_keys.is_empty());
        assert!(keeps(&desk, &key));
    }

    #[tokio::test]
    async fn copies_are_of_one_person() {
        let desk = Desk::open().await;
        let key = ApiKeyId("publish-from-ci".into());
        let account = || people::account(&desk.app, &desk.id, None);
        change(&desk, |known| _ = known.kept_keys.insert(key.clone()));
        for _ in 0..2 {
            account().await.unwrap();
            assert!(keeps(&desk, &key));
        }
        change(&desk, |known| known.person = "someone else".into());
        let profile = account().await.unwrap().profile;
        assert!(!keeps(&desk, &key));
        assert_eq!(desk.app.instance(&desk.id).unwrap().person, profile.id);

        change(&desk, |known| _ = known.kept_keys.insert(key.clone()));
        let before = desk
            .app
            .connect(desk.app.instance(&desk.id).unwrap())
            .unwrap();
        before.retire();
        recognize_person(&desk.app, &before, "someone else").await;
        assert!(keeps(&desk, &key));
    }
}
