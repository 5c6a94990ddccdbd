//! The program in a process of its own: its command line, its one line of output, its end.

mod accounts;
mod serving;
#[cfg(unix)]
mod unix;

#[cfg(unix)]
use std::io::Read;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
#[cfg(unix)]
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{ADA, PASSWORD};

const PROGRAM: &str = env!("CARGO_BIN_EXE_keydesk-server");

/// A server in a process of its own; killed when a test fails.
struct Process {
    child: Child,
    url: String,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    fn serve(data: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        child.stdout = Some(out.into_inner());
        let url = line.trim_end().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{line:?}");
        Self { child, url }
    }

    /// Sends a signal; everything else that was written, and whether it ended well.
    #[cfg(unix)]
    fn end(mut self, signal: &str) -> (String, String, bool) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill")
            .args(["-s", signal, &id])
            .status()
            .unwrap();
        assert!(sent.success());
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < Duration::from_secs(10), "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        };
        let (mut out, mut log) = (String::new(), String::new());
        self.child
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut out)
            .unwrap();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        (out, log, status.success())
    }

    async fn login(&self, email: &str, password: &str) -> (StatusCode, Value) {
        let response = client()
            .post(format!("{}/api/v1/users/login", self.url))
            .json(&json!({ "login_name": email, "password": password }))
            .send()
            .await
            .unwrap();
        (response.status(), response.json().await.unwrap())
    }

    /// The token of a session that begins with this.
    async fn token_of(&self, email: &str, password: &str) -> String {
        let (status, answer) = self.login(email, password).await;
        assert_eq!(status, 200);
        answer["token"].as_str().unwrap().to_owned()
    }

    async fn status(&self, token: &str) -> StatusCode {
        let request = client()
            .get(format!("{}/api/v1/users", self.url))
            .bearer_auth(token);
        request.send().await.unwrap().status()
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn user(command: &str, data: &Path, email: &str, more: &[&str], input: &str) -> Output {
    let mut child = Command::new(PROGRAM)
        .args(["user", command, "--email", email, "--data"])
        .arg(data)
        .args(more)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Where the command does not read its input, writing it may fail.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

const ADD: &[&str] = &[
    "--first-name",
    "Ada",
    "--last-name",
    "Lovelace",
    "--password-stdin",
];

fn add_ada(data: &Path) {
    let output = user("add", data, ADA, ADD, &format!("{PASSWORD}\n"));
    assert!(output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty());
}
