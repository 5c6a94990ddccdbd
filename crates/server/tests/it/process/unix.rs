//! What only Unix has: an end by signal, with what the program printed until then, and the modes
//! of files.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::{PROGRAM, Process, add_ada, client};
use crate::support::{ADA, PASSWORD, SSO};

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
async fn a_killed_server_leaves_no_lock_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Process::serve(&data, &[]);
    add_ada(&data);
    let token = server.token_of(ADA, PASSWORD).await;
    drop(server); // by SIGKILL
    let server = Process::serve(&data, &[]);
    assert_eq!(server.status(&token).await, 200);
}

#[tokio::test]
async fn the_log_names_no_secret_and_no_address() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Process::serve(&data, &[]);
    add_ada(&data);
    let token = server.token_of(ADA, PASSWORD).await;
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

#[test]
fn files_are_closed_under_the_widest_umask() {
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
