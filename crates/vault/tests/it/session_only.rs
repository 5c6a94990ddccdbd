//! No keyring: the person keeps secrets until they quit, or fixes it and tries again.

use crate::fake_keyring::{Call, FakeKeyring, Fault, secret, text, token};
use keydesk_vault::{KeyringState, Persistence, SecretKey, Slot, Vault, VaultError};
use keyring::Error;

fn no_service(keyring: &FakeKeyring) {
    keyring.behave(|call, _| (call == Call::Build).then(|| Fault::Error(Error::NoDefaultStore)));
}

#[tokio::test]
async fn without_a_keyring_nothing_is_kept_before_the_person_chooses() {
    let keyring = FakeKeyring::default();
    no_service(&keyring);
    let vault = keyring.vault();
    assert_eq!(
        vault.set(&token(), secret("token")).await,
        Err(VaultError::Unavailable)
    );
    assert_eq!(vault.get(&token()).await, Err(VaultError::Unavailable));
    assert_eq!(vault.status().persistence, Persistence::Keyring);

    vault.use_memory_until_quit();
    assert_eq!(vault.get(&token()).await, Ok(None));
    vault.set(&token(), secret("token")).await.unwrap();
    assert_eq!(
        text(vault.get(&token()).await.unwrap()).as_deref(),
        Some("token")
    );
    assert_eq!(vault.status().persistence, Persistence::UntilQuit);

    drop(vault);
    keyring.behave_well();
    assert!(keyring.entries().is_empty());
    assert_eq!(
        keyring.vault().get(&token()).await,
        Ok(None),
        "gone with the app"
    );
}

#[tokio::test]
async fn a_keyring_that_works_at_last_takes_over_what_was_in_memory() {
    let keyring = FakeKeyring::default();
    no_service(&keyring);
    let vault = keyring.vault();
    vault.use_memory_until_quit();
    vault.set(&token(), secret("token")).await.unwrap();
    let stored = SecretKey::new("jane", Slot::StoredKey("17".into()));
    vault.set(&stored, secret("k".repeat(8_192))).await.unwrap();

    assert_eq!(
        vault.retry().await.keyring,
        KeyringState::Failed(VaultError::Unavailable)
    );
    assert_eq!(vault.status().persistence, Persistence::UntilQuit);
    assert_eq!(
        text(vault.get(&token()).await.unwrap()).as_deref(),
        Some("token")
    );

    keyring.behave_well();
    let status = vault.retry().await;
    assert_eq!(
        (status.persistence, status.keyring),
        (Persistence::Keyring, KeyringState::Ready)
    );
    let restarted = keyring.vault();
    assert_eq!(
        text(restarted.get(&token()).await.unwrap()).as_deref(),
        Some("token")
    );
    assert_eq!(
        text(restarted.get(&stored).await.unwrap()),
        Some("k".repeat(8_192))
    );
}

#[tokio::test]
async fn a_full_keyring_still_gives_and_forgets_what_it_has() {
    let keyring = FakeKeyring::default();
    let vault = keyring.vault();
    let password = SecretKey::new("jane", Slot::Password);
    vault.set(&password, secret("kept")).await.unwrap();
    vault.use_memory_until_quit();
    vault.set(&token(), secret("token")).await.unwrap();
    assert_eq!(
        text(vault.get(&password).await.unwrap()).as_deref(),
        Some("kept")
    );
    assert_eq!(keyring.entries().len(), 1);

    vault.delete_account("jane").await.unwrap();
    assert!(keyring.entries().is_empty());
    vault.delete(&token()).await.unwrap();
    assert_eq!(vault.get(&token()).await, Ok(None));
}

#[tokio::test]
async fn a_vault_in_memory_forgets_by_account() {
    let vault = Vault::in_memory();
    vault.set(&token(), secret("token")).await.unwrap();
    vault
        .set(&SecretKey::new("john", Slot::ApiKey), secret("key"))
        .await
        .unwrap();
    vault.delete_account(token().account()).await.unwrap();
    assert_eq!(vault.get(&token()).await, Ok(None));
    let status = vault.retry().await;
    assert_eq!(status.persistence, Persistence::UntilQuit);
    assert_eq!(
        status.keyring,
        KeyringState::Failed(VaultError::Unavailable)
    );
    let kept = vault
        .get(&SecretKey::new("john", Slot::ApiKey))
        .await
        .unwrap();
    assert_eq!(text(kept).as_deref(), Some("key"));
}

#[tokio::test]
async fn a_keyring_that_is_left_alone_is_not_said_to_have_forgotten() {
    let mut faults: Vec<(fn() -> Error, VaultError)> = vec![(
        || Error::PlatformFailure("broken".into()),
        VaultError::Failed,
    )];
    if !cfg!(windows) {
        faults.push((
            || Error::NoStorageAccess("locked".into()),
            VaultError::Denied,
        ));
    }
    for (fault, expected) in faults {
        let keyring = FakeKeyring::default();
        let vault = keyring.vault();
        vault.set(&token(), secret("old")).await.unwrap();
        keyring.behave(move |call, _| (call != Call::Build).then(|| Fault::Error(fault())));
        assert_eq!(vault.get(&token()).await, Err(expected));

        vault.use_memory_until_quit();
        vault.set(&token(), secret("new")).await.unwrap();
        let calls = keyring.calls().len();
        assert_eq!(vault.delete(&token()).await, Err(expected));
        assert_eq!(vault.get(&token()).await, Ok(None), "memory forgot it");
        vault.set(&token(), secret("new")).await.unwrap();
        let forgotten = vault.delete_account(token().account()).await;
        assert_eq!(forgotten, Err(expected));
        assert_eq!(vault.get(&token()).await, Ok(None));
        assert_eq!(keyring.calls().len(), calls, "it was not asked again");
        assert_eq!(keyring.entries().len(), 1);

        keyring.behave_well();
        vault.retry().await;
        vault.delete_account(token().account()).await.unwrap();
        assert!(keyring.entries().is_empty());
    }
}

#[tokio::test]
async fn where_there_is_no_keyring_nothing_is_left_in_one() {
    let keyring = FakeKeyring::default();
    no_service(&keyring);
    let vault = keyring.vault();
    vault.set(&token(), secret("token")).await.unwrap_err();
    vault.use_memory_until_quit();
    vault.set(&token(), secret("token")).await.unwrap();
    vault.delete(&token()).await.unwrap();
    vault.delete_account(token().account()).await.unwrap();
}
