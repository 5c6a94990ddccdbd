//! Sign-outs in their two halves, and sign-ins that are given up on an account that goes on.

use std::sync::Arc;

use keydesk_core::api_key::{Expiration, NewApiKey};
use keydesk_core::capabilities::Reveal;
use keydesk_core::session::Kept;
use keydesk_core::{Result, Session};
use keydesk_vault::Vault;
use tokio::task::JoinHandle;

use crate::support::{LOGIN, PASSWORD, World, secret};

/// The token of the session that is there first.
const FIRST: &str = "canary-token-1";

/// An account, and the vault that its sessions share as they do in the app.
struct Account {
    world: World,
    vault: Vault,
    /// The value of the key of which a copy is kept.
    key: String,
}

impl Account {
    /// Signed in with a remembered password; a copy of a key is kept.
    async fn signed_in() -> (Self, Arc<Session>) {
        let mut world = World::new();
        world.server.state().reveal = Reveal::Once;
        world.instance.remember_password = true;
        let vault = world.keyring.vault();
        let mut account = Self {
            world,
            vault,
            key: String::new(),
        };
        let session = account.session();
        session
            .sign_in_with_password(LOGIN, secret(PASSWORD), None, true)
            .await
            .unwrap();
        let new = NewApiKey {
            title: "ci".into(),
            description: String::new(),
            scopes: Vec::new(),
            expiration: Expiration::Never,
        };
        let made = session.create_api_key(None, new, true).await.unwrap();
        account.key.clone_from(made.created.value.expose());
        (account, session)
    }

    fn session(&self) -> Arc<Session> {
        Arc::new(Session::new(
            self.world.instance.clone(),
            self.world.server.clone(),
            self.vault.clone(),
        ))
    }

    /// Another sign-in, as far as the server's word.
    async fn signing_in(&self) -> (Arc<Session>, JoinHandle<Result<Kept>>) {
        let session = self.session();
        let signing_in = {
            let session = session.clone();
            tokio::spawn(async move {
                session
                    .sign_in_with_password(LOGIN, secret(PASSWORD), None, false)
                    .await
            })
        };
        while session.status().signed_in.is_none() {
            tokio::task::yield_now().await;
        }
        (session, signing_in)
    }

    /// The sessions of the server but for the first.
    fn new_tokens(&self) -> Vec<String> {
        let mut tokens: Vec<_> = self.world.server.state().tokens.iter().cloned().collect();
        tokens.retain(|token| token != FIRST);
        tokens
    }

    /// A sign-in that is cancelled while the keyring takes its token.
    async fn given_up(&self) -> (Arc<Session>, String) {
        self.world.keyring.hang_writes_of(Some("session-token"));
        let (session, signing_in) = self.signing_in().await;
        while !self.vault.status().waiting {
            tokio::task::yield_now().await;
        }
        signing_in.abort();
        let _ = signing_in.await;
        self.world.keyring.hang_writes_of(None);
        let token = self.new_tokens().pop().unwrap();
        (session, token)
    }
}

#[tokio::test]
async fn a_sign_in_that_is_given_up_costs_the_account_nothing() {
    let (account, goes_on) = Account::signed_in().await;
    let world = &account.world;
    let (given_up, token) = account.given_up().await;
    given_up.take_back(Some(&goes_on)).await;

    assert!(
        world.keyring.holds(&account.key),
        "a server shows it only once"
    );
    assert!(world.keyring.holds(PASSWORD));
    assert!(!world.keyring.holds(&token));
    assert!(account.new_tokens().is_empty(), "it has ended");
    assert_eq!(given_up.status().signed_in, Some(false));
    world.server.forget_calls();
    assert!(goes_on.account(None).await.is_ok());
    assert!(world.session().account(None).await.is_ok(), "at a restart");
    assert_eq!(world.server.count("sign_in"), 0);
}

#[tokio::test]
async fn a_sign_in_that_is_given_up_where_nobody_is_signed_in_leaves_the_copies_alone() {
    let (account, before) = Account::signed_in().await;
    let world = &account.world;
    before.retire();
    let (given_up, token) = account.given_up().await;
    given_up.take_back(Some(&before)).await;
    assert!(world.keyring.holds(&account.key));
    assert!(!world.keyring.holds(&token));
    assert!(account.new_tokens().is_empty(), "it has ended");
}

#[tokio::test]
async fn a_pasted_token_that_is_in_use_is_not_ended() {
    let (account, goes_on) = Account::signed_in().await;
    let world = &account.world;
    let again = account.session();
    again
        .sign_in_with_session_token(secret(FIRST))
        .await
        .unwrap();
    again.take_back(Some(&goes_on)).await;
    assert!(goes_on.account(None).await.is_ok());
    assert!(world.keyring.holds(FIRST));
}

#[tokio::test]
async fn before_the_server_is_told_nothing_is_left_here() {
    let (account, session) = Account::signed_in().await;
    let world = &account.world;
    world.server.forget_calls();
    let leaving = session.sign_out_here().await;
    assert_eq!(leaving.left_in_keyring, None);
    assert!(world.keyring.is_empty());
    assert_eq!(session.status().signed_in, Some(false));
    assert!(world.server.state().calls.is_empty());

    let outcome = session.sign_out_there(leaving).await;
    assert!(outcome.server_told);
    assert!(world.server.state().tokens.is_empty());
}

#[tokio::test]
async fn what_is_stored_during_a_sign_out_outlives_it() {
    let (account, _) = Account::signed_in().await;
    let world = &account.world;
    // It has not asked the keyring yet, and now waits for it.
    let leaves = account.session();
    world.keyring.set_hung(true);
    let leaving = {
        let leaves = leaves.clone();
        tokio::spawn(async move { leaves.sign_out().await })
    };
    while leaves.status().signed_in.is_none() {
        tokio::task::yield_now().await;
    }
    let (_, signing_in) = account.signing_in().await;
    world.keyring.set_hung(false);
    leaving.await.unwrap();
    signing_in.await.unwrap().unwrap();
    let [token] = &account.new_tokens()[..] else {
        panic!("the old session has ended, and the new one has not");
    };
    assert!(world.keyring.holds(token));
}
