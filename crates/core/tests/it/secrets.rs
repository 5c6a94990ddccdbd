//! No type of the core shows a secret, however it is printed.

use std::fmt::Write;

use keydesk_core::administration::NewUser;
use keydesk_core::api_key::{ApiKey, ApiKeyId, CreatedApiKey, Expiration};
use keydesk_core::credential::Credential;
use keydesk_core::pasted_request::PastedRequest;
use keydesk_core::provider::SignedIn;
use keydesk_core::second_factor::{Enrolment, Proof};
use keydesk_core::session::PasswordChange;

use crate::support::{LOGIN, PASSWORD, World, secret};

const CANARY: &str = "canary-c4na7y";

#[tokio::test]
async fn printing_shows_no_secret() {
    let canary = || secret(CANARY);
    let key = ApiKey::new(ApiKeyId("1".into()), "ci".into(), Expiration::Never);
    let curl = format!(
        "curl 'https://u:{CANARY}@a.example/api/v1?t={CANARY}' -b '{CANARY}' \
         -H 'authorization: Bearer {CANARY}' -H 'access-token: {CANARY}' -H 'x: {CANARY}'"
    );
    let pasted = PastedRequest::read(&secret(&curl)).unwrap();
    assert!(pasted.authorization.is_some() && pasted.access_token.is_some());
    let signed_in = SignedIn {
        credential: Credential::Session(canary()),
        expires_at: None,
    };
    let pair = Credential::CloudTokens {
        authorization: canary(),
        access_token: canary(),
    };
    let printed = [
        format!("{:?}", Credential::ApiKey(canary())),
        format!("{pair:#?}"),
        format!("{signed_in:?}"),
        format!(
            "{:?}",
            CreatedApiKey {
                key,
                value: canary()
            }
        ),
        format!(
            "{:?}",
            PasswordChange {
                current: canary(),
                new: canary()
            }
        ),
        format!("{pasted:?}"),
        format!(
            "{:?}",
            Enrolment {
                uri: canary(),
                secret: canary()
            }
        ),
        format!(
            "{:?}",
            Proof {
                password: canary(),
                code: canary()
            }
        ),
        format!(
            "{:?}",
            NewUser {
                email: String::new(),
                display_name: String::new(),
                password: canary(),
                roles: Vec::new()
            }
        ),
    ];
    for text in printed {
        assert!(!text.contains(CANARY), "{text}");
    }
}

#[tokio::test]
async fn a_session_and_its_errors_show_no_secret() {
    let mut world = World::new();
    let session = world.signed_in(true).await;
    let mut printed = format!("{session:?} {session:#?} {:?}", session.status());
    let wrong = format!("{CANARY} with a space");
    for error in [
        session
            .sign_in_with_password(LOGIN, secret(CANARY), None, true)
            .await
            .unwrap_err(),
        session
            .sign_in_with_api_key(secret(&wrong))
            .await
            .unwrap_err(),
        session
            .sign_in_with_cloud_tokens(secret(CANARY), secret(&wrong))
            .await
            .unwrap_err(),
        PastedRequest::read(&secret(CANARY)).unwrap_err(),
    ] {
        write!(printed, "{error:?} {error}").unwrap();
    }
    for canary in [CANARY, PASSWORD, "canary"] {
        assert!(!printed.contains(canary), "{canary} in {printed}");
    }
}
