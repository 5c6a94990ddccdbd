//! A way to a real server on which answers get lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::fault_server::read_request;

/// The way; it ends with the test's runtime.
pub(crate) struct LossyWay {
    pub(crate) url: String,
    to_lose: Arc<AtomicUsize>,
}

impl LossyWay {
    /// A way to the server at `url`, on which nothing is lost yet.
    pub(crate) async fn to(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = listener.local_addr().unwrap().to_string();
        let there = url.strip_prefix("http://").unwrap().to_owned();
        let way = Self {
            url: format!("http://{here}"),
            to_lose: Arc::default(),
        };
        let to_lose = way.to_lose.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (here, there, to_lose) = (here.clone(), there.clone(), to_lose.clone());
                tokio::spawn(async move { carry(stream, &here, &there, &to_lose).await });
            }
        });
        way
    }

    /// Loses the next answers to what makes something, after it was made.
    pub(crate) fn lose_answers(&self, count: usize) {
        self.to_lose.store(count, Ordering::Relaxed);
    }
}

/// Carries one request there and, unless it gets lost, its answer back.
async fn carry(mut stream: TcpStream, here: &str, there: &str, to_lose: &AtomicUsize) {
    let Some(asked) = read_request(&mut stream).await else {
        return;
    };
    let head = asked.head.replace(here, there);
    let head = format!("{head}\r\nconnection: close\r\n\r\n");
    let mut server = TcpStream::connect(there).await.unwrap();
    server.write_all(head.as_bytes()).await.unwrap();
    server.write_all(&asked.body).await.unwrap();
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await.unwrap();
    let one_less = |left: usize| left.checked_sub(1);
    let is_lost = asked.line().starts_with("POST")
        && to_lose
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less)
            .is_ok();
    if !is_lost {
        let _ = stream.write_all(&answer).await;
    }
}
