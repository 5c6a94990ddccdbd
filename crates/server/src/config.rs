//! How a server is asked to run. Reading the command line is the program's work; see
//! `main.rs`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::clock::Clock;

/// Where the program listens unless it is told otherwise: this machine only, on the port
/// that IDMP uses for plain HTTP.
pub const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 6042);

/// How long a session lasts unless it is told otherwise: seven days, as IDMP's do.
pub const DEFAULT_SESSION_LIFE: Duration = Duration::from_hours(7 * 24);

/// How a server calls itself, in the AIMMS dialect, unless it is told otherwise.
pub const DEFAULT_ACCOUNT_NAME: &str = "keydesk";

/// How a server is asked to run.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// The folder with the database and the key file; made where it does not exist.
    pub data_dir: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Names under which the server is reached besides its address, as `name` or
    /// `name:port`: what a gateway in front passes on as `Host`.
    pub allowed_hosts: Vec<String>,
    /// Behave as the cloud does: every request needs both headers, and nobody signs in by
    /// password.
    pub require_access_token: bool,
    /// How long a session lasts.
    pub session_life: Duration,
    /// How the server calls itself in the AIMMS dialect, where the accounts of a company's
    /// servers stand side by side.
    pub account_name: String,
    /// The most bytes that the database may grow to; nothing means the disk's limit.
    pub database_limit: Option<u64>,
    /// The clock of all rules; tests shift it.
    pub clock: Clock,
}

impl ServeOptions {
    /// On a free port of this machine, with the usual life of sessions.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            allowed_hosts: Vec::new(),
            require_access_token: false,
            session_life: DEFAULT_SESSION_LIFE,
            account_name: DEFAULT_ACCOUNT_NAME.to_owned(),
            database_limit: None,
            clock: Clock::system(),
        }
    }

    pub(crate) fn settings(&self) -> Settings {
        Settings {
            session_life: self.session_life,
            require_access_token: self.require_access_token,
            account_name: self.account_name.clone(),
            database_limit: self.database_limit,
        }
    }
}

/// How the rules are set, apart from where the server listens.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) session_life: Duration,
    pub(crate) require_access_token: bool,
    pub(crate) account_name: String,
    pub(crate) database_limit: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            session_life: DEFAULT_SESSION_LIFE,
            require_access_token: false,
            account_name: DEFAULT_ACCOUNT_NAME.to_owned(),
            database_limit: None,
        }
    }
}
