//! A world to work in: a server, a keyring, and the sessions between them.

mod capabilities;
mod keyring;
pub(crate) mod pictures;
mod server;

use std::sync::Arc;

use keydesk_core::instance::{Instance, InstanceId, ServerKind, SignInMethod};
use keydesk_core::server_url::ServerUrl;
use keydesk_core::{Provider, Session};
use keydesk_vault::SecretString;

pub(crate) use self::keyring::FakeKeyring;
pub(crate) use self::server::{CODE, FakeServer, Fault, PHRASE, value_of};

pub(crate) const LOGIN: &str = "jane@example.com";
pub(crate) const PASSWORD: &str = "canary-Password-1!";

pub(crate) fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

/// A server, a keyring, and the sessions between them.
pub(crate) struct World {
    pub(crate) server: Arc<FakeServer>,
    pub(crate) keyring: FakeKeyring,
    pub(crate) instance: Instance,
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            server: FakeServer::new(),
            keyring: FakeKeyring::default(),
            instance: Instance {
                id: InstanceId("one".into()),
                name: "example".into(),
                login_name: LOGIN.into(),
                ..Instance::new(
                    ServerKind::IdmpSelfHosted,
                    ServerUrl::parse("https://idmp.example.com:6034", false).unwrap(),
                    SignInMethod::Password,
                )
            },
        }
    }

    /// A session as after a start of the app.
    pub(crate) fn session(&self) -> Arc<Session> {
        let provider: Arc<dyn Provider> = self.server.clone();
        Arc::new(Session::new(
            self.instance.clone(),
            provider,
            self.keyring.vault(),
        ))
    }

    /// A session that is signed in with the password.
    pub(crate) async fn signed_in(&mut self, remember: bool) -> Arc<Session> {
        self.instance.remember_password = remember;
        let session = self.session();
        session
            .sign_in_with_password(LOGIN, secret(PASSWORD), None, remember)
            .await
            .unwrap();
        self.server.forget_calls();
        session
    }
}
