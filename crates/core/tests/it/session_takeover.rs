//! A session that another one of the same account has replaced while it was at work.

use keydesk_core::ErrorCode;

use crate::support::{LOGIN, PASSWORD, World, secret};

#[tokio::test]
async fn a_retired_session_neither_renews_nor_overwrites_the_new_one() {
    for turns in 0..12 {
        let mut world = World::new();
        let old = world.signed_in(true).await;
        world.server.end_sessions();
        let working = {
            let old = old.clone();
            tokio::spawn(async move { old.account(None).await })
        };
        for _ in 0..turns {
            tokio::task::yield_now().await;
        }
        old.retire();
        let new = world.session();
        new.sign_in_with_password(LOGIN, secret(PASSWORD), None, true)
            .await
            .unwrap();
        let own = world.server.state().tokens.clone();
        let _ = working.await.unwrap();

        assert_eq!(old.status().signed_in, Some(false));
        let error = old.account(None).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::SignedOut);
        assert!(world.keyring.holds(PASSWORD));
        assert!(own.iter().any(|token| world.keyring.holds(token)));
        world.server.forget_calls();
        assert!(new.account(None).await.is_ok());
        assert!(world.session().account(None).await.is_ok(), "after {turns}");
        assert_eq!(world.server.count("sign_in"), 0, "after {turns}");
    }
}

#[tokio::test]
async fn retiring_touches_neither_keyring_nor_server() {
    let mut world = World::new();
    let old = world.signed_in(true).await;
    let before = world.keyring.entries.lock().unwrap().clone();
    old.retire();
    old.account(None).await.unwrap_err();
    old.keep_in_keyring().await.unwrap();
    assert_eq!(*world.keyring.entries.lock().unwrap(), before);
    assert!(world.server.state().calls.is_empty());
    assert!(world.session().account(None).await.is_ok());
}

#[tokio::test]
async fn a_renewal_under_way_is_ended_again_when_its_session_retires() {
    let mut world = World::new();
    let old = world.signed_in(true).await;
    world.server.end_sessions();
    let working = {
        let old = old.clone();
        tokio::spawn(async move { old.account(None).await })
    };
    while world.server.count("sign_in") == 0 {
        tokio::task::yield_now().await;
    }
    old.retire();
    working.await.unwrap().unwrap_err();
    assert!(world.server.state().tokens.is_empty());
    assert!(!world.keyring.holds("canary-token-2"));
}

#[tokio::test]
async fn a_sign_in_under_way_is_not_kept_when_its_session_retires() {
    let world = World::new();
    let old = world.session();
    let signing_in = {
        let old = old.clone();
        tokio::spawn(async move {
            old.sign_in_with_password(LOGIN, secret(PASSWORD), None, true)
                .await
        })
    };
    while world.server.count("sign_in") == 0 {
        tokio::task::yield_now().await;
    }
    old.retire();
    let error = signing_in.await.unwrap().unwrap_err();
    assert_eq!(error.code, ErrorCode::Cancelled);
    assert!(world.keyring.is_empty() && world.server.state().tokens.is_empty());

    let error = old
        .sign_in_with_api_key(secret("api_1.canary-key"))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::Cancelled, "retired for good");
}

#[tokio::test]
async fn what_is_being_stored_when_a_session_retires_is_stored_no_further() {
    let world = World::new();
    let old = world.session();
    world.keyring.set_hung(true);
    let signing_in = {
        let old = old.clone();
        tokio::spawn(async move {
            old.sign_in_with_password(LOGIN, secret(PASSWORD), None, true)
                .await
        })
    };
    while old.status().signed_in != Some(true) {
        tokio::task::yield_now().await;
    }
    old.retire();
    world.keyring.set_hung(false);
    let _ = signing_in.await.unwrap();
    assert!(!world.keyring.holds(PASSWORD));
}

#[tokio::test]
async fn a_session_that_carries_on_needs_neither_keyring_nor_person() {
    let world = World::new();
    world.keyring.set_broken(true);
    let old = world.session();
    old.sign_in_with_password(LOGIN, secret(PASSWORD), None, true)
        .await
        .unwrap();
    let new = world.session();
    new.carry_on(&old);
    assert_eq!(old.status().signed_in, Some(false));
    assert!(new.account(None).await.is_ok());

    world.server.end_sessions();
    assert!(
        new.account(None).await.is_ok(),
        "the password is remembered"
    );
    world.keyring.set_broken(false);
    new.keep_in_keyring().await.unwrap();
    assert!(world.keyring.holds(PASSWORD));
}

#[tokio::test]
async fn what_is_under_way_over_the_old_connection_ends_as_it_began() {
    let mut world = World::new();
    let old = world.signed_in(true).await;
    let new = old.reconnected(old.instance().clone(), old.provider().clone());
    assert!(old.account(None).await.is_ok(), "it began before");
    world.server.end_sessions();
    assert!(old.account(None).await.is_ok(), "and may renew");
    world.server.forget_calls();
    assert!(new.account(None).await.is_ok());
    assert_eq!(world.server.count("sign_in"), 0, "the renewal is shared");

    old.sign_out().await;
    assert_eq!(new.status().signed_in, Some(false));
    let error = new.account(None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::SignedOut);
}

#[tokio::test]
async fn what_can_be_done_is_asked_over_the_connection_in_force() {
    let mut world = World::new();
    let old = world.signed_in(true).await;
    old.account(None).await.unwrap();
    let new = old.reconnected(old.instance().clone(), old.provider().clone());
    old.account(None).await.unwrap(); // too late to say what can be done over the new one
    world.server.forget_calls();
    new.capabilities(None).await.unwrap();
    assert_eq!(world.server.count("account"), 1);
    new.capabilities(None).await.unwrap();
    assert_eq!(world.server.count("account"), 1);
}
