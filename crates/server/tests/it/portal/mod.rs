//! The portals from outside: every rule gone around the client.

mod account;
mod api_keys;
mod capabilities;
mod deletion;
mod dialects;
mod idempotency;
mod key_lists;
mod openapi;
mod organizations;
mod refusals;
mod second_factor;
mod security_log;
mod sessions;
mod usage;
mod user_permissions;
mod users;

use keydesk_server::{NewUser, OrganizationRole, PortalRole, ServeOptions};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADA, Answer, BOB, PASSWORD, Server, text};

pub(crate) const ROOT: &str = "root@example.org";
pub(crate) const ADMIN: &str = "admin@example.org";
pub(crate) const READER: &str = "reader@example.org";

pub(crate) const KEYS: &str = "/portal/v1/api-keys";

/// A server with an organization of Ada (owner) and Bob (viewer), and three administrators.
pub(crate) struct Portal {
    pub(crate) server: Server,
    pub(crate) organization: String,
}

impl Portal {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut ServeOptions)) -> Self {
        let server = Server::start_with(change).await;
        let administration = server.running.administration();
        for (email, role) in [
            (ROOT, PortalRole::SuperAdmin),
            (ADMIN, PortalRole::Admin),
            (READER, PortalRole::ReadOnly),
        ] {
            let user = NewUser::with_password("Some", "Body", email, PASSWORD.to_owned().into());
            administration
                .add_portal_user(user, vec![role])
                .await
                .unwrap();
        }
        let organization = administration.add_organization("Acme").await.unwrap();
        for (email, role) in [
            (ADA, OrganizationRole::Owner),
            (BOB, OrganizationRole::Viewer),
        ] {
            administration
                .put_member(&organization, email, role)
                .await
                .unwrap();
        }
        Self {
            server,
            organization,
        }
    }

    /// A session token of somebody.
    pub(crate) async fn token(&self, email: &str) -> String {
        let administration = self.server.running.administration();
        let session = administration.issue_session(email).await.unwrap();
        session.authorization.to_string()
    }

    pub(crate) fn organization_keys(&self) -> String {
        format!("/portal/v1/organizations/{}/api-keys", self.organization)
    }

    /// Makes a key of the admin portal or of an organization; its id and its whole value.
    pub(crate) async fn key(&self, path: &str, token: &str, body: &Value) -> (String, String) {
        let answer = self.server.post(path, token, body).await;
        assert_eq!(answer.status, 201, "{}", answer.json());
        let key = answer.json();
        (text(&key["id"]), text(&key["value"]))
    }

    /// Makes a key of the admin portal with these scopes; its id and its whole value.
    pub(crate) async fn admin_key(&self, token: &str, scopes: &[&str]) -> (String, String) {
        let body = json!({ "name": scopes.join(" and "), "scopes": scopes });
        self.key(KEYS, token, &body).await
    }

    /// What comes back for a credential that is good for reading.
    pub(crate) async fn read(&self, credential: &str) -> Answer {
        self.server
            .get("/portal/v1/organizations", credential)
            .await
    }

    /// Checks that a credential is good for nothing.
    #[track_caller]
    pub(crate) fn is_refused(answer: &Answer) {
        answer.problem(401, "unauthenticated");
        assert_eq!(
            answer.header("www-authenticate"),
            "Bearer error=\"invalid_token\""
        );
    }
}

impl Answer {
    /// Checks that it is a problem of this type.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, slug: &str) {
        let body = self.json();
        assert_eq!(self.status, status, "{body}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(
            body["type"],
            format!("urn:keydesk:problem:{slug}"),
            "{body}"
        );
        assert_eq!(body["status"], status);
        assert!(body["title"].is_string());
        let detail = body["detail"].as_str().unwrap();
        assert!(detail.ends_with('.'), "{detail}");
    }

    /// Checks that it refuses this one entry.
    #[track_caller]
    pub(crate) fn entry(&self, pointer: &str, code: &str) {
        self.problem(422, "invalid-input");
        let errors = self.json()["errors"].clone();
        assert_eq!(errors[0]["pointer"], pointer, "{errors}");
        assert_eq!(errors[0]["code"], code, "{errors}");
        assert_eq!(errors.as_array().map(Vec::len), Some(1), "{errors}");
    }
}

/// Sends a request with a body of any kind.
pub(crate) async fn send(
    server: &Server,
    method: Method,
    path: &str,
    credential: &str,
    body: Option<&Value>,
) -> Answer {
    let request = server.request(method, path).bearer_auth(credential);
    server
        .send(match body {
            Some(body) => request.json(body),
            None => request,
        })
        .await
}

pub(crate) fn names(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| text(&item["name"])).collect()
}
