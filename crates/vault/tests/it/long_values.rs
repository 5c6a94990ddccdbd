//! Values above the limit of one entry: whole or not at all, whatever happens half-way.

use crate::fake_keyring::{Call, FakeKeyring, Fault, secret, text, token};
use keydesk_vault::{SecretKey, Slot, VaultError};
use keyring::Error;
use proptest::prelude::*;

fn jwt(length: usize, seed: u8) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    (0..length)
        .map(|index| char::from(alphabet[(index * 7 + usize::from(seed)) % 64]))
        .collect()
}

#[tokio::test]
async fn an_eight_kibibyte_token_comes_back_whole() {
    let keyring = FakeKeyring::default();
    let vault = keyring.vault();
    let long = jwt(8_192, 0);

    vault.set(&token(), secret(long.clone())).await.unwrap();

    assert!(keyring.entries().len() > 3, "it does not fit fewer entries");
    assert!(keyring.entries().values().all(|value| value.len() <= 2_400));
    assert_eq!(
        text(keyring.vault().get(&token()).await.unwrap()),
        Some(long)
    );
}

#[tokio::test]
async fn a_replaced_or_deleted_value_leaves_no_piece_behind() {
    let keyring = FakeKeyring::default();
    let vault = keyring.vault();
    for value in [jwt(8_192, 1), jwt(20_000, 2), "short".into(), jwt(9_000, 3)] {
        vault.set(&token(), secret(value.clone())).await.unwrap();
        let stored: usize = keyring.entries().values().map(Vec::len).sum();
        assert!(
            stored < value.len() + 200,
            "pieces of an older value are left"
        );
        assert_eq!(text(vault.get(&token()).await.unwrap()), Some(value));
    }
    vault.delete(&token()).await.unwrap();
    assert!(keyring.entries().is_empty());
}

#[tokio::test]
async fn a_value_with_a_lost_piece_is_absent_and_never_cut_short() {
    let keyring = FakeKeyring::default();
    let vault = keyring.vault();
    vault.set(&token(), secret(jwt(8_192, 0))).await.unwrap();
    let pieces: Vec<String> = keyring
        .entries()
        .into_keys()
        .filter(|user| user.matches('/').count() == 2)
        .collect();
    assert_eq!(pieces.len(), 4);

    for piece in &pieces {
        let value = keyring.entries()[piece].clone();
        keyring.remove(piece);
        assert!(vault.get(&token()).await.unwrap().is_none(), "a lost piece");
        keyring.plant(piece, &value[1..]);
        assert!(
            vault.get(&token()).await.unwrap().is_none(),
            "a shortened piece"
        );
        keyring.plant(piece, &[&value[1..], b"!"].concat());
        assert!(
            vault.get(&token()).await.unwrap().is_none(),
            "an altered piece"
        );
        keyring.plant(piece, &value);
    }
    assert!(vault.get(&token()).await.unwrap().is_some());
}

#[tokio::test]
async fn a_value_beyond_all_measure_is_refused_and_the_old_one_stays() {
    let keyring = FakeKeyring::default();
    let vault = keyring.vault();
    vault.set(&token(), secret("old")).await.unwrap();
    let refused = vault.set(&token(), secret(jwt(64 * 1024 + 1, 0))).await;
    assert_eq!(refused, Err(VaultError::TooLong));
    assert_eq!(
        text(vault.get(&token()).await.unwrap()).as_deref(),
        Some("old")
    );
    vault
        .set(&token(), secret(jwt(64 * 1024, 0)))
        .await
        .unwrap();
}

/// The process dies, as far as the keyring can tell, at each step of replacing one value by
/// another, and then of deleting it.
#[tokio::test]
async fn whenever_the_app_dies_the_value_is_the_old_one_or_the_new_one() {
    let values = ["short".to_owned(), jwt(6_000, 1), jwt(12_000, 2)];
    for (old, new) in values
        .iter()
        .flat_map(|old| values.iter().map(move |new| (old, new)))
    {
        for last in 0..40 {
            let keyring = FakeKeyring::default();
            keyring
                .vault()
                .set(&token(), secret(old.clone()))
                .await
                .unwrap();
            die_after(&keyring, last);
            let replaced = keyring.vault().set(&token(), secret(new.clone())).await;

            keyring.behave_well();
            let found = text(keyring.vault().get(&token()).await.unwrap()).unwrap();
            assert!(
                found == *old || found == *new,
                "step {last}: something else was read"
            );
            assert!(
                replaced.is_err() || found == *new,
                "step {last}: success was a lie"
            );

            die_after(&keyring, last);
            let deleted = keyring.vault().delete(&token()).await;
            keyring.behave_well();
            let left = text(keyring.vault().get(&token()).await.unwrap());
            assert!(
                left.is_none() || left == Some(found),
                "step {last}: part of a value"
            );
            assert!(
                deleted.is_err() || left.is_none(),
                "step {last}: success was a lie"
            );

            keyring
                .vault()
                .delete_account(token().account())
                .await
                .unwrap();
            assert!(
                keyring.entries().is_empty(),
                "step {last}: {:?}",
                keyring.entries().keys()
            );
        }
    }
}

fn die_after(keyring: &FakeKeyring, calls: usize) {
    let mut left = calls;
    keyring.behave(move |_, _| {
        if left == 0 {
            return Some(Fault::Error(Error::NoDefaultStore));
        }
        left -= 1;
        None
    });
}

#[tokio::test]
async fn deleting_an_account_touches_no_other() {
    let keyring = FakeKeyring::default();
    let vault = keyring.vault();
    let slots = [
        Slot::SessionToken,
        Slot::Password,
        Slot::ApiKey,
        Slot::CloudAuthorization,
        Slot::CloudAccessToken,
        Slot::StoredKey("17".into()),
        Slot::StoredKey("18".into()),
    ];
    for account in ["jane", "john"] {
        for slot in &slots {
            vault
                .set(
                    &SecretKey::new(account, slot.clone()),
                    secret(jwt(5_000, 9)),
                )
                .await
                .unwrap();
        }
    }
    let before = keyring.entries().len();
    vault.delete_account("jane").await.unwrap();
    assert_eq!(keyring.entries().len(), before / 2);
    for slot in slots {
        assert!(
            vault
                .get(&SecretKey::new("jane", slot.clone()))
                .await
                .unwrap()
                .is_none()
        );
        assert!(
            vault
                .get(&SecretKey::new("john", slot))
                .await
                .unwrap()
                .is_some()
        );
    }
}

#[tokio::test]
async fn an_account_is_deleted_also_where_the_keyring_cannot_list() {
    let keyring = FakeKeyring::default();
    let vault = keyring.vault();
    vault.set(&token(), secret(jwt(8_192, 0))).await.unwrap();
    keyring.behave(|call, _| {
        (call == Call::Users).then(|| Fault::Error(Error::NotSupportedByStore("search".into())))
    });
    vault.delete_account(token().account()).await.unwrap();
    assert!(keyring.entries().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_comes_back_as_it_was(value in "(\\PC|\u{0}|[a-z]{0,60}){0,400}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let keyring = FakeKeyring::default();
            keyring.vault().set(&token(), secret(value.clone())).await.unwrap();
            prop_assert_eq!(text(keyring.vault().get(&token()).await.unwrap()), Some(value));
            Ok(())
        })?;
    }
}
