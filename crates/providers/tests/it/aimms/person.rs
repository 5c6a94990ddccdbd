//! Who one is, one's password and MFA, and who else is there.

use keydesk_core::administration::{DirectoryKind, DirectoryQuery};
use keydesk_core::capabilities::{Availability, PortalPage, ProfileField, Reason};
use keydesk_core::contract::Finding;
use keydesk_core::credential::Credential;
use keydesk_core::profile::{FactKind, LoginType, Profile};
use keydesk_core::second_factor::Proof;
use keydesk_core::{ErrorCode, Field};
use keydesk_vault::SecretString;
use serde_json::{Value, json};
use totp_rs::Totp;

use super::{SSO, Service, instance};
use crate::fault_server::{FaultServer, Say};
use crate::support::{EMAIL, PASSWORD, change, code, patient, provider_of, secret};

fn proof(password: &str, code: SecretString) -> Proof {
    Proof {
        password: secret(password),
        code,
    }
}

#[tokio::test]
async fn the_service_is_recognised_before_any_key_is_sent() {
    let service = Service::start().await;
    let check = service.provider.check().await.unwrap();
    assert!(check.healthy);
    assert!(check.version.unwrap().starts_with("User Manager"));
    let skew = service.provider.clock().ahead_by;
    assert!(skew.abs() < 5_000, "its clock is learnt: {skew}");
    let portal = service.provider.portal_page(PortalPage::Security).unwrap();
    assert_eq!(portal.as_str(), format!("{}/", service.running.url()));
}

#[tokio::test]
async fn the_profile_is_read_and_saved() {
    let service = Service::start().await;
    let credential = service.ada().await;
    let provider = &service.provider;
    let account = provider.account(&credential, None).await.unwrap();
    let profile = &account.profile;
    assert_eq!(profile.user_name, EMAIL);
    assert_eq!(profile.full_name, "Ada Lovelace");
    assert_eq!(profile.login_type, LoginType::Password);
    let facts: Vec<_> = profile.facts.iter().map(|fact| fact.kind).collect();
    assert!(facts.contains(&FactKind::Account) && facts.contains(&FactKind::Environment));
    let fields = &account.capabilities.profile.fields;
    let kinds: Vec<_> = fields.iter().map(|rule| rule.field).collect();
    assert_eq!(
        kinds,
        [
            ProfileField::UserName,
            ProfileField::FullName,
            ProfileField::Email
        ]
    );
    assert!(!fields[0].edit.is_available());
    assert!(fields[1].edit.is_available() && fields[2].edit.is_available());

    let edit = change(profile, |edit| {
        edit.full_name = "Ada King 王".to_owned();
        edit.email = "reach@example.org".to_owned();
    });
    let saved = provider.update_profile(&credential, &edit).await.unwrap();
    assert_eq!(
        (saved.full_name.as_str(), saved.email.as_str()),
        ("Ada King 王", "reach@example.org")
    );
    assert_eq!(saved.user_name, EMAIL, "the user name stays");
    // Another window, which still shows what was there before.
    let late = change(profile, |edit| edit.full_name = "Countess".to_owned());
    let error = provider.update_profile(&credential, &late).await;
    assert_eq!(error.unwrap_err().code, ErrorCode::Conflict);
    let wrong = change(&saved, |edit| edit.email = "no address".to_owned());
    let error = provider.update_profile(&credential, &wrong).await;
    let error = error.unwrap_err();
    assert_eq!(
        (error.code, error.field),
        (ErrorCode::InputRefused, Some(Field::Email))
    );
}

#[tokio::test]
async fn only_what_was_changed_is_sent_unless_the_service_wants_the_whole() {
    let info = r#"{"user_name":"ada","email":"a@b.example","full_name":"Ada L"}"#;
    let server = FaultServer::always(Say::json(200, info)).await;
    let patches = instance(&server.url);
    let mut puts = instance(&server.url);
    let put = "PUT /user/@current/info".to_owned();
    puts.endpoints.insert("update-profile".to_owned(), put);
    let seen = Profile {
        full_name: "Ada L".to_owned(),
        email: "a@b.example".to_owned(),
        ..Profile::default()
    };
    let renamed = change(&seen, |edit| edit.full_name = "Ada K".to_owned());
    let moved = change(&seen, |edit| edit.email = "c@d.example".to_owned());
    for (instance, change, sent) in [
        (&patches, &renamed, json!({"full_name": "Ada K"})),
        (&patches, &moved, json!({"email": "c@d.example"})),
        (
            &puts,
            &moved,
            json!({"full_name": "Ada L", "email": "c@d.example"}),
        ),
    ] {
        let provider = provider_of(instance, patient());
        let key = Credential::ApiKey(secret("a-key-of-a-test"));
        provider.update_profile(&key, change).await.unwrap();
        let asked = server.asked();
        let last: Value = serde_json::from_slice(&asked.last().unwrap().body).unwrap();
        assert_eq!(last, sent);
    }
}

#[tokio::test]
async fn the_password_is_changed_with_the_current_one_alone() {
    let service = Service::start().await;
    let credential = service.ada().await;
    let change = async |current: &str, new: &str| {
        let (current, new) = (secret(current), secret(new));
        service
            .provider
            .change_password(&credential, &current, &new)
            .await
    };
    let new = "nine slow otters swim";
    let wrong = change("not the current password", new).await.unwrap_err();
    assert_eq!(
        (wrong.code, wrong.field),
        (
            ErrorCode::CurrentPasswordWrong,
            Some(Field::CurrentPassword)
        )
    );
    assert!(!format!("{wrong:?}").contains("not the current"));
    let weak = change(PASSWORD, "short").await.unwrap_err();
    assert_eq!(
        (weak.code, weak.field),
        (ErrorCode::PasswordTooWeak, Some(Field::NewPassword))
    );
    change(PASSWORD, new).await.unwrap();
    service.provider.probe(&credential).await.unwrap();
}

#[tokio::test]
async fn mfa_is_set_up_with_an_app_and_removed_with_its_code() {
    let service = Service::start().await;
    let credential = service.ada().await;
    let security = service.provider.security().unwrap();
    let before = security.second_factor(&credential).await.unwrap();
    assert!(!before.enabled);
    let begin = async |password: &str, code: SecretString| {
        let proof = proof(password, code);
        security.begin_second_factor(&credential, &proof).await
    };
    let refused = begin("no such password at all", secret("")).await;
    let refused = refused.unwrap_err();
    assert_eq!(
        (refused.code, refused.field),
        (
            ErrorCode::CurrentPasswordWrong,
            Some(Field::CurrentPassword)
        )
    );
    let pending = begin(PASSWORD, secret("")).await.unwrap();
    let app = Totp::from_url(pending.uri.expose()).unwrap();
    assert!(
        pending
            .uri
            .expose()
            .contains(pending.secret.expose().as_str())
    );
    let at = |steps_ahead: u64| {
        let seconds = service.provider.clock().now().0 / 1_000;
        let code = app.generate(u64::try_from(seconds).unwrap() + steps_ahead * 30);
        secret(&code.to_string())
    };
    let wrong = security
        .confirm_second_factor(&credential, &secret("000000"))
        .await
        .unwrap_err();
    assert_eq!(
        (wrong.code, wrong.field),
        (ErrorCode::SecondFactorRefused, Some(Field::Code))
    );
    let codes = security
        .confirm_second_factor(&credential, &at(0))
        .await
        .unwrap();
    assert!(!codes.is_empty(), "codes for the day the app is lost");
    assert!(security.second_factor(&credential).await.unwrap().enabled);

    // Another app takes its place with a code of this one.
    let bare = begin(PASSWORD, secret("")).await.unwrap_err();
    assert_eq!(bare.field, Some(Field::Code), "{bare:?}");
    begin(PASSWORD, codes[0].duplicate()).await.unwrap();

    // Each code is good once; the next is good a little early.
    let proof = proof(PASSWORD, at(1));
    security
        .remove_second_factor(&credential, &proof)
        .await
        .unwrap();
    assert!(!security.second_factor(&credential).await.unwrap().enabled);
    let again = security.remove_second_factor(&credential, &proof).await;
    assert_eq!(code(again), ErrorCode::Conflict);
}

#[tokio::test]
async fn who_signs_in_elsewhere_has_no_password_and_no_mfa_here() {
    let service = Service::start().await;
    let credential = service.key(SSO, &super::ALL).await;
    let (old, new) = (secret(PASSWORD), secret("nine slow otters swim"));
    let refused = service
        .provider
        .change_password(&credential, &old, &new)
        .await
        .unwrap_err();
    let security = service.provider.security().unwrap();
    let proof = proof(PASSWORD, secret(""));
    let begun = security.begin_second_factor(&credential, &proof).await;
    for error in [refused, begun.unwrap_err()] {
        assert_eq!(
            (error.code, error.field),
            (ErrorCode::Forbidden, Some(Field::CurrentPassword))
        );
    }
    let account = service.provider.account(&credential, None).await.unwrap();
    assert_eq!(account.profile.login_type, LoginType::SingleSignOn);
    let may = account.capabilities;
    let elsewhere = Availability::unavailable(Reason::PasswordKeptElsewhere);
    assert_eq!(may.second_factor.manage, elsewhere);
    assert_eq!(may.password.change, elsewhere);
    assert!(may.api_keys.manage.is_available());
    assert!(may.directory.is_available());
}

#[tokio::test]
async fn people_groups_and_environments_are_looked_up() {
    let service = Service::start().await;
    let credential = service.ada().await;
    let directory = service.provider.directory().unwrap();
    let query = |kind, search: &str| DirectoryQuery {
        kind,
        search: search.to_owned(),
        descending: false,
        offset: 0,
    };
    let look_up = async |query| directory.look_up(&credential, &query).await.unwrap();
    let people = look_up(query(DirectoryKind::Users, "ADA")).await;
    assert_eq!(people.entries.len(), 1);
    assert_eq!(people.entries[0].name, EMAIL);
    assert_eq!(people.entries[0].detail, "Ada Lovelace");
    assert!(!people.more);
    let nobody = look_up(query(DirectoryKind::Users, "& ?=%")).await;
    assert!(nobody.entries.is_empty());
    let environments = look_up(query(DirectoryKind::Environments, "")).await;
    assert_eq!(environments.entries.len(), 1);
    let groups = look_up(query(DirectoryKind::Groups, "")).await;
    assert!(groups.entries.is_empty(), "in none yet");
}

#[tokio::test]
async fn the_description_of_the_service_confirms_the_table() {
    let service = Service::start().await;
    let credential = service.ada().await;
    let learnt = service.provider.learn_contract(&credential).await.unwrap();
    let learnt = learnt.unwrap();
    for row in service.provider.operations() {
        let finding = learnt.findings.get(&row.name);
        if row.name != "api-description" {
            assert_eq!(finding, Some(&Finding::Confirmed), "{}", row.request);
        }
    }
}
