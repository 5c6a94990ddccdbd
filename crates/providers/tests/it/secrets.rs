//! Secrets that are planted in requests are in no error, whatever a server echoes.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use keydesk_core::administration::{NewUser, UserId};
use keydesk_core::api_key::ApiKeyId;
use keydesk_core::provider::AvatarImage;
use keydesk_core::second_factor::Proof;
use keydesk_core::{Error, Provider};
use proptest::prelude::*;

use crate::fault_server::{FaultServer, Say};
use crate::portal::portal_at;
use crate::support::{ACCESS_TOKEN, TOKEN, cloud_tokens, new_key, png, provider, secret, session};

const PASSWORD: &str = "correct-horse/\"battery\"+staple";
const NEW_PASSWORD: &str = "another&secret=with%signs!";
const SECRETS: [&str; 4] = [TOKEN, ACCESS_TOKEN, PASSWORD, NEW_PASSWORD];

/// The ways in which a careless server repeats what it was sent.
fn echo(secret: &str, way: usize) -> String {
    match way {
        0 => secret.to_owned(),
        1 => URL_SAFE_NO_PAD.encode(secret),
        2 => STANDARD.encode(secret),
        3 => serde_json::to_string(secret).unwrap(),
        4 => secret.to_uppercase(),
        _ => url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
    }
}

/// The error of every operation, each with the secrets that its request carried.
async fn every_error(provider: &dyn Provider) -> Vec<(Error, Vec<&'static str>)> {
    let (password, new) = (secret(PASSWORD), secret(NEW_PASSWORD));
    let key = new_key("t");
    let image = AvatarImage {
        bytes: png(),
        media_type: "image/png",
    };
    let id = ApiKeyId("7".to_owned());
    let sign_in = provider.sign_in("ada", &password, None).await.err();
    let mut errors = vec![(sign_in, vec![PASSWORD])];
    for (credential, carried) in [
        (session(), vec![TOKEN]),
        (cloud_tokens(), vec![TOKEN, ACCESS_TOKEN]),
    ] {
        let change = provider.change_password(&credential, &password, &new);
        let with_passwords = [&carried[..], &[PASSWORD, NEW_PASSWORD]].concat();
        errors.push((change.await.err(), with_passwords));
        let others = [
            provider.probe(&credential).await.err(),
            provider.account(&credential, None).await.err(),
            provider.avatar(&credential).await.err(),
            provider.upload_avatar(&credential, &image).await.err(),
            provider.api_keys(&credential, None).await.err(),
            provider.create_api_key(&credential, None, &key).await.err(),
            provider.reveal_api_key(&credential, &id).await.err(),
            provider.delete_api_key(&credential, &id).await.err(),
        ];
        errors.extend(others.map(|error| (error, carried.clone())));
        if let Some(security) = provider.security() {
            let proof = Proof {
                password: secret(PASSWORD),
                code: secret(NEW_PASSWORD),
            };
            let one = security.begin_second_factor(&credential, &proof);
            let two = security.confirm_second_factor(&credential, &new);
            let three = security.remove_second_factor(&credential, &proof);
            let four = security.replace_recovery_codes(&credential, &proof);
            let five = security.delete_account(&credential, "phrase", &password);
            for (error, more) in [
                (one.await.err(), &[PASSWORD, NEW_PASSWORD][..]),
                (two.await.err(), &[NEW_PASSWORD]),
                (three.await.err(), &[PASSWORD, NEW_PASSWORD]),
                (four.await.err(), &[PASSWORD, NEW_PASSWORD]),
                (five.await.err(), &[PASSWORD]),
            ] {
                errors.push((error, [&carried[..], more].concat()));
            }
        }
        if let Some(users) = provider.administration() {
            let user = NewUser {
                email: "a@b.example".to_owned(),
                display_name: "A".to_owned(),
                password: secret(NEW_PASSWORD),
                roles: vec!["admin".to_owned()],
            };
            let id = UserId("7".to_owned());
            let administered = [
                users.create_user(&credential, &user).await.err(),
                users
                    .reset_user_password(&credential, &id, &new)
                    .await
                    .err(),
            ];
            let with_password = [&carried[..], &[NEW_PASSWORD]].concat();
            errors.extend(administered.map(|error| (error, with_password.clone())));
        }
    }
    let happened = errors.into_iter();
    happened
        .filter_map(|(error, carried)| Some((error?, carried)))
        .collect()
}

/// No piece of eight characters of a secret is in the text.
fn assert_clean(text: &str, secrets: &[&str]) {
    let text = text.to_lowercase();
    for secret in secrets {
        for way in 0..6 {
            let form: Vec<char> = echo(secret, way).to_lowercase().chars().collect();
            for piece in form.windows(8) {
                let piece: String = piece.iter().collect();
                assert!(!text.contains(&piece), "{piece:?} in {text}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_error_repeats_what_was_sent(
        status in prop::sample::select(vec![200_u16, 400, 401, 403, 404, 409, 422, 500]),
        as_json in any::<bool>(),
        way in 0..6_usize,
        before in "[ -~]{0,40}",
        which in 0..4_usize,
    ) {
        let echoed = format!("{before}{}", echo(SECRETS[which], way));
        let say = if as_json {
            let body = serde_json::json!({
                "message": echoed, "field": "x", "code": 400,
                "type": "urn:keydesk:problem:invalid-input", "detail": echoed,
            });
            Say::json(status, body.to_string())
        } else {
            Say::answer(status, "Content-Type: text/plain", format!("{before}{echoed}"))
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let errors = runtime.block_on(async {
            let server = FaultServer::always(say).await;
            let mut errors = every_error(&*provider(&server.url)).await;
            errors.extend(every_error(&*portal_at(&server.url)).await);
            errors
        });
        for (error, carried) in errors {
            let detail = error.detail.as_deref().unwrap_or("");
            assert_clean(&format!("{error} {error:?} {detail}"), &carried);
        }
    }
}

#[tokio::test]
async fn a_new_secret_in_an_answer_that_is_not_understood_is_not_repeated() {
    let value = "api_7f3kq9.Zx81mN04pQ7tY2vB6cL9";
    for body in [
        format!(r#"{{"result":"{value}"}}"#),
        format!(r#"{{"rows":[{{"id":null,"api_key":"{value}"}}]}}"#),
        format!("<html>{value}"),
        format!("{{\"api_key\":\"{value}"),
    ] {
        let server = FaultServer::always(Say::json(200, body)).await;
        let provider = provider(&server.url);
        let key = new_key("t");
        let id = ApiKeyId("7".to_owned());
        let errors = [
            provider.sign_in("ada", &secret(PASSWORD), None).await.err(),
            provider.create_api_key(&session(), None, &key).await.err(),
            provider.api_keys(&session(), None).await.err(),
            provider.reveal_api_key(&session(), &id).await.err(),
        ];
        for error in errors.into_iter().flatten() {
            assert!(!format!("{error:?}").contains("Zx81"), "{error:?}");
        }
    }
}
