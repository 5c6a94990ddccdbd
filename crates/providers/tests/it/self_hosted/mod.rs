//! Everything a person does, against the real server signed in with a password.

mod keys;

use keydesk_core::credential::Credential;
use keydesk_core::profile::{LoginType, ProfileChange};
use keydesk_core::provider::AvatarImage;
use keydesk_core::time::Timestamp;
use keydesk_core::{ErrorCode, Field};
use keydesk_server::{NewUser, SignInMethod};

use crate::support::{EMAIL, PASSWORD, RealServer, change, code, png, secret};

#[tokio::test]
async fn the_server_is_recognised_before_any_credential_is_sent() {
    let server = RealServer::self_hosted().await;
    let check = server.provider.check().await.unwrap();
    assert!(check.healthy);
    assert!(check.version.is_some(), "it describes itself");
    let skew = server.provider.clock().ahead_by;
    assert!(skew.abs() < 5_000, "its clock is learnt: {skew}");
}

#[tokio::test]
async fn a_password_signs_in_and_signing_out_ends_the_session() {
    let server = RealServer::self_hosted().await;
    let signed_in = server
        .provider
        .sign_in(EMAIL, &secret(PASSWORD), None)
        .await
        .unwrap();
    assert!(
        signed_in.expires_at.unwrap() > Timestamp::now(),
        "the token says when it ends"
    );
    let credential = signed_in.credential;
    server.provider.probe(&credential).await.unwrap();
    server.provider.sign_out(&credential).await.unwrap();
    assert_eq!(
        code(server.provider.probe(&credential).await),
        ErrorCode::SignedOut
    );
    server.provider.sign_out(&credential).await.unwrap();
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_many_are_slowed_down() {
    let server = RealServer::self_hosted().await;
    for _ in 0..8 {
        let error = server
            .provider
            .sign_in(EMAIL, &secret("no such password at all"), None)
            .await;
        let error = error.unwrap_err();
        if error.code == ErrorCode::RateLimited {
            assert!(error.retry_after.is_some());
            return;
        }
        assert_eq!(error.code, ErrorCode::WrongCredentials);
        assert!(!format!("{error:?}").contains("no such password"));
    }
    panic!("nothing slowed the guessing down");
}

#[tokio::test]
async fn the_profile_is_read_and_saved() {
    let server = RealServer::self_hosted().await;
    let credential = server.sign_in().await;
    let before = server
        .provider
        .account(&credential, None)
        .await
        .unwrap()
        .profile;
    assert_eq!(
        (before.first_name.as_str(), before.email.as_str()),
        ("Ada", EMAIL)
    );
    assert_eq!(before.login_type, LoginType::Password);

    let description = "Notes, \"quoted\"\nand on two lines";
    let edit = change(&before, |edit| {
        edit.first_name = "Ada 王".to_owned();
        edit.last_name = "King".to_owned();
        edit.phone = "+44 20 7946 0958".to_owned();
        edit.description = description.to_owned();
    });
    let saved = server
        .provider
        .update_profile(&credential, &edit)
        .await
        .unwrap();
    assert_eq!(saved.first_name, "Ada 王");
    assert_eq!(saved.description, description);
    assert_eq!(
        server
            .provider
            .account(&credential, None)
            .await
            .unwrap()
            .profile,
        saved
    );

    let refused = change(&saved, |edit| edit.first_name = "x".repeat(10_000));
    let error = server
        .provider
        .update_profile(&credential, &refused)
        .await
        .unwrap_err();
    assert_eq!(
        (error.code, error.field),
        (ErrorCode::InputRefused, Some(Field::FirstName))
    );
    assert!(
        error.detail.unwrap().contains("128"),
        "the server's own sentence"
    );
}

#[tokio::test]
async fn what_someone_else_saved_meanwhile_is_not_undone() {
    let server = RealServer::self_hosted().await;
    let credential = server.sign_in().await;
    let save = async |edit: &ProfileChange| server.provider.update_profile(&credential, edit).await;
    let account = server.provider.account(&credential, None).await;
    let seen = account.unwrap().profile;
    let elsewhere = change(&seen, |edit| edit.position = "Countess".to_owned());
    save(&elsewhere).await.unwrap();

    // Two windows that have not heard of it: one changes another field, one the same.
    let other = change(&seen, |edit| edit.first_name = "Augusta".to_owned());
    let saved = save(&other).await.unwrap();
    assert_eq!(
        (saved.first_name.as_str(), saved.position.as_str()),
        ("Augusta", "Countess")
    );
    let contrary = change(&seen, |edit| edit.position = "Analyst".to_owned());
    assert_eq!(save(&contrary).await.unwrap_err().code, ErrorCode::Conflict);
    let account = server.provider.account(&credential, None).await;
    assert_eq!(
        account.unwrap().profile,
        saved,
        "and nothing was saved of it"
    );
    assert_eq!(save(&elsewhere).await.unwrap(), saved, "saved before: done");
}

#[tokio::test]
async fn the_avatar_is_set_and_what_is_none_is_refused() {
    let server = RealServer::self_hosted().await;
    let credential = server.sign_in().await;
    assert_eq!(server.provider.avatar(&credential).await.unwrap(), None);
    let image = |bytes| AvatarImage {
        bytes,
        media_type: "image/png",
    };
    server
        .provider
        .upload_avatar(&credential, &image(png()))
        .await
        .unwrap();
    let stored = server.provider.avatar(&credential).await.unwrap().unwrap();
    assert!(stored.starts_with(b"\x89PNG"));

    let error = server
        .provider
        .upload_avatar(&credential, &image(b"GIF89a".to_vec()))
        .await;
    let error = error.unwrap_err();
    assert_eq!(
        (error.code, error.field),
        (ErrorCode::InputRefused, Some(Field::Avatar))
    );
    let mut bomb = png();
    bomb.resize(1_000_001, 0);
    let error = server
        .provider
        .upload_avatar(&credential, &image(bomb))
        .await
        .unwrap_err();
    assert_eq!(
        (error.code, error.field),
        (ErrorCode::AvatarTooLarge, Some(Field::Avatar))
    );
}

#[tokio::test]
async fn the_password_is_changed_with_the_current_one_alone() {
    let server = RealServer::self_hosted().await;
    let credential = server.sign_in().await;
    let change = async |current: &str, new: &str| {
        let (current, new) = (secret(current), secret(new));
        server
            .provider
            .change_password(&credential, &current, &new)
            .await
    };
    let new = "nine slow otters swim";
    let wrong = change("not the current password", new).await.unwrap_err();
    assert_eq!(wrong.code, ErrorCode::CurrentPasswordWrong);
    assert_eq!(wrong.field, Some(Field::CurrentPassword));
    let weak = change(PASSWORD, "short").await.unwrap_err();
    assert_eq!(
        (weak.code, weak.field),
        (ErrorCode::PasswordTooWeak, Some(Field::NewPassword))
    );
    change(PASSWORD, new).await.unwrap();
    server
        .provider
        .sign_in(EMAIL, &secret(new), None)
        .await
        .unwrap();
    let old = server
        .provider
        .sign_in(EMAIL, &secret(PASSWORD), None)
        .await;
    assert_eq!(code(old), ErrorCode::WrongCredentials);
}

#[tokio::test]
async fn an_account_that_signs_in_elsewhere_has_no_password_here() {
    let server = RealServer::self_hosted().await;
    let elsewhere = NewUser {
        first_name: "Sam".to_owned(),
        last_name: "Sung".to_owned(),
        email: "sam@example.org".to_owned(),
        role: "user".to_owned(),
        sign_in: SignInMethod::Elsewhere,
    };
    server.running.add_user(elsewhere).await.unwrap();
    let session = server
        .running
        .administration()
        .issue_session("sam@example.org")
        .await
        .unwrap();
    let credential = Credential::Session(secret(&session.authorization));
    let profile = server
        .provider
        .account(&credential, None)
        .await
        .unwrap()
        .profile;
    assert_eq!(profile.login_type, LoginType::SingleSignOn);
    let (current, new) = (secret(PASSWORD), secret("nine slow otters swim"));
    let change = server
        .provider
        .change_password(&credential, &current, &new)
        .await;
    assert_eq!(code(change), ErrorCode::Forbidden);
}

#[tokio::test]
async fn a_deactivated_account_is_signed_out() {
    let server = RealServer::self_hosted().await;
    let credential = server.sign_in().await;
    server
        .running
        .administration()
        .deactivate(EMAIL)
        .await
        .unwrap();
    assert_eq!(
        code(server.provider.account(&credential, None).await),
        ErrorCode::SignedOut
    );
    let again = server
        .provider
        .sign_in(EMAIL, &secret(PASSWORD), None)
        .await;
    assert_eq!(code(again), ErrorCode::WrongCredentials);
}

#[tokio::test]
async fn the_reset_mail_is_asked_for() {
    let server = RealServer::self_hosted().await;
    server.provider.request_password_reset(EMAIL).await.unwrap();
}
