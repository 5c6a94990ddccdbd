//! A server that says exactly what a test wants, byte by byte, and remembers what it was asked.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Request line and headers, as they came.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Asked {
    /// `GET /path`, query included.
    pub(crate) fn line(&self) -> &str {
        let line = self.head.lines().next().unwrap_or_default();
        line.rsplit_once(' ').map_or(line, |(line, _)| line)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub(crate) enum Say {
    /// These bytes, and the end of the connection.
    Bytes(Vec<u8>),
    /// The first bytes at once, the others one at a time.
    Drip(Vec<u8>, Vec<u8>, Duration),
    /// These bytes, and a reset in place of an end.
    Reset(Vec<u8>),
    /// These bytes for ever, after a head.
    Endless(Vec<u8>, Vec<u8>),
    /// Nothing, with the connection held open.
    Silence,
}

impl Say {
    /// A whole answer with these headers (one a line) and body.
    pub(crate) fn answer(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut text = format!("HTTP/1.1 {status} X\r\nConnection: close\r\n");
        for line in headers.lines().filter(|line| !line.is_empty()) {
            text.push_str(line);
            text.push_str("\r\n");
        }
        let _ = write!(text, "Content-Length: {}\r\n\r\n", body.len());
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(body);
        Self::Bytes(bytes)
    }

    pub(crate) fn json(status: u16, body: impl AsRef<[u8]>) -> Self {
        Self::answer(status, "Content-Type: application/json", body)
    }

    pub(crate) fn html(status: u16) -> Self {
        Self::answer(
            status,
            "Content-Type: text/html; charset=utf-8",
            "<!doctype html><title>Welcome to nginx!</title>",
        )
    }
}

type Script = dyn Fn(&Asked, usize) -> Say + Send + Sync;

/// The server; it ends with the test's runtime.
pub(crate) struct FaultServer {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl FaultServer {
    /// Answers the n-th question (from 0) with what the script says.
    pub(crate) async fn start(
        script: impl Fn(&Asked, usize) -> Say + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let script: Arc<Script> = Arc::new(script);
        let log = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, log) = (script.clone(), log.clone());
                tokio::spawn(async move {
                    if let Some(stream) = serve(stream, &*script, &log).await {
                        let _ = stream.set_zero_linger();
                    }
                });
            }
        });
        Self { url, asked }
    }

    /// Always the same answer.
    pub(crate) async fn always(say: Say) -> Self {
        Self::start(move |_, _| say.clone()).await
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        let asked = self.asked();
        asked.iter().map(|asked| asked.line().to_owned()).collect()
    }
}

/// Serves one request of a connection; hands it back where it shall be reset.
pub(crate) async fn serve<S>(
    mut stream: S,
    script: &(dyn Fn(&Asked, usize) -> Say + Send + Sync),
    log: &Mutex<Vec<Asked>>,
) -> Option<S>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let asked = read_request(&mut stream).await?;
    let number = {
        let mut log = log.lock().unwrap();
        log.push(asked.clone());
        log.len() - 1
    };
    match script(&asked, number) {
        Say::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
        }
        Say::Drip(at_once, bytes, every) => {
            let _ = stream.write_all(&at_once).await;
            for byte in bytes {
                stream.write_all(&[byte]).await.ok()?;
                tokio::time::sleep(every).await;
            }
        }
        Say::Reset(bytes) => {
            let _ = stream.write_all(&bytes).await;
            return Some(stream);
        }
        Say::Endless(head, chunk) => {
            let _ = stream.write_all(&head).await;
            while stream.write_all(&chunk).await.is_ok() {}
        }
        Say::Silence => tokio::time::sleep(Duration::from_mins(1)).await,
    }
    let _ = stream.shutdown().await;
    None
}

pub(crate) async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let asked = Asked {
        head: String::from_utf8_lossy(&bytes[..end]).into_owned(),
        body: bytes.split_off(end + 4),
    };
    let length = asked
        .header("content-length")
        .and_then(|length| length.parse().ok());
    let mut body = asked.body.clone();
    while body.len() < length.unwrap_or(0) {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            break;
        }
    }
    Some(Asked { body, ..asked })
}
