//! Profile, password and avatar: what is saved, and what is said of it.

use keydesk_core::profile::{LoginType, ProfileChange, ProfileEdit};
use keydesk_core::provider::AvatarImage;
use keydesk_core::session::PasswordChange;
use keydesk_core::{ErrorCode, Field};

use crate::support::{Fault, LOGIN, PASSWORD, World, pictures, secret};

const NEW_PASSWORD: &str = "canary-New-Password-2!";

/// Jane Doe gets another first name.
fn edit(first_name: &str) -> ProfileChange {
    let before = ProfileEdit {
        first_name: "Jane".into(),
        last_name: "Doe".into(),
        email: LOGIN.into(),
        ..ProfileEdit::default()
    };
    let after = ProfileEdit {
        first_name: first_name.into(),
        ..before.clone()
    };
    ProfileChange { before, after }
}

fn change(current: &str) -> PasswordChange {
    PasswordChange {
        current: secret(current),
        new: secret(NEW_PASSWORD),
    }
}

#[tokio::test]
async fn an_edit_is_checked_trimmed_and_saved() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    let refused = session.save_profile(edit("  "), None).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.field),
        (ErrorCode::Required, Some(Field::FirstName))
    );
    assert_eq!(world.server.count("update_profile"), 0);
    let saved = session.save_profile(edit(" Janet "), None).await.unwrap();
    assert_eq!(saved.profile.first_name, "Janet");
    assert!(!saved.password_changed && saved.password_error.is_none());
}

#[tokio::test]
async fn an_edit_whose_answer_is_lost_is_made_again() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    world
        .server
        .fail("update_profile", Fault::Loses(ErrorCode::OutcomeUnknown));
    let saved = session.save_profile(edit("Janet"), None).await.unwrap();
    assert_eq!(saved.profile.first_name, "Janet");
}

#[tokio::test]
async fn both_parts_are_saved_together() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    let saved = session
        .save_profile(edit("Janet"), Some(change(PASSWORD)))
        .await
        .unwrap();
    assert!(saved.password_changed && saved.password_error.is_none());
    assert_eq!(saved.profile.first_name, "Janet");
    assert_eq!(world.server.state().password, NEW_PASSWORD);
    assert!(world.keyring.holds(NEW_PASSWORD) && !world.keyring.holds(PASSWORD));
}

#[tokio::test]
async fn a_wrong_current_password_leaves_the_profile_saved_and_says_so() {
    for confuses in [false, true] {
        let mut world = World::new();
        let session = world.signed_in(true).await;
        world.server.state().confuses = confuses;
        let saved = session
            .save_profile(edit("Janet"), Some(change("wrong")))
            .await
            .unwrap();
        assert_eq!(saved.profile.first_name, "Janet");
        assert!(!saved.password_changed);
        let error = saved.password_error.unwrap();
        assert_eq!(error.code, ErrorCode::CurrentPasswordWrong);
        assert_eq!(world.server.count("change_password"), 1, "not tried again");
        assert_eq!(
            session.status().signed_in,
            Some(true),
            "a 401 of this kind ends nothing"
        );
        assert!(world.keyring.holds(PASSWORD));
    }
}

#[tokio::test]
async fn a_new_password_alone_succeeds_or_fails_as_a_whole() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    let error = session
        .save_profile(edit("Jane"), Some(change("wrong")))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::CurrentPasswordWrong);
    let saved = session
        .save_profile(edit("Jane"), Some(change(PASSWORD)))
        .await
        .unwrap();
    assert!(saved.password_changed);
    assert_eq!(world.server.count("update_profile"), 0);
    assert!(
        !world.keyring.holds(NEW_PASSWORD),
        "it was not to be remembered"
    );
}

#[tokio::test]
async fn a_profile_that_fails_leaves_the_password_as_it_was() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    world
        .server
        .fail("update_profile", Fault::Refuses(ErrorCode::ServerFailed));
    let error = session
        .save_profile(edit("Janet"), Some(change(PASSWORD)))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::ServerFailed);
    assert_eq!(world.server.state().password, PASSWORD);
}

#[tokio::test]
async fn a_weak_or_empty_password_is_refused_before_anything_is_saved() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    let cases = [
        (
            "",
            NEW_PASSWORD,
            ErrorCode::Required,
            Field::CurrentPassword,
        ),
        (PASSWORD, "", ErrorCode::Required, Field::NewPassword),
        (
            PASSWORD,
            "short",
            ErrorCode::PasswordTooWeak,
            Field::NewPassword,
        ),
    ];
    for (current, new, code, field) in cases {
        let change = PasswordChange {
            current: secret(current),
            new: secret(new),
        };
        let error = session
            .save_profile(edit("Janet"), Some(change))
            .await
            .unwrap_err();
        assert_eq!((error.code, error.field), (code, Some(field)));
    }
    assert_eq!(world.server.state().profile.first_name, "Jane");
}

#[tokio::test]
async fn an_account_whose_password_is_kept_elsewhere_changes_none_here() {
    let mut world = World::new();
    world.server.state().profile.login_type = LoginType::SingleSignOn;
    let session = world.signed_in(false).await;
    let error = session
        .save_profile(edit("Janet"), Some(change(PASSWORD)))
        .await
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::NotSupported);
    assert_eq!(world.server.count("change_password"), 0);
}

#[tokio::test]
async fn a_server_that_ends_sessions_with_the_password_is_signed_in_to_again() {
    for remember in [true, false] {
        let mut world = World::new();
        let session = world.signed_in(remember).await;
        world.server.state().revokes = true;
        let saved = session
            .save_profile(edit("Janet"), Some(change(PASSWORD)))
            .await
            .unwrap();
        assert!(saved.password_changed);
        assert!(session.account(None).await.is_ok());
        assert_eq!(world.server.count("sign_in"), 1);
        assert!(
            world.session().account(None).await.is_ok(),
            "and after a restart"
        );
        assert_eq!(world.keyring.holds(NEW_PASSWORD), remember);
    }
}

#[tokio::test]
async fn after_a_lost_answer_the_server_tells_which_password_is_right() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    world
        .server
        .fail("change_password", Fault::Loses(ErrorCode::OutcomeUnknown));
    let saved = session
        .save_profile(edit("Janet"), Some(change(PASSWORD)))
        .await
        .unwrap();
    assert!(saved.password_changed);
    assert!(world.keyring.holds(NEW_PASSWORD));

    let mut world = World::new();
    let session = world.signed_in(true).await;
    world
        .server
        .fail("change_password", Fault::Refuses(ErrorCode::OutcomeUnknown));
    let saved = session
        .save_profile(edit("Janet"), Some(change(PASSWORD)))
        .await
        .unwrap();
    assert_eq!(
        saved.password_error.unwrap().code,
        ErrorCode::ConnectionFailed
    );
    assert!(world.keyring.holds(PASSWORD));

    world
        .server
        .fail("change_password", Fault::Loses(ErrorCode::TimedOut));
    world
        .server
        .fail("sign_in", Fault::Refuses(ErrorCode::TimedOut));
    let nothing = ProfileChange {
        before: edit("Janet").after,
        ..edit("Janet")
    };
    let saved = session.save_profile(nothing, Some(change(PASSWORD))).await;
    assert_eq!(
        saved.unwrap_err().code,
        ErrorCode::TimedOut,
        "nobody can tell, and nobody does"
    );
}

#[tokio::test]
async fn an_avatar_from_a_server_is_encoded_anew_or_refused() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    assert_eq!(session.avatar().await, Ok(None));
    world.server.state().avatar = Some(Vec::new());
    assert_eq!(session.avatar().await, Ok(None));
    world.server.state().avatar = Some(b"<svg onload=alert(1)>".to_vec());
    assert_eq!(
        session.avatar().await.unwrap_err().code,
        ErrorCode::AvatarNotAnImage
    );
    world.server.state().avatar = Some(pictures::png(300, 200));
    let shown = session.avatar().await.unwrap().unwrap();
    assert_eq!(pictures::size(&shown.bytes), (200, 200));
}

#[tokio::test]
async fn an_avatar_is_sent_where_the_server_takes_its_size() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    let mut image = AvatarImage {
        bytes: vec![0; 999_999],
        media_type: "image/png",
    };
    session.upload_avatar(&image).await.unwrap();
    image.bytes.push(0);
    let error = session.upload_avatar(&image).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::AvatarTooLarge);
    assert_eq!(world.server.count("upload_avatar"), 1);
}

#[tokio::test]
async fn one_persons_profile_is_never_shown_for_another() {
    let mut world = World::new();
    let session = world.signed_in(false).await;
    session.account(None).await.unwrap();
    world.server.state().profile.login_type = LoginType::SingleSignOn;
    session
        .sign_in_with_password(LOGIN, secret(PASSWORD), None, false)
        .await
        .unwrap();
    world.server.forget_calls();
    let capabilities = session.capabilities(None).await.unwrap();
    assert!(!capabilities.password.change.is_available());
    assert_eq!(
        world.server.count("account"),
        1,
        "nothing was known of them yet"
    );
}

#[test]
fn the_futures_of_a_session_can_move_between_threads() {
    fn assert_send<T: Send>(_: &T) {}
    fn check(session: &keydesk_core::Session) {
        assert_send(&session.account(None));
        assert_send(&session.save_profile(edit(""), None));
        assert_send(&session.avatar());
        assert_send(&session.api_keys(None));
        assert_send(&session.sign_out());
        assert_send(&session.sign_in_with_password("", secret(""), None, false));
    }
    let world = World::new();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let _guard = runtime.enter();
    check(&world.session());
}
