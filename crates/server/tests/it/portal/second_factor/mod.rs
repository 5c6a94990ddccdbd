//! The second factor: set up and removed, and asked for in every dialect.

mod management;
mod sign_in;

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::Portal;
use crate::support::{ADA, Answer, App, PASSWORD, text};

const PATH: &str = "/portal/v1/account/second-factor";

/// A server on which Ada has a second factor.
struct Enrolled {
    portal: Portal,
    token: String,
    app: App,
    recovery_codes: Vec<String>,
}

impl Enrolled {
    async fn start() -> Self {
        let portal = Portal::start().await;
        let token = portal.token(ADA).await;
        let app = begin(&portal, &token, &json!({ "password": PASSWORD })).await;
        let code = json!({ "code": app.code(&portal.server) });
        let confirmed = portal.server.put(PATH, &token, &code).await;
        assert_eq!(confirmed.status, 200, "{}", confirmed.json());
        let codes = confirmed.json()["recoveryCodes"].clone();
        let recovery_codes = codes.as_array().unwrap().iter().map(text).collect();
        // The code that confirmed is used up; the next one is not.
        portal.server.clock.advance(Duration::from_secs(30));
        Self {
            portal,
            token,
            app,
            recovery_codes,
        }
    }

    fn code(&self) -> String {
        self.app.code(&self.portal.server)
    }

    async fn sign_in(&self, code: Option<&str>) -> Answer {
        sign_in(&self.portal, ADA, PASSWORD, code).await
    }

    async fn post(&self, path: &str, password: &str, code: &str) -> Answer {
        let body = json!({ "password": password, "code": code });
        let path = format!("{PATH}/{path}");
        self.portal.server.post(&path, &self.token, &body).await
    }

    async fn stands(&self) -> Value {
        self.portal.server.get(PATH, &self.token).await.json()
    }

    fn wait(&self, seconds: u64) {
        self.portal
            .server
            .clock
            .advance(Duration::from_secs(seconds));
    }
}

async fn begin(portal: &Portal, token: &str, body: &Value) -> App {
    let answer = portal.server.post(PATH, token, body).await;
    assert_eq!(answer.status, 201, "{}", answer.json());
    let set_up = answer.json();
    let uri = text(&set_up["uri"]);
    assert!(uri.contains(&text(&set_up["secret"])));
    App::of(&uri)
}

async fn sign_in(portal: &Portal, email: &str, password: &str, code: Option<&str>) -> Answer {
    let body = json!({ "email": email, "password": password, "code": code });
    let request = portal.server.request(Method::POST, "/portal/v1/sessions");
    portal.server.send(request.json(&body)).await
}
