//! Every fault that a keyring can have, at every call, and what the caller sees of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::fake_keyring::{Call, FakeKeyring, Fault, quick, secret, text, token};
use keydesk_vault::{KeyringState, Vault, VaultError};
use keyring::Error;

fn cause() -> Box<dyn std::error::Error + Send + Sync> {
    Box::new(std::io::Error::other("planted-secret"))
}

/// Every variant of the library's error, by number.
fn error(number: usize) -> Option<Error> {
    let planted = || b"planted-secret".to_vec();
    Some(match number {
        0 => Error::PlatformFailure(cause()),
        1 => Error::NoStorageAccess(cause()),
        2 => Error::NoEntry,
        3 => Error::BadEncoding(planted()),
        4 => Error::BadDataFormat(planted(), cause()),
        5 => Error::BadStoreFormat("planted-secret".into()),
        6 => Error::TooLong("secret".into(), 2_560),
        7 => Error::Invalid("user".into(), "planted-secret".into()),
        8 => Error::Ambiguous(Vec::new()),
        9 => Error::NoDefaultStore,
        10 => Error::NotSupportedByStore("planted-secret".into()),
        _ => return None,
    })
}

/// What the caller of read, write and delete sees of each; `None` is success.
fn expected(number: usize) -> [Option<VaultError>; 3] {
    let declined = if cfg!(windows) {
        VaultError::Unavailable
    } else {
        VaultError::Denied
    };
    match number {
        1 => [Some(declined); 3],
        2 => [None, Some(VaultError::Failed), None],
        3 | 4 => [None, Some(VaultError::Corrupt), Some(VaultError::Corrupt)],
        5 => [Some(VaultError::Corrupt); 3],
        6 => [Some(VaultError::TooLong); 3],
        9 => [Some(VaultError::Unavailable); 3],
        _ => [Some(VaultError::Failed); 3],
    }
}

async fn call(vault: &Vault, kind: Call) -> Result<(), VaultError> {
    match kind {
        Call::Read => vault.get(&token()).await.map(|value| {
            assert!(value.is_none(), "a value that could not be read");
        }),
        Call::Write => vault.set(&token(), secret("new")).await,
        _ => vault.delete(&token()).await,
    }
}

#[tokio::test]
async fn every_error_at_every_call_becomes_one_of_ours_and_passes() {
    let mut seen = 0;
    for number in 0.. {
        if error(number).is_none() {
            break;
        }
        for (kind, expected) in [Call::Read, Call::Write, Call::Delete]
            .into_iter()
            .zip(expected(number))
        {
            let keyring = FakeKeyring::default();
            keyring.vault().set(&token(), secret("old")).await.unwrap();
            let vault = keyring.vault();
            keyring.behave(move |met, _| {
                (met == kind)
                    .then(|| error(number).map(Fault::Error))
                    .flatten()
            });

            let outcome = call(&vault, kind).await;
            assert_eq!(outcome.err(), expected, "error {number} at {kind:?}");

            keyring.behave_well();
            vault.retry().await;
            assert_eq!(
                call(&vault, Call::Write).await,
                Ok(()),
                "error {number} at {kind:?}"
            );
            assert_eq!(
                text(vault.get(&token()).await.unwrap()).as_deref(),
                Some("new")
            );
            assert_eq!(vault.status().keyring, KeyringState::Ready);
            seen += 1;
        }
    }
    assert_eq!(seen, 33);
}

#[tokio::test]
async fn an_unreadable_value_is_absent_and_stays_until_it_is_replaced() {
    let keyring = FakeKeyring::default();
    let vault = keyring.vault();
    vault.set(&token(), secret("mine")).await.unwrap();
    let user = keyring.entries().into_keys().next().unwrap();
    for foreign in [&b"eyJhbGciOi"[..], b"\xff\xfe", b"", b"keydesk9:later"] {
        keyring.plant(&user, foreign);
        assert!(vault.get(&token()).await.unwrap().is_none());
        assert_eq!(keyring.entries()[&user], foreign);
    }
    vault.set(&token(), secret("mine again")).await.unwrap();
    assert_eq!(
        text(vault.get(&token()).await.unwrap()).as_deref(),
        Some("mine again")
    );
}

#[tokio::test]
async fn a_restarted_daemon_costs_the_caller_nothing() {
    for fault in [
        || Fault::Panic,
        || Fault::Error(Error::PlatformFailure(cause())),
    ] {
        for kind in [Call::Read, Call::Write, Call::Delete] {
            let keyring = FakeKeyring::default();
            let vault = keyring.vault();
            assert_eq!(vault.get(&token()).await, Ok(None));
            // The old connection is dead; a new one works.
            let builds = Arc::new(AtomicUsize::new(0));
            keyring.behave(move |met, _| {
                if met == Call::Build {
                    builds.fetch_add(1, Ordering::Relaxed);
                }
                (met == kind && builds.load(Ordering::Relaxed) == 0).then(fault)
            });
            assert_eq!(call(&vault, kind).await, Ok(()));
        }
    }
}

#[tokio::test]
async fn a_keyring_that_keeps_panicking_fails_each_call_and_no_more() {
    let keyring = FakeKeyring::default();
    let vault = keyring.vault();
    keyring.behave(|_, _| Some(Fault::Panic));
    for kind in [Call::Read, Call::Write, Call::Delete, Call::Read] {
        assert_eq!(call(&vault, kind).await, Err(VaultError::Failed));
    }
    assert_eq!(vault.delete_account("jane").await, Err(VaultError::Failed));
    assert_eq!(
        vault.retry().await.keyring,
        KeyringState::Failed(VaultError::Failed)
    );
    keyring.behave_well();
    assert_eq!(vault.retry().await.keyring, KeyringState::Ready);
}

#[tokio::test]
async fn a_service_that_starts_later_is_found() {
    let keyring = FakeKeyring::default();
    let vault = keyring.vault();
    keyring.behave(|call, _| {
        (call == Call::Build).then(|| Fault::Error(Error::PlatformFailure(cause())))
    });
    assert_eq!(vault.status().keyring, KeyringState::Untried);
    assert_eq!(vault.get(&token()).await, Err(VaultError::Unavailable));
    assert_eq!(
        vault.status().keyring,
        KeyringState::Failed(VaultError::Unavailable)
    );
    keyring.behave_well();
    vault.set(&token(), secret("token")).await.unwrap();
    assert_eq!(
        text(vault.get(&token()).await.unwrap()).as_deref(),
        Some("token")
    );
}

#[cfg(not(windows))]
#[tokio::test]
async fn a_person_who_declined_is_not_asked_again_before_they_ask() {
    let keyring = FakeKeyring::default();
    let vault = keyring.vault();
    keyring.behave(|call, _| {
        (call != Call::Build).then(|| Fault::Error(Error::NoStorageAccess(cause())))
    });
    assert_eq!(vault.get(&token()).await, Err(VaultError::Denied));
    let asked = keyring.calls().len();
    for kind in [Call::Read, Call::Write, Call::Delete] {
        assert_eq!(call(&vault, kind).await, Err(VaultError::Denied));
    }
    assert_eq!(keyring.calls().len(), asked);
    keyring.behave_well();
    assert_eq!(vault.retry().await.keyring, KeyringState::Ready);
    assert_eq!(vault.get(&token()).await, Ok(None));
    assert!(keyring.entries().is_empty(), "a probe leaves nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hung_keyring_holds_nobody_beyond_the_deadline() {
    let keyring = FakeKeyring::default();
    let vault = keyring.impatient_vault();
    assert_eq!(vault.get(&token()).await, Ok(None)); // answered once: the short deadline holds
    keyring.hang_once(Call::Read);

    let start = Instant::now();
    assert_eq!(vault.get(&token()).await, Err(VaultError::TimedOut));
    assert!(start.elapsed() >= quick().answer && start.elapsed() < quick().answer * 3);
    assert_eq!(keyring.hanging(), 1, "that thread is still in there");

    vault.set(&token(), secret("token")).await.unwrap();
    assert_eq!(
        text(vault.get(&token()).await.unwrap()).as_deref(),
        Some("token")
    );
    keyring.release();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_behind_a_hung_one_gets_its_turn() {
    let keyring = FakeKeyring::default();
    let vault = keyring.impatient_vault();
    assert_eq!(vault.get(&token()).await, Ok(None));
    keyring.hang_once(Call::Read);
    let first = tokio::spawn({
        let vault = vault.clone();
        async move { vault.get(&token()).await }
    });
    tokio::time::sleep(quick().answer / 2).await;
    assert!(vault.status().waiting);
    vault.set(&token(), secret("token")).await.unwrap();
    assert_eq!(first.await.unwrap(), Err(VaultError::TimedOut));
    keyring.release();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_hangs_for_ever_costs_a_few_threads_and_then_none() {
    let keyring = FakeKeyring::default();
    let vault = keyring.impatient_vault();
    keyring.behave(|_, _| Some(Fault::Hang));
    for _ in 0..8 {
        assert_eq!(vault.get(&token()).await, Err(VaultError::TimedOut));
    }
    assert_eq!(keyring.hanging(), 4);
    let start = Instant::now();
    assert_eq!(vault.get(&token()).await, Err(VaultError::TimedOut));
    assert!(
        start.elapsed() < quick().prompt / 2,
        "nothing left to wait for"
    );

    keyring.behave_well();
    keyring.release();
    while keyring.hanging() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    vault.set(&token(), secret("token")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_was_given_up_takes_no_further_step() {
    let keyring = FakeKeyring::default();
    let vault = keyring.impatient_vault();
    vault.set(&token(), secret("old")).await.unwrap();
    keyring.hang_once(Call::Write);
    let long = "x".repeat(8_192);
    assert_eq!(
        vault.set(&token(), secret(long)).await,
        Err(VaultError::TimedOut)
    );
    vault.set(&token(), secret("new")).await.unwrap();
    keyring.release();
    while keyring.hanging() > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(
        text(vault.get(&token()).await.unwrap()).as_deref(),
        Some("new")
    );
    vault.delete_account(token().account()).await.unwrap();
    assert!(keyring.entries().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_leaves_withdraws_what_has_not_begun() {
    let keyring = FakeKeyring::default();
    let vault = keyring.vault();
    keyring.behave(|call, _| (call == Call::Read).then_some(Fault::Hang));
    let in_front = tokio::spawn({
        let vault = vault.clone();
        async move { vault.get(&token()).await }
    });
    while keyring.hanging() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let key = token();
    let left = tokio::time::timeout(Duration::from_millis(20), vault.set(&key, secret("never")));
    assert!(left.await.is_err());
    keyring.behave_well();
    keyring.release();
    assert_eq!(in_front.await.unwrap(), Ok(None));
    assert_eq!(vault.get(&token()).await, Ok(None));
}
