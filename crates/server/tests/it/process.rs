//! The program: its command line, its one line of output, and its end.

#[cfg(unix)]
use std::io::Read;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
#[cfg(unix)]
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{ADA, PASSWORD, SSO};

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
const ADD_SSO: &[&str] = &["--first-name", "Sam", "--last-name", "Osterhout", "--sso"];

fn add_ada(data: &Path) {
    let output = user("add", data, ADA, ADD, &format!("{PASSWORD}\n"));
    assert!(output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty());
}

#[cfg(unix)]
#[tokio::test]
async fn it_prints_its_url_on_one_line_and_ends_cleanly() {
    for signal in ["TERM", "INT"] {
        let dir = tempfile::tempdir().unwrap();
        let server = Process::serve(&dir.path().join("data"), &[]);
        let health = client()
            .get(format!("{}/q/health", server.url))
            .send()
            .await
            .unwrap();
        assert_eq!(health.status(), 200);
        let (out, log, well) = server.end(signal);
        assert!(well, "{signal}: {log}");
        assert_eq!(out, "", "the URL is all that it prints");
    }
}

#[tokio::test]
async fn there_is_no_account_until_one_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Process::serve(&data, &[]);
    for (email, password) in [
        ("admin", "admin"),
        ("admin@example.org", "password"),
        (ADA, PASSWORD),
    ] {
        assert_eq!(server.login(email, password).await.0, 401);
    }
    add_ada(&data);
    assert_eq!(server.login(ADA, PASSWORD).await.0, 200);
}

#[tokio::test]
async fn accounts_are_managed_while_it_serves() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Process::serve(&data, &[]);
    add_ada(&data);
    let token = server.login(ADA, PASSWORD).await.1["token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(server.status(&token).await, 200);
    assert!(user("deactivate", &data, ADA, &[], "").status.success());
    assert_eq!(server.status(&token).await, 401);
    assert_eq!(server.login(ADA, PASSWORD).await.0, 401);
    assert!(user("activate", &data, ADA, &[], "").status.success());
    assert_eq!(server.login(ADA, PASSWORD).await.0, 200);
    let new = "eleven small foxes yawn";
    assert!(
        user("password", &data, ADA, &["--password-stdin"], new)
            .status
            .success()
    );
    assert_eq!(server.login(ADA, new).await.0, 200);
    assert!(user("unlock", &data, ADA, &[], "").status.success());
    let lost = user("remove-second-factor", &data, ADA, &[], "");
    assert!(lost.status.success());
    assert!(user("delete", &data, ADA, &[], "").status.success());
    assert_eq!(server.login(ADA, new).await.0, 401);
}

#[tokio::test]
async fn sessions_are_issued_for_those_who_sign_in_elsewhere() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Process::serve(&data, &["--require-access-token"]);
    assert!(user("add", &data, SSO, ADD_SSO, "").status.success());
    let one = user("session", &data, SSO, &[], "");
    assert_eq!(String::from_utf8(one.stdout).unwrap().lines().count(), 1);
    let both = user("session", &data, SSO, &["--require-access-token"], "");
    let both = String::from_utf8(both.stdout).unwrap();
    let lines: Vec<&str> = both.lines().collect();
    let authorization = lines[0].strip_prefix("Authorization: ").unwrap();
    let access_token = lines[1].strip_prefix("Access-token: ").unwrap();
    let request = || client().get(format!("{}/api/v1/users", server.url));
    let with_both = request()
        .header("Authorization", authorization)
        .header("Access-token", access_token);
    assert_eq!(with_both.send().await.unwrap().status(), 200);
    let with_one = request().header("Authorization", authorization);
    assert_eq!(with_one.send().await.unwrap().status(), 401);
}

fn add_key(data: &Path, name: &str, more: &[&str]) -> Output {
    Command::new(PROGRAM)
        .args(["api-key", "add", "--email", ADA, "--name", name, "--data"])
        .arg(data)
        .args(more)
        .output()
        .unwrap()
}

#[tokio::test]
async fn the_first_key_of_the_user_manager_service_is_printed_once() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Process::serve(&data, &["--account-name", "acme"]);
    add_ada(&data);
    let scopes = ["--scope", "APIKey", "--scope", "Session", "--days", "1"];
    let output = add_key(&data, "first", &scopes);
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed.lines().count(), 1);
    let key = printed.trim_end();
    assert!(!String::from_utf8_lossy(&output.stderr).contains(key));
    let base = format!("{}/pro/user-manager/v1/user/@current", server.url);
    let get = |path: &str| {
        let request = client().get(format!("{base}{path}")).header("apikey", key);
        async move {
            let answer = request.send().await.unwrap();
            answer.json::<Value>().await.unwrap()
        }
    };
    assert_eq!(get("/info").await["account_name"], "acme");
    assert_eq!(
        get("/api-key").await[0]["scopes"],
        json!(["APIKey", "Session"])
    );
    for (name, more, expected) in [
        ("first", &["--scope", "APIKey"][..], "already"),
        ("other", &["--scope", "Root"], "--scope is not among"),
        ("other", &[], "--scope"),
        ("other", &["--scope", "APIKey", "--days", "366"], "--days"),
        ("", &["--scope", "APIKey"], "--name may not be empty"),
    ] {
        let output = add_key(&data, name, more);
        assert!(!output.status.success(), "{output:?}");
        assert!(output.stdout.is_empty());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn commands_that_cannot_be_done_say_why_and_fail() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    add_ada(&data);
    let again = "twelve brown moles nap";
    for (output, expected) in [
        (user("add", &data, "ADA@example.org", ADD, again), "already"),
        (
            user("add", &data, "eve@example.org", ADD, "short"),
            "at least 15",
        ),
        (
            user("add", &data, "eve@example.org", ADD, ""),
            "at least 15",
        ),
        (user("add", &data, "no address", ADD, again), "--email"),
        (
            user(
                "add",
                &data,
                "eve@example.org",
                &["--first-name", "E"],
                again,
            ),
            "--last-name",
        ),
        (
            user("add", &data, "eve@example.org", &ADD[..4], again),
            "--password-stdin",
        ),
        (
            user("delete", &data, "nobody@example.org", &[], ""),
            "no such account",
        ),
        (
            user("session", &data, "nobody@example.org", &[], ""),
            "no such account",
        ),
    ] {
        assert!(!output.status.success(), "{output:?}");
        assert!(output.stdout.is_empty());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains("moles"), "{error}");
    }
}

#[tokio::test]
async fn a_second_process_on_one_folder_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Process::serve(&data, &[]);
    let second = Command::new(PROGRAM)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&data)
        .output()
        .unwrap();
    assert!(!second.status.success());
    assert!(second.stdout.is_empty());
    assert!(
        String::from_utf8(second.stderr)
            .unwrap()
            .contains("already serving")
    );
    drop(server);
}

#[cfg(unix)]
#[tokio::test]
async fn a_killed_server_leaves_no_lock_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Process::serve(&data, &[]);
    add_ada(&data);
    let token = server.login(ADA, PASSWORD).await.1["token"]
        .as_str()
        .unwrap()
        .to_owned();
    drop(server); // by SIGKILL
    let server = Process::serve(&data, &[]);
    assert_eq!(server.status(&token).await, 200);
}

#[cfg(unix)]
#[tokio::test]
async fn the_log_names_no_secret_and_no_address() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Process::serve(&data, &[]);
    add_ada(&data);
    let token = server.login(ADA, PASSWORD).await.1["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let planted = "a planted wrong password";
    server.login(ADA, planted).await;
    server.login(planted, "x").await;
    server.status("planted-token").await;
    let reset = client()
        .post(format!("{}/api/v1/users/password-reset-email", server.url))
        .json(&json!({ "email": ADA }));
    reset.send().await.unwrap();
    let key = client()
        .post(format!(
            "{}/api/v1/users/api-keys?token=planted-query",
            server.url
        ))
        .bearer_auth(&token)
        .json(&json!({ "title": "planted-title", "expire_time": null }));
    let key: Value = key.send().await.unwrap().json().await.unwrap();
    let key = key["data"]["api_key"].as_str().unwrap().to_owned();
    let (_, log, _) = server.end("TERM");
    assert!(log.contains("/api/v1/users/login"), "{log}");
    assert!(log.contains("no mail system"), "{log}");
    for secret in [PASSWORD, ADA, "planted", &token, &key] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[cfg(unix)]
#[test]
fn files_are_closed_under_the_widest_umask() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let script = format!(
        "umask 000; exec \"{PROGRAM}\" user add --data \"$1\" --email {SSO} \
         --first-name S --last-name O --sso"
    );
    let output = Command::new("sh")
        .args(["-c", &script, "sh"])
        .arg(&data)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for entry in std::fs::read_dir(&data).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}
