//! The server inside the app: on a loopback port that it picks, for as long as the app runs.
//!
//! It is the same server with the same rules, spoken to over its socket like any other. Only
//! its first account is made from within, since nothing over the network can make one. The
//! port is remembered, so that the address stays the same from one start to the next as long
//! as nobody else takes it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use crate::data_dir::DataDir;
use crate::{ServeOptions, StartError, serve};

pub use crate::serve::Running;

/// How the embedded server is asked to run.
#[derive(Clone, Debug)]
pub struct EmbeddedOptions {
    /// The folder for the database and the key file; made where it does not exist.
    pub data_dir: PathBuf,
    /// The port to try first; nothing means the one of the last time.
    pub preferred_port: Option<u16>,
}

impl EmbeddedOptions {
    /// On the port of the last time.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            preferred_port: None,
        }
    }
}

/// Starts on the preferred port, and where that is taken on a free one.
pub async fn start(options: EmbeddedOptions) -> Result<Running, StartError> {
    let data_dir = DataDir::prepare(&options.data_dir).map_err(crate::OpenError::from)?;
    let preferred = options.preferred_port.or_else(|| data_dir.last_port());
    let at = |port| ServeOptions {
        listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port),
        ..ServeOptions::new(&options.data_dir)
    };
    let running = match serve::start(at(preferred.unwrap_or(0))).await {
        Err(StartError::Listen { .. }) if preferred.is_some() => serve::start(at(0)).await?,
        other => other?,
    };
    if let Err(error) = data_dir.remember_port(running.port()) {
        tracing::warn!(%error, "the port will be another one the next time");
    }
    Ok(running)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_address_stays_the_same_from_start_to_start() {
        let dir = tempfile::tempdir().unwrap();
        let options = EmbeddedOptions::new(dir.path().join("local"));
        let first = start(options.clone()).await.unwrap();
        let url = first.url().to_owned();
        first.shutdown().await;
        let second = start(options).await.unwrap();
        assert_eq!(second.url(), url);
        second.shutdown().await;
    }

    #[tokio::test]
    async fn a_port_that_is_taken_is_replaced_by_a_free_one() {
        let dir = tempfile::tempdir().unwrap();
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let options = EmbeddedOptions {
            preferred_port: Some(port),
            ..EmbeddedOptions::new(dir.path().join("local"))
        };
        let running = start(options).await.unwrap();
        assert_ne!(running.port(), port);
        running.shutdown().await;
    }

    #[tokio::test]
    async fn a_folder_is_served_once() {
        let dir = tempfile::tempdir().unwrap();
        let options = EmbeddedOptions::new(dir.path().join("local"));
        let running = start(options.clone()).await.unwrap();
        let second = start(options).await;
        assert!(second.is_err_and(|error| error.is_already_serving()));
        running.shutdown().await;
    }
}
