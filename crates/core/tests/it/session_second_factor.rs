//! A second factor: set up, asked for at sign-in, and in the way of a silent renewal.

use keydesk_core::profile::{ProfileChange, ProfileEdit};
use keydesk_core::second_factor::Proof;
use keydesk_core::session::PasswordChange;
use keydesk_core::{ErrorCode, Field};

use crate::support::{CODE, Fault, LOGIN, PASSWORD, World, secret};

fn proof(password: &str, code: &str) -> Proof {
    Proof {
        password: secret(password),
        code: secret(code),
    }
}

#[tokio::test]
async fn the_code_is_asked_for_after_the_password_and_sent_without_its_spaces() {
    let world = World::new();
    world.server.state().code = Some(CODE.into());
    let session = world.session();
    let sign_in = async |code: Option<&str>| {
        let code = code.map(secret);
        session
            .sign_in_with_password(LOGIN, secret(PASSWORD), code, true)
            .await
    };
    for none in [None, Some(""), Some(" ")] {
        let error = sign_in(none).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::SecondFactorRequired, "{none:?}");
    }
    let wrong = sign_in(Some("654321")).await.unwrap_err();
    assert_eq!(
        (wrong.code, wrong.field),
        (ErrorCode::SecondFactorRefused, Some(Field::Code))
    );
    assert!(world.keyring.is_empty());
    let asked = world.server.count("sign_in");
    let long = sign_in(Some(&"1".repeat(65))).await.unwrap_err();
    assert_eq!(long.code, ErrorCode::SecondFactorRefused);
    assert_eq!(world.server.count("sign_in"), asked, "no code is that long");

    sign_in(Some(" 123 456 ")).await.unwrap();
    assert!(world.keyring.holds(PASSWORD));
    assert!(!world.keyring.holds(CODE), "a code is never kept");
}

#[tokio::test]
async fn a_renewal_that_would_need_a_code_leaves_the_password_and_asks_the_person() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    world.server.state().code = Some(CODE.into());
    world.server.end_sessions();
    for _ in 0..3 {
        let error = session.account(None).await.unwrap_err();
        assert!(error.asks_for_sign_in(), "{error:?}");
    }
    assert_eq!(world.server.count("sign_in"), 1, "tried once");
    assert_eq!(session.status().signed_in, Some(false));
    assert!(world.keyring.holds(PASSWORD));
    assert!(!world.keyring.holds("canary-token"));

    session
        .sign_in_with_password(LOGIN, secret(PASSWORD), Some(secret(CODE)), true)
        .await
        .unwrap();
    assert!(session.account(None).await.is_ok());
    assert!(world.keyring.holds(PASSWORD));
    // Without the second factor the password alone renews again.
    world.server.state().code = None;
    world.server.end_sessions();
    assert!(session.account(None).await.is_ok());
}

#[tokio::test]
async fn a_second_factor_is_set_up_and_removed() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    let begun = session.begin_second_factor(proof(PASSWORD, "")).await;
    assert!(!begun.unwrap().secret.is_empty());
    assert!(!session.second_factor().await.unwrap().enabled);
    let codes = session
        .confirm_second_factor(&secret("123 456"))
        .await
        .unwrap();
    assert_eq!(codes.len(), 1);
    assert!(session.second_factor().await.unwrap().enabled);
    let codes = session
        .replace_recovery_codes(proof(PASSWORD, CODE))
        .await
        .unwrap();
    assert_eq!(codes[0].expose(), "recovery-2");
    session
        .remove_second_factor(proof(PASSWORD, CODE))
        .await
        .unwrap();
    assert!(!session.second_factor().await.unwrap().enabled);
}

#[tokio::test]
async fn one_that_is_in_force_is_replaced_with_a_code_of_it() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    world.server.state().code = Some("111222".into());
    let begin = async |code: &str| session.begin_second_factor(proof(PASSWORD, code)).await;
    for wrong in ["", " ", "999999"] {
        let refused = begin(wrong).await.unwrap_err();
        assert_eq!(refused.field, Some(Field::Code), "{wrong:?}");
    }
    let asked = world.server.count("begin_second_factor");
    let long = begin(&"1".repeat(65)).await.unwrap_err();
    assert_eq!(long.code, ErrorCode::SecondFactorRefused);
    assert_eq!(world.server.count("begin_second_factor"), asked);

    begin(" 111 222 ").await.unwrap();
    session.confirm_second_factor(&secret(CODE)).await.unwrap();
    assert_eq!(world.server.state().code.as_deref(), Some(CODE));
}

#[tokio::test]
async fn what_is_missing_is_named_before_anything_is_sent() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    session.account(None).await.unwrap();
    world.server.forget_calls();
    let empty = secret("");
    let errors = [
        (
            session
                .begin_second_factor(proof("", CODE))
                .await
                .unwrap_err(),
            Field::CurrentPassword,
        ),
        (
            session.confirm_second_factor(&empty).await.unwrap_err(),
            Field::Code,
        ),
        (
            session
                .remove_second_factor(proof("", CODE))
                .await
                .unwrap_err(),
            Field::CurrentPassword,
        ),
        (
            session
                .replace_recovery_codes(proof(PASSWORD, " "))
                .await
                .unwrap_err(),
            Field::Code,
        ),
    ];
    for (error, field) in errors {
        assert_eq!(
            (error.code, error.field),
            (ErrorCode::Required, Some(field))
        );
    }
    assert!(world.server.state().calls.is_empty());
}

#[tokio::test]
async fn a_request_for_a_code_proves_that_a_lost_change_of_password_was_made() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    let account = session.account(None).await.unwrap();
    world.server.state().code = Some(CODE.into());
    world
        .server
        .fail("change_password", Fault::Loses(ErrorCode::OutcomeUnknown));
    let change = PasswordChange {
        current: secret(PASSWORD),
        new: secret("canary-New-Password-2!"),
    };
    let shown = ProfileEdit::of(&account.profile);
    let nothing = ProfileChange {
        before: shown.clone(),
        after: shown,
    };
    let saved = session.save_profile(nothing, Some(change)).await.unwrap();
    assert!(saved.password_changed);
    assert!(world.keyring.holds("canary-New-Password-2!"));
    assert!(session.account(None).await.is_ok(), "the session stands");
}
