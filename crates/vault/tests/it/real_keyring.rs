//! The system's own keyring: Credential Manager on Windows, Secret Service on Linux.
//!
//! On Linux it needs a session with an unlocked keyring, and runs if `KEYDESK_TEST_REAL_KEYRING`
//! is `1`.

use keydesk_vault::{KeyringState, SecretKey, Slot, Vault};

use crate::fake_keyring::{secret, text};

fn wanted() -> bool {
    cfg!(windows) || std::env::var("KEYDESK_TEST_REAL_KEYRING").is_ok_and(|value| value == "1")
}

/// A service of this test alone, so that nothing of the person's, or of another run, is touched.
fn service(test: &str) -> String {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    format!("keydesk-test-{test}-{}", now.as_nanos())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_keyring_keeps_finds_and_forgets() {
    if !wanted() {
        return;
    }
    let service = service("keeps");
    let vault = Vault::new(&service);
    assert_eq!(vault.retry().await.keyring, KeyringState::Ready);
    let account = "https://idmp.example/base|jane.doe@example.com";
    let token = SecretKey::new(account, Slot::SessionToken);
    let password = SecretKey::new(account, Slot::Password);
    let other = SecretKey::new("https://idmp.example|john", Slot::StoredKey("k.1".into()));
    assert_eq!(vault.get(&token).await, Ok(None));
    assert_eq!(vault.delete(&token).await, Ok(()));

    let jwt = "eyJhbGciOiJIUzI1NiJ9.".repeat(400);
    assert!(jwt.len() > 8_192);
    vault.set(&token, secret(jwt.clone())).await.unwrap();
    vault
        .set(&password, secret("pässwörd 密码 \u{1f511}"))
        .await
        .unwrap();
    vault.set(&other, secret("api_17.secret")).await.unwrap();

    // As after a restart: nothing comes from memory.
    let again = Vault::new(&service);
    assert_eq!(text(again.get(&token).await.unwrap()), Some(jwt));
    let kept = text(again.get(&password).await.unwrap());
    assert_eq!(kept.as_deref(), Some("pässwörd 密码 \u{1f511}"));

    again.set(&token, secret("short")).await.unwrap();
    assert_eq!(
        text(vault.get(&token).await.unwrap()).as_deref(),
        Some("short")
    );

    vault.delete_account(account).await.unwrap();
    assert_eq!(again.get(&token).await, Ok(None));
    assert_eq!(again.get(&password).await, Ok(None));
    assert_eq!(
        text(again.get(&other).await.unwrap()).as_deref(),
        Some("api_17.secret")
    );
    vault.delete(&other).await.unwrap();

    let left = keydesk_vault::keyring::platform_store()
        .unwrap()
        .users(&service)
        .unwrap();
    assert_eq!(left, Vec::<String>::new(), "nothing is left in the keyring");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_callers_at_once_each_get_their_own() {
    if !wanted() {
        return;
    }
    let vault = Vault::new(service("many"));
    let mut tasks = Vec::new();
    for number in 0..12 {
        let vault = vault.clone();
        tasks.push(tokio::spawn(async move {
            let key = SecretKey::new(format!("account {number}"), Slot::ApiKey);
            vault
                .set(&key, secret(format!("value {number}")))
                .await
                .unwrap();
            let found = text(vault.get(&key).await.unwrap());
            vault.delete(&key).await.unwrap();
            assert_eq!(found, Some(format!("value {number}")));
            assert_eq!(vault.get(&key).await, Ok(None));
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}
