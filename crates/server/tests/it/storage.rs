//! What lies on the disk: nothing readable, for nobody else, and whole after a failure.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use keydesk_server::ServeOptions;
use serde_json::json;

use crate::support::{PASSWORD, Server};

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// The forms in which a secret could lie in a file.
fn forms(secret: &str) -> Vec<Vec<u8>> {
    let bytes = secret.as_bytes();
    let mut forms = vec![
        bytes.to_vec(),
        hex(bytes).into_bytes(),
        hex(bytes).to_uppercase().into_bytes(),
        secret.chars().rev().collect::<String>().into_bytes(),
        secret.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    ];
    // Base64 of a text within a longer one depends on where it starts, in threes.
    for shift in 0..3 {
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let shifted = [vec![b'x'; shift], bytes.to_vec()].concat();
            let encoded = engine.encode(shifted);
            forms.push(encoded.as_bytes()[4..encoded.len() - 2].to_vec());
        }
    }
    forms
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle)
}

fn files(server: &Server) -> Vec<(String, Vec<u8>)> {
    std::fs::read_dir(server.dir.path().join("data"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.display().to_string(), std::fs::read(&path).unwrap())
        })
        .collect()
}

#[tokio::test]
async fn no_file_holds_a_secret_in_any_form() {
    let server = Server::start().await;
    let token = server.ada().await;
    let issued = server
        .running
        .administration()
        .issue_session(crate::support::ADA)
        .await
        .unwrap();
    let (id, key) = server.key(&token, "ci", None).await;
    let (deleted_id, deleted) = server.key(&token, "deleted", None).await;
    server
        .delete(&format!("/api/v1/users/api-keys/{deleted_id}"), &token)
        .await;
    let new = "eleven small foxes yawn";
    let change = json!({ "old_password": PASSWORD, "new_password": new });
    server.put("/api/v1/users/password", &token, &change).await;
    // People type passwords into the field for the name.
    server
        .try_login("a planted password as a name", "wrong")
        .await;
    let secret = key.split_once('.').unwrap().1;
    let signature = token.rsplit_once('.').unwrap().1;
    let secrets = [
        PASSWORD,
        new,
        "a planted password as a name",
        secret,
        deleted.split_once('.').unwrap().1,
        signature,
        &issued.access_token,
        issued.authorization.rsplit_once('.').unwrap().1,
    ];
    let files = files(&server);
    assert!(files.iter().any(|(name, _)| name.ends_with("keydesk.db")));
    // The search finds what is there.
    assert!(
        files
            .iter()
            .any(|(_, content)| contains(content, id.as_bytes()))
    );
    for (name, content) in &files {
        for secret in secrets {
            for form in forms(secret) {
                assert!(!contains(content, &form), "{name} holds {secret}");
            }
        }
        // The random bytes behind a secret's base64 must not lie there either.
        let raw = URL_SAFE_NO_PAD.decode(secret).unwrap();
        assert!(!contains(content, &raw), "{name}");
        assert!(!contains(content, hex(&raw).as_bytes()), "{name}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn files_and_folder_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::start().await;
    server.ada().await;
    let data = server.dir.path().join("data");
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    let mut seen = 0;
    for entry in std::fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        seen += 1;
    }
    assert!(seen >= 4, "database, its log, key file, lock");
}

#[tokio::test]
async fn a_full_disk_is_said_and_reading_goes_on() {
    let server = Server::start_with(|options| options.database_limit = Some(200 * 1024)).await;
    let token = server.ada().await;
    let mut made = 0;
    let refusal = loop {
        let body = json!({ "title": format!("{made} {}", "x".repeat(100)), "expire_time": null });
        let answer = server.post("/api/v1/users/api-keys", &token, &body).await;
        if answer.status != 200 {
            break answer;
        }
        made += 1;
        assert!(made < 5000, "the limit is never met");
    };
    refusal.refused(507, None);
    assert!(server.is_good(&token).await);
    let page = server.get("/api/v1/users/api-keys", &token).await.data();
    assert_eq!(page["total"], made);
    // Room that is made can be used.
    for row in page["rows"].as_array().unwrap() {
        let path = format!("/api/v1/users/api-keys/{}", row["id"].as_str().unwrap());
        assert_eq!(server.delete(&path, &token).await.status, 200);
    }
    server.key(&token, "one more", None).await;
}

#[tokio::test]
async fn a_folder_is_served_by_one() {
    let server = Server::start().await;
    let data = server.dir.path().join("data");
    let second = keydesk_server::start(ServeOptions::new(&data)).await;
    let error = second.err().expect("refused");
    assert!(error.is_already_serving());
    assert!(error.to_string().contains("already serving"), "{error}");
    server.running.shutdown().await;
    keydesk_server::start(ServeOptions::new(&data))
        .await
        .unwrap()
        .shutdown()
        .await;
}

#[tokio::test]
async fn a_changed_database_row_does_not_reveal_another_key() {
    let server = Server::start().await;
    let token = server.ada().await;
    let (first, _) = server.key(&token, "first", None).await;
    let (second, _) = server.key(&token, "second", None).await;
    let database = server.dir.path().join("data/keydesk.db");
    rusqlite::Connection::open(database)
        .unwrap()
        .execute(
            "UPDATE api_keys SET sealed_value = (SELECT sealed_value FROM api_keys WHERE id = ?1) \
             WHERE id = ?2",
            [&first, &second],
        )
        .unwrap();
    let answer = server
        .get(&format!("/api/v1/users/api-keys/{second}/value"), &token)
        .await;
    answer.refused(500, None);
}
