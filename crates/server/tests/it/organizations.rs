//! The command line: organizations, their members, and accounts of the admin portal.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use keydesk_server::{ServeOptions, start};
use serde_json::Value;

use crate::support::{ADA, PASSWORD};

fn run(data: &Path, arguments: &[&str]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_keydesk-server"))
        .args(arguments)
        .arg("--data")
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Where the command does not read its input, writing it may fail.
    let _ = writeln!(child.stdin.take().unwrap(), "{PASSWORD}");
    child.wait_with_output().unwrap()
}

#[track_caller]
fn done(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone())
        .unwrap()
        .trim_end()
        .to_owned()
}

#[track_caller]
fn fails(output: &Output, because: &str) {
    assert!(!output.status.success(), "{output:?}");
    assert!(output.stdout.is_empty());
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains(because), "{error}");
}

fn add_user<'a>(email: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = [
        "user",
        "add",
        "--first-name",
        "Ada",
        "--last-name",
        "Lovelace",
        "--password-stdin",
        "--email",
        email,
    ];
    [&fixed, more].concat()
}

fn member<'a>(command: &'a str, organization: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = [
        "organization",
        "member",
        command,
        "--organization",
        organization,
        "--email",
        ADA,
    ];
    [&fixed, more].concat()
}

#[tokio::test]
async fn an_organization_is_made_and_filled() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    done(&run(&data, &add_user(ADA, &[])));
    let id = done(&run(&data, &["organization", "add", "--name", "Acme"]));
    assert_eq!(id.len(), 20, "{id}");
    done(&run(&data, &member("add", &id, &["--role", "viewer"])));
    done(&run(&data, &member("add", &id, &["--role", "owner"])));
    let running = start(ServeOptions::new(&data)).await.unwrap();
    let session = running.administration().issue_session(ADA).await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let organizations = async || -> Value {
        let request = client
            .get(format!("{}/portal/v1/organizations", running.url()))
            .bearer_auth(&*session.authorization);
        request.send().await.unwrap().json().await.unwrap()
    };
    let list = organizations().await;
    assert_eq!(list["items"][0]["id"], id.as_str());
    assert_eq!(list["items"][0]["role"], "owner");
    done(&run(&data, &member("remove", &id, &[])));
    assert_eq!(organizations().await["items"], Value::Array(Vec::new()));
    running.shutdown().await;
}

#[tokio::test]
async fn an_account_of_the_admin_portal_has_its_roles_from_the_beginning() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let roles = ["--portal-role", "admin", "--portal-role", "read-only"];
    done(&run(&data, &add_user(ADA, &roles)));
    let running = start(ServeOptions::new(&data)).await.unwrap();
    let session = running.administration().issue_session(ADA).await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client
        .get(format!("{}/portal/v1/capabilities", running.url()))
        .bearer_auth(&*session.authorization);
    let capabilities: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(capabilities["users"]["edit"]["allowed"], true);
    assert_eq!(capabilities["users"]["delete"]["allowed"], false);
    running.shutdown().await;
}

#[test]
fn an_organization_ends_with_the_account_of_its_only_member() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    done(&run(&data, &add_user(ADA, &[])));
    let make = || run(&data, &["organization", "add", "--name", "Acme"]);
    let id = done(&make());
    done(&run(&data, &member("add", &id, &["--role", "owner"])));
    fails(&make(), "the name is taken");
    done(&run(&data, &["user", "delete", "--email", ADA]));
    done(&make());
}

#[test]
fn what_cannot_be_done_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    done(&run(&data, &add_user(ADA, &[])));
    let id = done(&run(&data, &["organization", "add", "--name", "Acme"]));
    for (arguments, because) in [
        (
            vec!["organization", "add", "--name", "ACME"],
            "the name is taken",
        ),
        (
            vec!["organization", "add", "--name", " "],
            "--name may not be empty",
        ),
        (
            member("add", "none", &["--role", "owner"]),
            "no such account or organization",
        ),
        (
            member("add", &id, &["--role", "king"]),
            "it is one of: owner, admin, member, viewer",
        ),
        (
            member("remove", &id, &[]),
            "no such account or organization",
        ),
        (
            add_user("bob@example.org", &["--portal-role", "root"]),
            "it is one of: super-admin, admin, read-only",
        ),
    ] {
        fails(&run(&data, &arguments), because);
    }
}
