//! The AIMMS dialect from outside: every rule gone around the client.

mod api_keys;
mod current_user;
mod directory;
mod wire;

use std::fmt::Write;

use keydesk_server::ServeOptions;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADA, Answer, Server, text};

const BASE: &str = "/pro/user-manager/v1";
const KEYS: &str = "/user/@current/api-key";
const INFO: &str = "/user/@current/info";
const ALL: &[&str] = &["Authentication", "PublishApp", "Tasks", "APIKey", "Session"];

/// A server, and a key of Ada's with every scope.
struct Aimms {
    server: Server,
    key: String,
}

impl Aimms {
    async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    async fn start_with(change: impl FnOnce(&mut ServeOptions)) -> Self {
        let server = Server::start_with(change).await;
        let key = first_key(&server, ADA, ALL).await;
        Self { server, key }
    }

    async fn send(&self, method: Method, path: &str, key: &str, body: Option<&Value>) -> Answer {
        let request = self.server.request(method, &format!("{BASE}{path}"));
        let request = request.header("apikey", key);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        self.server.send(request).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &self.key, None).await
    }

    async fn write(&self, method: Method, path: &str, body: &Value) -> Answer {
        self.send(method, path, &self.key, Some(body)).await
    }

    async fn create(&self, name: &str, scopes: &[&str]) -> Answer {
        let end = day_from_now(&self.server, 30);
        let body = json!({ "name": name, "expiration_date": end, "scopes": scopes });
        self.write(Method::POST, KEYS, &body).await
    }

    async fn names(&self) -> Vec<String> {
        let keys = self.get(KEYS).await.json();
        let keys = keys.as_array().unwrap();
        keys.iter().map(|key| text(&key["name"])).collect()
    }

    async fn delete(&self, name: &str) -> Answer {
        let path = format!("{KEYS}/{}", percent_encoded(name));
        self.send(Method::DELETE, &path, &self.key, None).await
    }

    /// The field `user_name` of a list of users.
    async fn users(&self, query: &str) -> Vec<String> {
        let answer = self.get(&format!("/user?{query}")).await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.json());
        let users = answer.json();
        let users = users.as_array().unwrap();
        users.iter().map(|user| text(&user["user_name"])).collect()
    }
}

async fn first_key(server: &Server, email: &str, scopes: &[&str]) -> String {
    let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let administration = server.running.administration();
    let key = administration.add_aimms_key(email, "first", &scopes, 365);
    key.await.unwrap().to_string()
}

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").unwrap();
        }
        encoded
    })
}

/// A day, as people choose it.
fn day_from_now(server: &Server, days: i64) -> String {
    let time = server.clock.now() / 1000 + days * 86_400;
    let day = time::OffsetDateTime::from_unix_timestamp(time)
        .unwrap()
        .date();
    day.to_string()
}

/// The moment that is so many days from now.
fn moment_from_now(server: &Server, days: i64) -> String {
    use time::format_description::well_known::Rfc3339;
    let time = server.clock.now() / 1000 + days * 86_400;
    let time = time::OffsetDateTime::from_unix_timestamp(time).unwrap();
    time.format(&Rfc3339).unwrap()
}

/// Checks that an answer is a refusal in the dialect's shape.
#[track_caller]
fn refused(answer: &Answer, status: u16, error: &str, field: Option<&str>) {
    let body = answer.json();
    assert_eq!(answer.status, status, "{body}");
    assert_eq!(body["error"], error, "{body}");
    assert!(text(&body["message"]).ends_with('.'));
    assert_eq!(body.get("field").and_then(Value::as_str), field, "{body}");
}
