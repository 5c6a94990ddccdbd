//! The address of a server as a value: where a credential may go, and nothing else.
//!
//! Not here: requests (`keydesk-providers`).

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{Error, ErrorCode, Field, Result};

/// An address that passed every rule: `https`, or `http` to this machine, or `http` by an
/// explicit choice for this one server. May carry a base path; no user info, query or fragment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "StoredServerUrl", into = "StoredServerUrl")]
pub struct ServerUrl {
    url: Url,
    plain_http_chosen: bool,
}

/// Scheme, host and port: the only place to which a credential of theirs may be sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Realm(String);

impl fmt::Display for Realm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// How the configuration file keeps an address.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredServerUrl {
    address: String,
    #[serde(default)]
    plain_http_chosen: bool,
}

impl From<ServerUrl> for StoredServerUrl {
    fn from(url: ServerUrl) -> Self {
        Self {
            address: url.url.to_string(),
            plain_http_chosen: url.plain_http_chosen,
        }
    }
}

impl TryFrom<StoredServerUrl> for ServerUrl {
    type Error = Error;

    fn try_from(stored: StoredServerUrl) -> Result<Self> {
        Self::parse(&stored.address, stored.plain_http_chosen)
    }
}

impl ServerUrl {
    /// Reads what a person typed. Without a scheme, `https` is meant.
    ///
    /// `plain_http_chosen` is the person's visible choice, for this server, to go without
    /// encryption; without it `http` is accepted for this machine only.
    pub fn parse(typed: &str, plain_http_chosen: bool) -> Result<Self> {
        let _ = (typed, plain_http_chosen, Field::Address);
        Err(Error::new(ErrorCode::AddressInvalid, "not yet"))
    }

    /// Joins an operation's path (which begins with `/`) behind the base path.
    pub fn join(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}{path}"));
        url
    }

    /// Scheme, host and port.
    pub fn realm(&self) -> Realm {
        Realm(self.url.origin().ascii_serialization())
    }

    /// Whether the host is this machine (`localhost`, 127.0.0.0/8, `::1`).
    pub fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// Whether requests go without encryption.
    pub fn is_plain_http(&self) -> bool {
        self.url.scheme() == "http"
    }

    /// Host and, where it is not the scheme's own, port; in punycode, so that no letter deceives.
    pub fn host_and_port(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }
}
