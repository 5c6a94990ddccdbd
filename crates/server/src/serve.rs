//! Listening: accepts connections within limits, hands requests to the dialects, and ends
//! cleanly. What requests mean is not known here.

use std::fs::File;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use crate::accounts::{Accounts, AccountsError, FLUSH_INTERVAL, NewUser};
use crate::administration::Administration;
use crate::client::PeerAddress;
use crate::config::ServeOptions;
use crate::data_dir::{DataDir, DataDirError};
use crate::host::AllowedHosts;
use crate::store::StoreError;
use crate::{OpenError, dialects, limits};

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The address could not be listened at.
    #[error("cannot listen at {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

impl StartError {
    /// Whether another process serves the same folder.
    pub fn is_already_serving(&self) -> bool {
        matches!(
            self,
            Self::Open(OpenError::DataDir(DataDirError::AlreadyServing(_)))
        )
    }
}

/// A server that runs until it is shut down or dropped.
pub struct Running {
    address: SocketAddr,
    url: String,
    administration: Administration,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// Where it listens, as `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port on which it listens.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What can be done to its accounts.
    pub fn administration(&self) -> &Administration {
        &self.administration
    }

    /// Makes an account; its id.
    pub async fn add_user(&self, new: NewUser) -> Result<String, AccountsError> {
        self.administration.add_user(new).await
    }

    /// How many accounts there are.
    pub async fn user_count(&self) -> Result<u64, StoreError> {
        self.administration.user_count().await
    }

    /// Stops listening, lets requests under way finish, and returns when all is closed and
    /// the folder can be served again.
    pub async fn shutdown(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the server ended badly");
        }
    }
}

/// Opens the data folder, listens, and serves.
pub async fn start(options: ServeOptions) -> Result<Running, StartError> {
    let lock = lock(&options.data_dir)?;
    let accounts = Accounts::open(&options.data_dir, options.settings(), options.clock.clone())?;
    let accounts = Arc::new(accounts);
    let refused = |source| StartError::Listen {
        address: options.listen,
        source,
    };
    let listener = TcpListener::bind(options.listen).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    if !address.ip().is_loopback() {
        tracing::warn!(
            %address,
            "this address can be reached from other machines, and HTTP is not encrypted: put a \
             gateway with TLS in front"
        );
    }
    let hosts = AllowedHosts::new(address, &options.allowed_hosts);
    let router = dialects::router(&accounts, hosts);
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(serve(
        listener,
        router,
        stopped,
        Arc::clone(&accounts),
        lock,
    ));
    Ok(Running {
        address,
        url: format!("http://{address}"),
        administration: Administration::of(accounts),
        stop,
        task,
    })
}

fn lock(data_dir: &Path) -> Result<File, StartError> {
    let data_dir = DataDir::prepare(data_dir).map_err(OpenError::from)?;
    Ok(data_dir.lock_for_serving().map_err(OpenError::from)?)
}

async fn serve(
    listener: TcpListener,
    router: Router,
    mut stopped: watch::Receiver<bool>,
    accounts: Arc<Accounts>,
    lock: File,
) {
    let counting = tokio::spawn(keep_house(Arc::clone(&accounts), stopped.clone()));
    let room = Arc::new(Semaphore::new(limits::MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            // Also when `Running` was dropped without a word.
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        while connections.try_join_next().is_some() {}
        if let Some((stream, peer, permit)) = accepted {
            let conversation = converse(stream, peer, router.clone(), stopped.clone(), permit);
            connections.spawn(conversation);
        }
    }
    drop(listener);
    let all = async { while connections.join_next().await.is_some() {} };
    if timeout(limits::SHUTDOWN_GRACE, all).await.is_err() {
        tracing::warn!("some requests were still under way");
        connections.shutdown().await;
    }
    // A batch that is being written is waited for; then nobody counts any more.
    let _ = counting.await;
    accounts.flush_usage().await;
    drop(lock);
}

/// Writes what was counted and removes what has had its time, again and again, until the server
/// ends.
async fn keep_house(accounts: Arc<Accounts>, mut stopped: watch::Receiver<bool>) {
    let is_over = |stop: &bool| *stop;
    accounts.tidy().await;
    while timeout(FLUSH_INTERVAL, stopped.wait_for(is_over))
        .await
        .is_err()
    {
        accounts.flush_usage().await;
        accounts.tidy().await;
    }
}

/// Serves one connection until it ends, the server ends, or it has lasted long enough.
async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut stopped: watch::Receiver<bool>,
    _permit: OwnedSemaphorePermit,
) {
    let router = TowerToHyperService::new(router);
    let with_peer = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(PeerAddress(peer));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits::HEADER_TIMEOUT)
        .max_header_size(limits::MAX_HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), with_peer);
    let mut connection = pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => Ok(outcome),
        _ = stopped.wait_for(|stop| *stop) => Err(()),
        () = sleep(limits::CONNECTION_LIFE) => Err(()),
    };
    let outcome = if let Ok(outcome) = outcome {
        Ok(outcome)
    } else {
        connection.as_mut().graceful_shutdown();
        timeout(limits::REQUEST_TIMEOUT, connection).await
    };
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "a connection broke"),
        Err(_) => tracing::debug!("a connection did not end when asked to"),
    }
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = Arc::clone(room).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Answers are small and awaited; failing to say so costs only time.
            let _ = stream.set_nodelay(true);
            Some((stream, peer, permit))
        }
        Err(error) => {
            // Out of file descriptors, most likely: give the others time to end.
            tracing::warn!(%error, "a connection could not be accepted");
            sleep(Duration::from_millis(100)).await;
            None
        }
    }
}
