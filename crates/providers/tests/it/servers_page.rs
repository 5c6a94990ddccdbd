//! `docs/servers.md`, written from the tables of operations: what can be done on which kind of
//! server, and what that rests on. `KEYDESK_WRITE_SERVERS=1` writes it; otherwise it must be up to
//! date.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use keydesk_core::instance::ServerKind;
use keydesk_core::provider::{OperationRow, RestsOn};

use crate::support::{instance, patient, provider_of};

/// The kinds in the order of the page. The last two speak to our own server.
const KINDS: [(&str, &str, ServerKind); 4] = [
    (
        "TDengine IDMP",
        "self-hosted, cloud, and on this computer",
        ServerKind::IdmpSelfHosted,
    ),
    (
        "AIMMS Cloud",
        "the User Manager service",
        ServerKind::AimmsCloud,
    ),
    (
        "Keydesk server",
        "organization portal and admin portal",
        ServerKind::Keydesk,
    ),
    (
        "This computer",
        "the embedded server",
        ServerKind::ThisComputer,
    ),
];

/// What a person does, and the operations of any kind that do it.
const FEATURES: [(&str, &[&str]); 31] = [
    (
        "see what answers at an address",
        &["health", "api-description"],
    ),
    ("find out whether a sign-in still stands", &["probe"]),
    ("sign in with a password", &["sign-in"]),
    ("have a forgotten password reset by mail", &["reset-mail"]),
    ("sign out on the server", &["sign-out"]),
    (
        "see one's profile",
        &[
            "current-user",
            "current-environment",
            "account",
            "capabilities",
        ],
    ),
    ("edit it", &["update-profile", "update-account"]),
    (
        "see and replace the avatar",
        &["read-avatar", "upload-avatar"],
    ),
    ("change the password", &["change-password"]),
    ("see the second factor", &["second-factor", "read-mfa"]),
    (
        "set it up",
        &[
            "begin-second-factor",
            "confirm-second-factor",
            "start-mfa",
            "confirm-mfa",
        ],
    ),
    ("remove it", &["remove-second-factor", "remove-mfa"]),
    ("replace recovery codes", &["replace-recovery-codes"]),
    (
        "see and end sessions",
        &["list-sessions", "end-session", "end-other-sessions"],
    ),
    ("read the security log", &["security-log"]),
    ("delete the account", &["deletion-terms", "delete-account"]),
    ("switch organizations", &["list-organizations"]),
    ("list API keys", &["list-keys", "list-organization-keys"]),
    ("choose scopes", &["scopes", "capabilities"]),
    ("create a key", &["create-key", "create-organization-key"]),
    ("copy a key again from the server", &["copy-key"]),
    ("edit the expiration", &["edit-expiration"]),
    (
        "see details and usage",
        &["read-key", "read-organization-key"],
    ),
    ("revoke a key", &["revoke-key", "revoke-organization-key"]),
    ("delete a key", &["delete-key", "delete-organization-key"]),
    ("see figures", &["key-metrics", "organization-key-metrics"]),
    ("see users", &["list-users", "read-user"]),
    (
        "create, edit and delete users",
        &["create-user", "edit-user", "delete-user"],
    ),
    ("reset a user's password", &["reset-user-password"]),
    ("look up users and groups", &["users", "groups"]),
    ("look up environments", &["environments"]),
];

#[test]
fn the_page_of_servers_is_up_to_date() {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/servers.md");
    let fresh = page();
    if std::env::var_os("KEYDESK_WRITE_SERVERS").is_some() {
        std::fs::write(&target, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(&target)
        .unwrap_or_else(|error| panic!("{}: {error}", target.display()));
    // A checkout may have other line ends.
    let committed = committed.replace("\r\n", "\n");
    let mut lines = committed.lines().zip(fresh.lines());
    let differs = lines.find(|(committed, fresh)| committed != fresh);
    assert!(
        committed == fresh,
        "docs/servers.md is not what the tables say: run `cargo xtask bindings`; {differs:?}"
    );
}

/// A row that no feature names would be missing from the page.
#[test]
fn every_operation_belongs_to_something_that_a_person_does() {
    let named: BTreeSet<_> = FEATURES
        .iter()
        .flat_map(|(_, names)| *names)
        .copied()
        .collect();
    let tables: BTreeSet<_> = KINDS
        .iter()
        .flat_map(|(_, _, kind)| rows(*kind))
        .map(|row| row.name)
        .collect();
    let tables: BTreeSet<_> = tables.iter().map(String::as_str).collect();
    assert_eq!(named, tables);
}

fn rows(kind: ServerKind) -> Vec<OperationRow> {
    provider_of(&instance("http://127.0.0.1:1", kind), patient()).operations()
}

fn page() -> String {
    let mut page = String::from(
        "<!-- Generated from the tables of operations by `cargo xtask bindings`. -->\n\
         # What works with which server, and what it rests on\n\n\
         **documented**: the vendor's public documentation. **inferred**: the vendor's published \
         programs use it. **assumed**: ours, until a server shows otherwise; see it under \
         Preferences → Connection details, where it is held against the server's own description. \
         **ours**: the contract of our own server, described at its `/openapi.json`. An empty cell: \
         the server has no operation for it.\n\n",
    );
    let tables: Vec<_> = KINDS
        .iter()
        .map(|(_, _, kind)| (*kind, rows(*kind)))
        .collect();
    page.push_str("| |");
    for (name, _, _) in &KINDS {
        let _ = write!(page, " {name} |");
    }
    page.push_str("\n| --- |");
    for _ in &KINDS {
        page.push_str(" --- |");
    }
    page.push('\n');
    for (feature, names) in &FEATURES {
        let _ = write!(page, "| {feature} |");
        for (kind, rows) in &tables {
            let found: BTreeSet<_> = rows
                .iter()
                .filter(|row| names.contains(&row.name.as_str()) && is_offered(*kind, &row.name))
                .map(|row| word(*kind, row.rests_on))
                .collect();
            let found: Vec<_> = found.into_iter().collect();
            let _ = write!(page, " {} |", found.join(", "));
        }
        page.push('\n');
    }
    page.push_str(
        "\nOn TDengine IDMP Cloud there is no sign-in with a password; its two tokens are taken \
         from its own page or pasted. The embedded server speaks the IDMP dialect.\n\n\
         An operation can be set for one instance under `endpoints` in `config.json`, by its name: \
         `\"list-keys\": \"GET /api/v2/keys\"`.\n",
    );
    for ((name, about, kind), (_, rows)) in KINDS.iter().zip(&tables).take(3) {
        let _ = write!(
            page,
            "\n## {name}\n\n{about}\n\n| operation | request | rests on |\n| --- | --- | --- |\n"
        );
        for row in rows {
            let rests_on = word(*kind, row.rests_on);
            let _ = writeln!(page, "| {} | `{}` | {rests_on} |", row.name, row.request);
        }
    }
    page
}

/// The embedded server is spoken to by the table of IDMP and sends no mail.
fn is_offered(kind: ServerKind, operation: &str) -> bool {
    !(kind == ServerKind::ThisComputer && operation == "reset-mail")
}

/// What our own server documents is our own word.
fn word(kind: ServerKind, rests_on: RestsOn) -> &'static str {
    match (kind, rests_on) {
        (ServerKind::Keydesk | ServerKind::ThisComputer, _) => "ours",
        (_, RestsOn::Documented) => "documented",
        (_, RestsOn::Inferred) => "inferred",
        (_, RestsOn::Assumed) => "assumed",
        (_, RestsOn::Overridden) => "overridden",
    }
}
