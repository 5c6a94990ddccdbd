//! Everything a person does, against the real server signed in with a password.

use keydesk_core::api_key::{Expiration, NewApiKey};
use keydesk_core::credential::Credential;
use keydesk_core::profile::{LoginType, ProfileEdit};
use keydesk_core::provider::AvatarImage;
use keydesk_core::time::Timestamp;
use keydesk_core::{ErrorCode, Field};
use keydesk_server::{NewUser, SignInMethod};

use crate::support::{EMAIL, PASSWORD, RealServer, code, png, secret};

const HOUR: i64 = 3_600_000;

fn edit() -> ProfileEdit {
    ProfileEdit {
        first_name: "Ada 王".to_owned(),
        last_name: "King".to_owned(),
        phone: "+44 20 7946 0958".to_owned(),
        description: "Notes, \"quoted\"\nand on two lines".to_owned(),
        ..ProfileEdit::default()
    }
}

fn new_key(title: &str, expiration: Expiration) -> NewApiKey {
    NewApiKey {
        title: title.to_owned(),
        description: String::new(),
        scopes: Vec::new(),
        expiration,
    }
}

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

    let saved = server
        .provider
        .update_profile(&credential, &edit())
        .await
        .unwrap();
    assert_eq!(saved.first_name, "Ada 王");
    assert_eq!(saved.description, edit().description);
    assert_eq!(
        server
            .provider
            .account(&credential, None)
            .await
            .unwrap()
            .profile,
        saved
    );

    let refused = ProfileEdit {
        first_name: "x".repeat(10_000),
        ..edit()
    };
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
async fn a_key_lives_from_its_making_to_its_deletion() {
    let server = RealServer::self_hosted().await;
    let credential = server.sign_in().await;
    let provider = &server.provider;
    let made = provider
        .create_api_key(&credential, None, &new_key("ci", Expiration::Never))
        .await;
    let made = made.unwrap();
    let list = provider.api_keys(&credential, None).await.unwrap();
    assert_eq!(list.keys.len(), 1);
    let listed = &list.keys[0];
    assert_eq!((&listed.id, listed.title.as_str()), (&made.key.id, "ci"));
    assert_eq!(listed.expiration, Expiration::Never);
    assert!(listed.added_on.is_some());
    assert!(!format!("{list:?}{made:?}").contains(made.value.expose().as_str()));

    let again = provider
        .reveal_api_key(&credential, &listed.id)
        .await
        .unwrap();
    assert!(again == made.value, "copied again, it is the same");
    let by_key = Credential::ApiKey(again);
    provider.probe(&by_key).await.unwrap();

    let at = Expiration::At(Timestamp::now().plus(HOUR));
    let changed = provider
        .set_api_key_expiration(&credential, &listed.id, at)
        .await
        .unwrap();
    assert_eq!(changed.unwrap().expiration, at);
    let never = Expiration::Never;
    provider
        .set_api_key_expiration(&credential, &listed.id, never)
        .await
        .unwrap();
    assert_eq!(
        provider.api_keys(&credential, None).await.unwrap().keys[0].expiration,
        never
    );

    provider
        .delete_api_key(&credential, &listed.id)
        .await
        .unwrap();
    assert_eq!(
        code(provider.probe(&by_key).await),
        ErrorCode::ApiKeyRefused,
        "dead at once"
    );
    provider
        .delete_api_key(&credential, &listed.id)
        .await
        .unwrap();
    let gone = provider.reveal_api_key(&credential, &listed.id).await;
    assert_eq!(code(gone), ErrorCode::NotFound);
}

#[tokio::test]
async fn a_key_that_breaks_a_rule_is_refused_in_its_field() {
    let server = RealServer::self_hosted().await;
    let credential = server.sign_in().await;
    let provider = &server.provider;
    let refused = async |title: &str, expiration| {
        let error = provider
            .create_api_key(&credential, None, &new_key(title, expiration))
            .await;
        let error = error.unwrap_err();
        (error.code, error.field)
    };
    let first = new_key("Build", Expiration::Never);
    let first = provider
        .create_api_key(&credential, None, &first)
        .await
        .unwrap();
    let title = Some(Field::Title);
    assert_eq!(
        refused("build", Expiration::Never).await,
        (ErrorCode::TitleTaken, title)
    );
    assert_eq!(
        refused("", Expiration::Never).await,
        (ErrorCode::InputRefused, title)
    );
    let past = Expiration::At(Timestamp::now().plus(-HOUR));
    let expiration = Some(Field::Expiration);
    assert_eq!(
        refused("other", past).await,
        (ErrorCode::ExpirationPast, expiration)
    );
    let error = provider
        .set_api_key_expiration(&credential, &first.key.id, past)
        .await;
    assert_eq!(code(error), ErrorCode::ExpirationPast);
}

#[tokio::test]
async fn keys_come_newest_first() {
    let server = RealServer::self_hosted().await;
    let credential = server.sign_in().await;
    for title in ["one", "two", "three"] {
        let new = new_key(title, Expiration::Never);
        server
            .provider
            .create_api_key(&credential, None, &new)
            .await
            .unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    }
    let list = server.provider.api_keys(&credential, None).await.unwrap();
    let titles: Vec<_> = list.keys.iter().map(|key| key.title.as_str()).collect();
    assert_eq!(titles, ["three", "two", "one"]);
}

#[tokio::test]
async fn with_an_api_key_the_profile_works_and_keys_do_not() {
    let server = RealServer::self_hosted().await;
    let session = server.sign_in().await;
    let new = new_key("laptop", Expiration::Never);
    let made = server
        .provider
        .create_api_key(&session, None, &new)
        .await
        .unwrap();
    let by_key = Credential::ApiKey(secret(&format!("Bearer {}", made.value.expose())));
    assert_eq!(
        server
            .provider
            .account(&by_key, None)
            .await
            .unwrap()
            .profile
            .email,
        EMAIL
    );
    assert_eq!(
        code(server.provider.api_keys(&by_key, None).await),
        ErrorCode::Forbidden
    );
    server.provider.sign_out(&by_key).await.unwrap();
    server.provider.probe(&by_key).await.unwrap();
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
