//! Serving: one process a folder, and clients that take their time. How it ends is in `unix`.

use std::process::Command;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{PROGRAM, Process, client};

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

/// Connections whose requests never come to an end.
async fn slow_clients(address: &str, count: usize) -> Vec<TcpStream> {
    let mut clients = Vec::new();
    for _ in 0..count {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream
            .write_all(b"GET /q/health HTTP/1.1\r\nHost: ")
            .await
            .unwrap();
        clients.push(stream);
    }
    clients
}

#[tokio::test]
async fn slow_clients_do_not_keep_others_out_until_there_is_no_room() {
    let dir = tempfile::tempdir().unwrap();
    let server = Process::serve(&dir.path().join("data"), &[]);
    let address = server.url.strip_prefix("http://").unwrap();
    let health = async || {
        let request = client().get(format!("{}/q/health", server.url));
        request.timeout(Duration::from_secs(2)).send().await
    };
    let mut slow = slow_clients(address, 500).await;
    for _ in 0..100 {
        assert_eq!(health().await.unwrap().status(), 200);
    }
    // As many as are let in at once: whoever comes now waits for one of them to go.
    slow.extend(slow_clients(address, 400).await);
    assert!(health().await.unwrap_err().is_timeout());
    slow.truncate(890);
    assert_eq!(health().await.unwrap().status(), 200);
}
