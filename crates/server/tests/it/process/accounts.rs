//! Accounts and keys from the command line, also while the folder is served.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::{ADD, PROGRAM, Process, add_ada, client, user};
use crate::support::{ADA, PASSWORD, SSO};

const ADD_SSO: &[&str] = &["--first-name", "Sam", "--last-name", "Osterhout", "--sso"];

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
    let token = server.token_of(ADA, PASSWORD).await;
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
