//! The cloud's two tokens, against the real server when it asks for both.

use keydesk_core::credential::Credential;
use keydesk_core::instance::ServerKind;
use keydesk_core::{ErrorCode, Field};

use crate::support::{EMAIL, PASSWORD, RealServer, code, new_key, secret};

async fn cloud() -> RealServer {
    RealServer::start(ServerKind::IdmpCloud, |options| {
        options.require_access_token = true;
    })
    .await
}

async fn tokens(server: &RealServer) -> (String, String) {
    let session = server
        .running
        .administration()
        .issue_session(EMAIL)
        .await
        .unwrap();
    (
        session.authorization.to_string(),
        session.access_token.to_string(),
    )
}

fn pair(authorization: &str, access_token: &str) -> Credential {
    Credential::CloudTokens {
        authorization: secret(authorization),
        access_token: secret(access_token),
    }
}

#[tokio::test]
async fn both_tokens_are_sent_however_they_were_pasted() {
    let server = cloud().await;
    let (authorization, access_token) = tokens(&server).await;
    for authorization in [authorization.clone(), format!("Bearer {authorization}\n")] {
        let credential = pair(&authorization, &format!(" {access_token}\n"));
        server.provider.probe(&credential).await.unwrap();
        let profile = server
            .provider
            .account(&credential, None)
            .await
            .unwrap()
            .profile;
        assert_eq!(profile.email, EMAIL);
    }
}

#[tokio::test]
async fn keys_are_managed_with_cloud_tokens() {
    let server = cloud().await;
    let (authorization, access_token) = tokens(&server).await;
    let credential = pair(&authorization, &access_token);
    let new = new_key("cloud");
    let made = server
        .provider
        .create_api_key(&credential, None, &new)
        .await
        .unwrap();
    let value = server
        .provider
        .reveal_api_key(&credential, &made.key.id)
        .await
        .unwrap();
    assert!(value == made.value);
    server
        .provider
        .delete_api_key(&credential, &made.key.id)
        .await
        .unwrap();
    assert!(
        server
            .provider
            .api_keys(&credential, None)
            .await
            .unwrap()
            .keys
            .is_empty()
    );
}

#[tokio::test]
async fn the_refused_token_is_named() {
    let server = cloud().await;
    let (authorization, access_token) = tokens(&server).await;
    for (credential, field) in [
        (pair("eyJ.wrong.one", &access_token), Field::Authorization),
        (pair(&authorization, "wrong"), Field::AccessToken),
    ] {
        let error = server
            .provider
            .account(&credential, None)
            .await
            .unwrap_err();
        assert_eq!(
            (error.code, error.field),
            (ErrorCode::CloudTokensRefused, Some(field))
        );
    }
}

#[tokio::test]
async fn signing_out_leaves_the_session_of_the_browser_alone() {
    let server = cloud().await;
    let (authorization, access_token) = tokens(&server).await;
    let credential = pair(&authorization, &access_token);
    server.provider.sign_out(&credential).await.unwrap();
    server.provider.probe(&credential).await.unwrap();
}

#[tokio::test]
async fn there_is_no_sign_in_with_a_password_and_no_mail() {
    let server = cloud().await;
    assert!(server.provider.check().await.unwrap().healthy);
    let sign_in = server
        .provider
        .sign_in(EMAIL, &secret(PASSWORD), None)
        .await;
    assert_eq!(code(sign_in), ErrorCode::NotSupported);
    let mail = server.provider.request_password_reset(EMAIL).await;
    assert_eq!(code(mail), ErrorCode::NotSupported);
}
