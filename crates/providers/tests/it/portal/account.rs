//! Signing in, the account, its names, avatar and password.

use keydesk_core::capabilities::{Availability, Reason};
use keydesk_core::credential::Credential;
use keydesk_core::instance::ServerKind;
use keydesk_core::profile::LoginType;
use keydesk_core::provider::AvatarImage;
use keydesk_core::time::Timestamp;
use keydesk_core::{ErrorCode, Field};
use keydesk_providers::Limits;
use keydesk_server::{NewUser, SignInMethod};

use super::{ADA, NEW_PASSWORD, PASSWORD, Portal, ROOT};
use crate::support::{change, code, instance, png, provider_of, secret};

#[tokio::test]
async fn the_server_is_recognised_before_any_credential_is_sent() {
    let portal = Portal::start().await;
    let check = portal.provider().check().await.unwrap();
    assert!(check.healthy);
    assert!(check.version.unwrap().starts_with("Keydesk"));
    let skew = portal.provider().clock().ahead_by;
    assert!(skew.abs() < 5_000);
    let idmp = instance(portal.running.url(), ServerKind::IdmpSelfHosted);
    let idmp = provider_of(&idmp, Limits::default()).check().await;
    assert!(idmp.unwrap().healthy, "the same server has both dialects");
}

#[tokio::test]
async fn a_password_signs_in_and_signing_out_ends_the_session() {
    let portal = Portal::start().await;
    let provider = portal.provider();
    let signed_in = provider.sign_in(ADA, &secret(PASSWORD), None).await;
    let signed_in = signed_in.unwrap();
    assert!(signed_in.expires_at.unwrap() > Timestamp::now());
    let credential = signed_in.credential;
    provider.probe(&credential).await.unwrap();
    provider.sign_out(&credential).await.unwrap();
    assert_eq!(
        code(provider.probe(&credential).await),
        ErrorCode::SignedOut
    );
    provider.sign_out(&credential).await.unwrap();
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_many_are_slowed_down() {
    let portal = Portal::start().await;
    let provider = portal.provider();
    for _ in 0..8 {
        let wrong = secret("no such password at all");
        let error = provider.sign_in(ADA, &wrong, None).await.unwrap_err();
        assert!(!format!("{error:?}").contains("no such password"));
        if error.code == ErrorCode::RateLimited {
            assert!(error.retry_after.is_some());
            return;
        }
        assert_eq!(error.code, ErrorCode::WrongCredentials);
    }
    panic!("nothing slowed the guessing down");
}

#[tokio::test]
async fn names_are_saved_field_by_field_and_nothing_else_is_undone() {
    let portal = Portal::start().await;
    let (here, there) = (portal.person(ADA).await, portal.person(ADA).await);
    let seen = here.provider.account(&here.credential, None).await.unwrap();
    let first = change(&seen.profile, |edit| edit.first_name = "Ada 王".to_owned());
    let saved = here.provider.update_profile(&here.credential, &first).await;
    assert_eq!(saved.unwrap().first_name, "Ada 王");
    // The other window still shows the old first name, and changes the last one.
    let last = change(&seen.profile, |edit| edit.last_name = "King".to_owned());
    let saved = there
        .provider
        .update_profile(&there.credential, &last)
        .await;
    let saved = saved.unwrap();
    assert_eq!(
        (saved.first_name.as_str(), saved.last_name.as_str()),
        ("Ada 王", "King")
    );
    // The first window, which has not heard of it, gives the last name another value.
    let contrary = change(&seen.profile, |edit| edit.last_name = "Byron".to_owned());
    let error = here
        .provider
        .update_profile(&here.credential, &contrary)
        .await;
    assert_eq!(code(error), ErrorCode::Conflict);
    // Saving the same again changes nothing and succeeds.
    let again = there
        .provider
        .update_profile(&there.credential, &last)
        .await;
    assert_eq!(again.unwrap().last_name, "King");

    let refused = change(&saved, |edit| edit.first_name = "x".repeat(10_000));
    let error = there
        .provider
        .update_profile(&there.credential, &refused)
        .await
        .unwrap_err();
    assert_eq!(
        (error.code, error.field),
        (ErrorCode::TooLong, Some(Field::FirstName))
    );
    assert!(error.detail.unwrap().contains("128"), "the server's words");
}

#[tokio::test]
async fn an_administrators_display_name_is_saved() {
    let portal = Portal::start().await;
    let root = portal.person(ROOT).await;
    let seen = root.provider.account(&root.credential, None).await.unwrap();
    let edit = change(&seen.profile, |edit| {
        edit.full_name = "Grace Hopper".to_owned();
    });
    let saved = root.provider.update_profile(&root.credential, &edit).await;
    let saved = saved.unwrap();
    assert_eq!(saved.full_name, "Grace Hopper");
    let empty = change(&saved, |edit| edit.full_name.clear());
    let error = root.provider.update_profile(&root.credential, &empty).await;
    let error = error.unwrap_err();
    assert_eq!(
        (error.code, error.field),
        (ErrorCode::Required, Some(Field::DisplayName))
    );
}

#[tokio::test]
async fn the_avatar_is_set_and_what_is_none_is_refused() {
    let portal = Portal::start().await;
    let ada = portal.person(ADA).await;
    let provider = &ada.provider;
    assert_eq!(provider.avatar(&ada.credential).await, Ok(None));
    let image = |bytes| AvatarImage {
        bytes,
        media_type: "image/png",
    };
    let send = async |bytes| provider.upload_avatar(&ada.credential, &image(bytes)).await;
    send(png()).await.unwrap();
    let stored = provider.avatar(&ada.credential).await.unwrap().unwrap();
    assert!(stored.starts_with(b"\x89PNG"));
    let none = send(b"GIF89a".to_vec()).await.unwrap_err();
    assert_eq!(none.field, Some(Field::Avatar));
    let mut bomb = png();
    bomb.resize(1_000_001, 0);
    let error = send(bomb).await.unwrap_err();
    assert_eq!(
        (error.code, error.field),
        (ErrorCode::AvatarTooLarge, Some(Field::Avatar))
    );
    assert!(provider.avatar(&ada.credential).await.unwrap().is_some());
}

#[tokio::test]
async fn the_password_is_changed_with_the_current_one_alone() {
    let portal = Portal::start().await;
    let ada = portal.person(ADA).await;
    let other = portal.person(ADA).await;
    let change = async |current: &str, new: &str| {
        let (current, new) = (secret(current), secret(new));
        ada.provider
            .change_password(&ada.credential, &current, &new)
            .await
    };
    let wrong = change("Not-The-Current-1!", NEW_PASSWORD)
        .await
        .unwrap_err();
    assert_eq!(
        (wrong.code, wrong.field),
        (
            ErrorCode::CurrentPasswordWrong,
            Some(Field::CurrentPassword)
        )
    );
    for weak in ["short", "canary-otters-9!", "Canary-Otters-!"] {
        let error = change(PASSWORD, weak).await.unwrap_err();
        assert_eq!(
            (error.code, error.field),
            (ErrorCode::PasswordTooWeak, Some(Field::NewPassword)),
            "{weak}"
        );
        assert!(!format!("{error:?}").contains(weak));
    }
    change(PASSWORD, NEW_PASSWORD).await.unwrap();
    ada.provider.probe(&ada.credential).await.unwrap();
    let ended = other.provider.probe(&other.credential).await;
    assert_eq!(code(ended), ErrorCode::SignedOut, "every other session");
    let sign_in = ada.provider.sign_in(ADA, &secret(NEW_PASSWORD), None).await;
    sign_in.unwrap();
}

#[tokio::test]
async fn an_account_that_signs_in_elsewhere_has_no_password_here() {
    let portal = Portal::start().await;
    let sam = "sam@example.org";
    let elsewhere = NewUser {
        first_name: "Sam".to_owned(),
        last_name: "Sung".to_owned(),
        email: sam.to_owned(),
        role: "user".to_owned(),
        sign_in: SignInMethod::Elsewhere,
    };
    portal.running.add_user(elsewhere).await.unwrap();
    let sam = portal.person(sam).await;
    let account = sam.provider.account(&sam.credential, None).await.unwrap();
    assert_eq!(account.profile.login_type, LoginType::SingleSignOn);
    assert_eq!(
        account.capabilities.password.change,
        Availability::unavailable(Reason::PasswordKeptElsewhere)
    );
    let (current, new) = (secret(PASSWORD), secret(NEW_PASSWORD));
    let change = sam
        .provider
        .change_password(&sam.credential, &current, &new)
        .await;
    assert_eq!(code(change), ErrorCode::Forbidden);
}

#[tokio::test]
async fn an_api_key_reads_the_account_and_changes_nothing() {
    let portal = Portal::start().await;
    let ada = portal.person(ADA).await;
    let new = crate::support::new_key("laptop");
    let made = ada
        .provider
        .create_api_key(&ada.credential, Some(&portal.acme), &new)
        .await
        .unwrap();
    let key = Credential::ApiKey(made.value);
    let account = ada
        .provider
        .account(&key, Some(&portal.acme))
        .await
        .unwrap();
    assert_eq!(account.profile.email, ADA);
    let with_key = Availability::unavailable(Reason::SignedInWithApiKey);
    let can = account.capabilities;
    assert_eq!(can.api_keys.manage, with_key);
    assert_eq!(can.password.change, with_key);
    assert_eq!(can.deletion, with_key);
    let keys = ada.provider.api_keys(&key, Some(&portal.acme)).await;
    assert_eq!(code(keys), ErrorCode::Forbidden);
    ada.provider.sign_out(&key).await.unwrap();
    ada.provider.probe(&key).await.unwrap();
}
