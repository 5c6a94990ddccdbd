//! Portals over real sockets: against the server, and against servers that misbehave.

mod account;
mod broken;
mod keys;
mod rules;
mod security;
mod users;

use std::sync::Arc;

use keydesk_core::Provider;
use keydesk_core::credential::Credential;
use keydesk_core::instance::ServerKind;
use keydesk_core::organization::OrganizationId;
use keydesk_providers::Limits;
use keydesk_server::{NewUser, OrganizationRole, PortalRole, Running, ServeOptions, start};
use tempfile::TempDir;

use crate::support::{instance, patient, provider_of, secret};

/// Owner of one organization, member of another.
pub(crate) const ADA: &str = "ada@example.org";
/// Viewer of the first organization.
pub(crate) const BOB: &str = "bob@example.org";
pub(crate) const ROOT: &str = "root@example.org";
pub(crate) const ADMIN: &str = "admin@example.org";
pub(crate) const READER: &str = "reader@example.org";
pub(crate) const PASSWORD: &str = "Canary-Herons-7!";
pub(crate) const NEW_PASSWORD: &str = "Canary-Otters-9!";

/// The server with two organizations and three administrators.
pub(crate) struct Portal {
    pub(crate) running: Running,
    pub(crate) acme: OrganizationId,
    pub(crate) blue: OrganizationId,
    _data: TempDir,
}

/// Someone who is signed in, with a provider of their own.
pub(crate) struct Person {
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) credential: Credential,
}

impl Portal {
    pub(crate) async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut options = ServeOptions::new(data.path().join("data"));
        options.listen = "127.0.0.1:0".parse().unwrap();
        let running = start(options).await.unwrap();
        let administration = running.administration();
        let user = |first: &str, last: &str, email: &str| {
            NewUser::with_password(first, last, email, PASSWORD.to_owned().into())
        };
        for (first, last, email) in [("Ada", "Lovelace", ADA), ("Bob", "Babbage", BOB)] {
            running.add_user(user(first, last, email)).await.unwrap();
        }
        for (email, role) in [
            (ROOT, PortalRole::SuperAdmin),
            (ADMIN, PortalRole::Admin),
            (READER, PortalRole::ReadOnly),
        ] {
            administration
                .add_portal_user(user("Some", "Body", email), vec![role])
                .await
                .unwrap();
        }
        let acme = administration.add_organization("Acme").await.unwrap();
        let blue = administration.add_organization("blue").await.unwrap();
        for (organization, email, role) in [
            (&acme, ADA, OrganizationRole::Owner),
            (&acme, BOB, OrganizationRole::Viewer),
            (&blue, ADA, OrganizationRole::Member),
        ] {
            administration
                .put_member(organization, email, role)
                .await
                .unwrap();
        }
        Self {
            acme: OrganizationId(acme),
            blue: OrganizationId(blue),
            running,
            _data: data,
        }
    }

    /// A provider for this server that nobody has signed in with.
    pub(crate) fn provider(&self) -> Arc<dyn Provider> {
        let instance = instance(self.running.url(), ServerKind::Keydesk);
        provider_of(&instance, Limits::default())
    }

    /// Someone with a session, had without the cost of a password.
    pub(crate) async fn person(&self, email: &str) -> Person {
        let session = self.running.administration().issue_session(email).await;
        Person {
            provider: self.provider(),
            credential: Credential::Session(secret(&session.unwrap().authorization)),
        }
    }
}

/// A provider for a portal that answers at once, whatever it answers.
pub(crate) fn portal_at(url: &str) -> Arc<dyn Provider> {
    provider_of(&instance(url, ServerKind::Keydesk), patient())
}
