//! The User Manager service over real sockets: against the server, and against services that
//! differ or misbehave.

mod broken;
mod keys;
mod person;

use std::sync::Arc;

use keydesk_core::Provider;
use keydesk_core::credential::Credential;
use keydesk_core::instance::{Instance, ServerKind, SignInMethod};
use keydesk_core::server_url::ServerUrl;
use keydesk_providers::Limits;
use keydesk_server::{NewUser, Running, ServeOptions, start};
use tempfile::TempDir;

use crate::support::{EMAIL, PASSWORD, provider_of, secret};

/// Who signs in elsewhere.
const SSO: &str = "sso@example.org";
/// Every scope, as the server spells them.
const ALL: [&str; 5] = ["Authentication", "PublishApp", "Tasks", "APIKey", "Session"];

/// The server, and the service's provider.
struct Service {
    running: Running,
    provider: Arc<dyn Provider>,
    _data: TempDir,
}

impl Service {
    async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut options = ServeOptions::new(data.path().join("data"));
        options.listen = "127.0.0.1:0".parse().unwrap();
        let running = start(options).await.unwrap();
        let ada = NewUser::with_password("Ada", "Lovelace", EMAIL, PASSWORD.to_owned().into());
        running.add_user(ada).await.unwrap();
        let sam = NewUser {
            first_name: "Sam".to_owned(),
            last_name: "Osterhout".to_owned(),
            email: SSO.to_owned(),
            role: "user".to_owned(),
            sign_in: keydesk_server::SignInMethod::Elsewhere,
        };
        running.add_user(sam).await.unwrap();
        Self {
            provider: provider_of(&instance(running.url()), Limits::default()),
            running,
            _data: data,
        }
    }

    /// A first key, as an administrator hands it out.
    async fn key(&self, email: &str, scopes: &[&str]) -> Credential {
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let administration = self.running.administration();
        let name = format!("first {}", scopes.len());
        let key = administration.add_aimms_key(email, &name, &scopes, 365);
        Credential::ApiKey(secret(key.await.unwrap().as_str()))
    }

    async fn ada(&self) -> Credential {
        self.key(EMAIL, &ALL).await
    }
}

fn instance(url: &str) -> Instance {
    let url = ServerUrl::parse(url, true).unwrap();
    Instance::new(ServerKind::AimmsCloud, url, SignInMethod::ApiKey)
}
