//! Second factor, sessions, log, deletion.

use keydesk_core::account_security::{
    AccountSessionId, Consequence, ConsequenceKind, SecurityEventKind,
};
use keydesk_core::second_factor::Proof;
use keydesk_core::{ErrorCode, Field};
use keydesk_server::OrganizationRole;
use keydesk_vault::SecretString;
use totp_rs::Totp;

use super::{ADA, BOB, PASSWORD, Person, Portal, ROOT};
use crate::support::{code, secret};

/// The authenticator app. A code counts once, so each is of another step of time, in order.
struct App {
    totp: Totp,
    steps: std::ops::RangeInclusive<i64>,
}

impl App {
    fn learn(uri: &SecretString) -> Self {
        Self {
            totp: Totp::from_url(uri.expose()).unwrap(),
            steps: -1..=1,
        }
    }

    fn code(&mut self) -> SecretString {
        // A fourth code would be too early.
        let step = self.steps.next().unwrap();
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap();
        let at = now.as_secs().checked_add_signed(step * 30).unwrap();
        secret(&self.totp.generate(at).to_string())
    }
}

fn proof(password: &str, code: SecretString) -> Proof {
    Proof {
        password: secret(password),
        code,
    }
}

#[tokio::test]
async fn a_second_factor_is_set_up_used_and_removed() {
    let portal = Portal::start().await;
    let Person {
        provider,
        credential,
    } = portal.person(ADA).await;
    let security = provider.security().unwrap();
    let before = security.second_factor(&credential).await.unwrap();
    assert!(!before.enabled && before.recovery_codes_left.is_none());

    let wrong = security
        .begin_second_factor(&credential, &proof("Wrong-1!", secret("")))
        .await
        .unwrap_err();
    assert_eq!(
        (wrong.code, wrong.field),
        (
            ErrorCode::CurrentPasswordWrong,
            Some(Field::CurrentPassword)
        )
    );
    let enrolment = security
        .begin_second_factor(&credential, &proof(PASSWORD, secret("")))
        .await
        .unwrap();
    let mut app = App::learn(&enrolment.uri);
    let wrong = security
        .confirm_second_factor(&credential, &secret("000000"))
        .await
        .unwrap_err();
    assert_eq!(
        (wrong.code, wrong.field),
        (ErrorCode::SecondFactorRefused, Some(Field::Code))
    );
    let codes = security
        .confirm_second_factor(&credential, &app.code())
        .await
        .unwrap();
    assert_eq!(codes.len(), 10);
    let now = security.second_factor(&credential).await.unwrap();
    assert!(now.enabled && now.since.is_some());
    assert_eq!(now.recovery_codes_left, Some(10));

    // Whoever knows the password alone is asked for a code.
    let sign_in = async |code: Option<&SecretString>| {
        let password = secret(PASSWORD);
        let signed_in = provider.sign_in(ADA, &password, code).await;
        signed_in.map(drop)
    };
    assert_eq!(code(sign_in(None).await), ErrorCode::SecondFactorRequired);
    let refused = sign_in(Some(&secret("000000"))).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.field),
        (ErrorCode::SecondFactorRefused, Some(Field::Code))
    );
    sign_in(Some(&app.code())).await.unwrap();
    sign_in(Some(&codes[0])).await.unwrap();
    let used = sign_in(Some(&codes[0])).await;
    assert_eq!(code(used), ErrorCode::SecondFactorRefused, "good once");

    let replaced = security
        .replace_recovery_codes(&credential, &proof(PASSWORD, app.code()))
        .await
        .unwrap();
    assert_eq!(replaced.len(), 10);
    let old = security
        .remove_second_factor(&credential, &proof(PASSWORD, codes[1].duplicate()))
        .await;
    assert_eq!(code(old), ErrorCode::SecondFactorRefused);
    let new = proof(PASSWORD, replaced[0].duplicate());
    security
        .remove_second_factor(&credential, &new)
        .await
        .unwrap();
    sign_in(None).await.unwrap();
}

#[tokio::test]
async fn another_app_takes_the_place_of_the_first_with_a_code_of_it() {
    let portal = Portal::start().await;
    let Person {
        provider,
        credential,
    } = portal.person(ADA).await;
    let security = provider.security().unwrap();
    let begin = async |code: SecretString| {
        let proof = proof(PASSWORD, code);
        security.begin_second_factor(&credential, &proof).await
    };
    let confirm = async |app: &mut App| {
        let code = app.code();
        security.confirm_second_factor(&credential, &code).await
    };
    let mut old = App::learn(&begin(secret("")).await.unwrap().uri);
    confirm(&mut old).await.unwrap();

    let bare = begin(secret("")).await.unwrap_err();
    assert_eq!(
        (bare.code, bare.field),
        (ErrorCode::Required, Some(Field::Code))
    );
    let wrong = begin(secret("000000")).await.unwrap_err();
    assert_eq!(
        (wrong.code, wrong.field),
        (ErrorCode::SecondFactorRefused, Some(Field::Code))
    );
    let mut new = App::learn(&begin(old.code()).await.unwrap().uri);
    confirm(&mut new).await.unwrap();

    let password = secret(PASSWORD);
    let by_old = provider.sign_in(ADA, &password, Some(&old.code())).await;
    assert_eq!(code(by_old), ErrorCode::SecondFactorRefused);
    let by_new = provider.sign_in(ADA, &password, Some(&new.code())).await;
    by_new.unwrap();
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let portal = Portal::start().await;
    let (here, there) = (portal.person(ADA).await, portal.person(ADA).await);
    portal.person(ADA).await;
    let security = here.provider.security().unwrap();
    let sessions = security.sessions(&here.credential).await.unwrap();
    assert_eq!(sessions.len(), 3);
    let current: Vec<_> = sessions.iter().filter(|session| session.current).collect();
    assert_eq!(current.len(), 1);
    let theirs = there
        .provider
        .security()
        .unwrap()
        .sessions(&there.credential)
        .await
        .unwrap();
    let theirs = theirs.into_iter().find(|session| session.current).unwrap();
    for _ in 0..2 {
        let end = security.end_session(&here.credential, &theirs.id).await;
        end.unwrap();
    }
    let ended = there.provider.probe(&there.credential).await;
    assert_eq!(code(ended), ErrorCode::SignedOut);
    security.end_other_sessions(&here.credential).await.unwrap();
    let sessions = security.sessions(&here.credential).await.unwrap();
    assert_eq!(sessions.len(), 1);
    assert!(sessions[0].current);
    let nobody = AccountSessionId("no such session".to_owned());
    security
        .end_session(&here.credential, &nobody)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_happened_is_in_the_log_newest_first() {
    let portal = Portal::start().await;
    let provider = portal.provider();
    let wrong = secret("Wrong-Password-1!");
    provider.sign_in(ADA, &wrong, None).await.unwrap_err();
    let signed_in = provider
        .sign_in(ADA, &secret(PASSWORD), None)
        .await
        .unwrap();
    let made = provider
        .create_api_key(
            &signed_in.credential,
            Some(&portal.acme),
            &crate::support::new_key("ci"),
        )
        .await
        .unwrap();
    provider
        .delete_api_key(&signed_in.credential, &made.key.id)
        .await
        .unwrap();
    let security = provider.security().unwrap();
    let log = security.security_log(&signed_in.credential, None).await;
    let log = log.unwrap();
    let kinds: Vec<_> = log.events.iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds[..4],
        [
            SecurityEventKind::ApiKeyDeleted,
            SecurityEventKind::ApiKeyCreated,
            SecurityEventKind::SignedIn,
            SecurityEventKind::SignInFailed
        ],
        "and before them how the account came to its roles"
    );
    assert_eq!(log.next, None);
    assert_eq!(log.events[1].subject, "ci");
    assert!(log.events[2].user_agent.starts_with("Keydesk/"));
    let beyond = security
        .security_log(&signed_in.credential, Some("no cursor"))
        .await;
    assert_eq!(code(beyond), ErrorCode::InputRefused);
}

#[tokio::test]
async fn an_account_is_deleted_under_its_terms() {
    let portal = Portal::start().await;
    let bob = portal.person(BOB).await;
    let security = bob.provider.security().unwrap();
    let terms = security.deletion_terms(&bob.credential).await.unwrap();
    assert!(terms.asks_for_password);
    assert!(!terms.consequences.is_empty());
    let is_known = |it: &Consequence| it.kind != ConsequenceKind::Other;
    assert!(terms.consequences.iter().all(is_known));
    assert!(
        terms
            .consequences
            .iter()
            .all(|consequence| consequence.count != Some(0))
    );
    let delete = async |phrase: &str, password: &str| {
        let password = secret(password);
        security
            .delete_account(&bob.credential, phrase, &password)
            .await
    };
    let error = delete("no", PASSWORD).await.unwrap_err();
    assert_eq!(
        (error.code, error.field),
        (ErrorCode::PhraseMismatch, Some(Field::Phrase))
    );
    let error = delete(&terms.phrase, "Wrong-1!").await.unwrap_err();
    assert_eq!(
        (error.code, error.field),
        (
            ErrorCode::CurrentPasswordWrong,
            Some(Field::CurrentPassword)
        )
    );
    delete(&terms.phrase, PASSWORD).await.unwrap();
    let gone = bob.provider.probe(&bob.credential).await;
    assert_eq!(code(gone), ErrorCode::SignedOut);
    let sign_in = bob.provider.sign_in(BOB, &secret(PASSWORD), None).await;
    assert_eq!(code(sign_in), ErrorCode::WrongCredentials);
}

#[tokio::test]
async fn the_last_owner_and_the_last_super_admin_stay() {
    let portal = Portal::start().await;
    for email in [ADA, ROOT] {
        let person = portal.person(email).await;
        let security = person.provider.security().unwrap();
        let terms = security.deletion_terms(&person.credential).await;
        assert_eq!(code(terms), ErrorCode::LastOfItsKind, "{email}");
    }
    let administration = portal.running.administration();
    administration
        .put_member(&portal.acme.0, BOB, OrganizationRole::Owner)
        .await
        .unwrap();
    let ada = portal.person(ADA).await;
    let terms = ada
        .provider
        .security()
        .unwrap()
        .deletion_terms(&ada.credential)
        .await;
    assert!(terms.is_ok());
}
