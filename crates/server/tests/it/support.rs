//! A server with accounts, and short ways to send it requests.

use std::time::Duration;

use keydesk_server::{Clock, NewUser, Running, ServeOptions, SignInMethod, start};
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const ADA: &str = "ada@example.org";
pub(crate) const BOB: &str = "bob@example.org";
pub(crate) const SSO: &str = "sso@example.org";
pub(crate) const PASSWORD: &str = "seven grey herons wade";
pub(crate) const BOBS_PASSWORD: &str = "nine quiet otters float";

/// A server of its own for one test: Ada and Bob have passwords, a third signs in elsewhere.
pub(crate) struct Server {
    pub(crate) running: Running,
    pub(crate) clock: Clock,
    pub(crate) dir: TempDir,
    pub(crate) client: reqwest::Client,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).expect("the answer is JSON")
    }

    /// What lies in the envelope.
    pub(crate) fn data(&self) -> Value {
        assert_eq!(self.status, 200, "{:?}", self.json());
        let mut body = self.json();
        assert_eq!(body["code"], 0);
        assert_eq!(body["message"], "success");
        body["data"].take()
    }

    /// Checks that it is a refusal in the dialect's shape, naming `field` or none.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, field: Option<&str>) {
        let body = self.json();
        assert_eq!(self.status, status, "{body}");
        assert_eq!(body["code"], status);
        assert!(
            body["message"]
                .as_str()
                .is_some_and(|text| text.ends_with('.'))
        );
        assert_eq!(body.get("field").and_then(Value::as_str), field, "{body}");
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut ServeOptions)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::system();
        let mut options = ServeOptions::new(dir.path().join("data"));
        options.clock = clock.clone();
        change(&mut options);
        let running = start(options).await.unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let server = Self {
            running,
            clock,
            dir,
            client,
        };
        server
            .add(NewUser::with_password(
                "Ada",
                "Lovelace",
                ADA,
                PASSWORD.to_owned().into(),
            ))
            .await;
        server
            .add(NewUser::with_password(
                "Bob",
                "Noyce",
                BOB,
                BOBS_PASSWORD.to_owned().into(),
            ))
            .await;
        server
            .add(NewUser {
                first_name: "Sam".to_owned(),
                last_name: "Osterhout".to_owned(),
                email: SSO.to_owned(),
                role: "user".to_owned(),
                sign_in: SignInMethod::Elsewhere,
            })
            .await;
        server
    }

    async fn add(&self, user: NewUser) {
        self.running.add_user(user).await.unwrap();
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.url())
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path))
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        Answer {
            status: response.status(),
            headers: response.headers().clone(),
            bytes: response.bytes().await.unwrap().to_vec(),
        }
    }

    pub(crate) async fn get(&self, path: &str, credential: &str) -> Answer {
        self.send(self.request(Method::GET, path).bearer_auth(credential))
            .await
    }

    pub(crate) async fn delete(&self, path: &str, credential: &str) -> Answer {
        self.send(self.request(Method::DELETE, path).bearer_auth(credential))
            .await
    }

    pub(crate) async fn post(&self, path: &str, credential: &str, body: &Value) -> Answer {
        let request = self.request(Method::POST, path).bearer_auth(credential);
        self.send(request.json(body)).await
    }

    pub(crate) async fn put(&self, path: &str, credential: &str, body: &Value) -> Answer {
        let request = self.request(Method::PUT, path).bearer_auth(credential);
        self.send(request.json(body)).await
    }

    pub(crate) async fn try_login(&self, name: &str, password: &str) -> Answer {
        let body = json!({ "login_name": name, "password": password });
        self.send(
            self.request(Method::POST, "/api/v1/users/login")
                .json(&body),
        )
        .await
    }

    /// Signs in; the token.
    pub(crate) async fn login(&self, name: &str, password: &str) -> String {
        let answer = self.try_login(name, password).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json());
        text(&answer.json()["token"])
    }

    pub(crate) async fn ada(&self) -> String {
        self.login(ADA, PASSWORD).await
    }

    pub(crate) async fn bob(&self) -> String {
        self.login(BOB, BOBS_PASSWORD).await
    }

    /// Makes a key; its id and its whole value.
    pub(crate) async fn key(
        &self,
        token: &str,
        title: &str,
        expire_time: Option<i64>,
    ) -> (String, String) {
        let body = json!({ "title": title, "expire_time": expire_time });
        let key = self
            .post("/api/v1/users/api-keys", token, &body)
            .await
            .data();
        (text(&key["id"]), text(&key["api_key"]))
    }

    pub(crate) fn in_an_hour(&self) -> i64 {
        self.clock.now() + 3_600_000
    }

    pub(crate) fn advance_hours(&self, hours: u64) {
        self.clock.advance(Duration::from_hours(hours));
    }

    /// Whether a credential is good for the rest of the API at this moment.
    pub(crate) async fn is_good(&self, credential: &str) -> bool {
        let answer = self.get("/api/v1/users", credential).await;
        if answer.status != 200 {
            answer.refused(401, Some("authorization"));
            assert_eq!(
                answer.header("www-authenticate"),
                "Bearer error=\"invalid_token\""
            );
        }
        answer.status == 200
    }
}

/// An authenticator app: what it shows follows the server's clock.
pub(crate) struct App(totp_rs::Totp);

impl App {
    /// Set up by what a QR code holds.
    pub(crate) fn of(uri: &str) -> Self {
        Self(totp_rs::Totp::from_url(uri).unwrap())
    }

    /// The code of this moment.
    pub(crate) fn code(&self, server: &Server) -> String {
        self.code_in(server, 0)
    }

    /// The code that is shown so many steps of thirty seconds later.
    pub(crate) fn code_in(&self, server: &Server, steps: i64) -> String {
        let seconds = server.clock.now() / 1000 + steps * 30;
        self.0.generate(u64::try_from(seconds).unwrap()).to_string()
    }
}

/// What a description says there is, but for what is open to everybody: methods and paths,
/// with `x` in the place of every name.
pub(crate) fn closed_operations(document: &Value) -> Vec<(Method, String)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path: Vec<&str> = path
            .split('/')
            .map(|part| if part.starts_with('{') { "x" } else { part })
            .collect();
        for (method, operation) in item.as_object().unwrap() {
            if operation["security"] == json!([{}]) {
                continue;
            }
            let method = method.to_uppercase();
            operations.push((method.parse().unwrap(), path.join("/")));
        }
    }
    operations
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
