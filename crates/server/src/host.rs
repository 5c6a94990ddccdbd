//! Which `Host` and `Origin` a request may name.
//!
//! A web page in a browser on the same machine can send requests here. It cannot choose the
//! `Host` header: after a DNS rebinding it still carries the page's name, and an `Origin`
//! betrays every page. Our clients are no pages, so an origin that is not this server itself
//! is refused.

use std::net::{IpAddr, SocketAddr};

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, Uri};

/// Why a request is not for this server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HostRefusal {
    /// No `Host`, more than one, or one that contradicts the request line.
    Malformed,
    /// The `Host` of somebody else.
    NotThisServer,
    /// A page of somebody else sends it.
    ForeignOrigin,
}

/// The names of this server.
#[derive(Clone, Debug)]
pub(crate) struct AllowedHosts {
    /// Lower case, with the port where it must be given.
    names: Vec<String>,
    /// Listening on every address: any literal address with this port. A literal address
    /// cannot be rebound.
    any_address_on: Option<u16>,
}

impl AllowedHosts {
    /// The names of a server that listens at `address`, and those that were configured.
    pub(crate) fn new(address: SocketAddr, configured: &[String]) -> Self {
        let mut names: Vec<String> = configured
            .iter()
            .map(|name| name.trim().to_ascii_lowercase())
            .collect();
        names.push(address.to_string());
        if address.ip().is_loopback() {
            names.push(format!("localhost:{}", address.port()));
        }
        if address.port() == 80 {
            let without_port: Vec<_> = names
                .iter()
                .filter_map(|name| name.strip_suffix(":80").map(str::to_owned))
                .collect();
            names.extend(without_port);
        }
        Self {
            names,
            any_address_on: address.ip().is_unspecified().then_some(address.port()),
        }
    }

    /// Checks a request by its headers and its request line.
    pub(crate) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), HostRefusal> {
        let host = only(headers, HOST.as_str()).ok_or(HostRefusal::Malformed)?;
        let host = host.to_str().map_err(|_| HostRefusal::Malformed)?;
        if uri.authority().is_some_and(|named| named.as_str() != host) {
            return Err(HostRefusal::Malformed);
        }
        if !self.allows(host) {
            return Err(HostRefusal::NotThisServer);
        }
        if headers.contains_key(ORIGIN) && !self.is_own_origin(headers) {
            return Err(HostRefusal::ForeignOrigin);
        }
        Ok(())
    }

    fn is_own_origin(&self, headers: &HeaderMap) -> bool {
        only(headers, ORIGIN.as_str())
            .and_then(|origin| origin.to_str().ok())
            .and_then(|origin| {
                origin
                    .strip_prefix("http://")
                    .or_else(|| origin.strip_prefix("https://"))
            })
            .is_some_and(|host| self.allows(host))
    }

    fn allows(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        self.names.contains(&host)
            || self
                .any_address_on
                .is_some_and(|port| is_literal_address(&host, port))
    }
}

fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a HeaderValue> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none())
}

fn is_literal_address(host: &str, port: u16) -> bool {
    if let Ok(address) = host.parse::<SocketAddr>() {
        return address.port() == port;
    }
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    port == 80 && bare.parse::<IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(allowed: &AllowedHosts, pairs: &[(&'static str, &str)]) -> Result<(), HostRefusal> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        allowed.check(&Uri::from_static("/q/health"), &headers)
    }

    fn loopback() -> AllowedHosts {
        AllowedHosts::new("127.0.0.1:6042".parse().unwrap(), &[])
    }

    #[test]
    fn the_own_address_is_taken_and_no_other() {
        let allowed = loopback();
        for host in ["127.0.0.1:6042", "localhost:6042", "LocalHost:6042"] {
            assert_eq!(outcome(&allowed, &[("host", host)]), Ok(()), "{host}");
        }
        for host in [
            "127.0.0.1",
            "127.0.0.1:6043",
            "127.0.0.2:6042",
            "evil.example:6042",
            "localhost.evil.example:6042",
            "user@127.0.0.1:6042",
            "127.0.0.1:6042.",
            "",
        ] {
            assert_eq!(
                outcome(&allowed, &[("host", host)]),
                Err(HostRefusal::NotThisServer),
                "{host}"
            );
        }
    }

    #[test]
    fn a_request_names_one_host() {
        let allowed = loopback();
        assert_eq!(outcome(&allowed, &[]), Err(HostRefusal::Malformed));
        let twice = [("host", "127.0.0.1:6042"), ("host", "127.0.0.1:6042")];
        assert_eq!(outcome(&allowed, &twice), Err(HostRefusal::Malformed));
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("127.0.0.1:6042"));
        let uri = Uri::from_static("http://evil.example/q/health");
        assert_eq!(allowed.check(&uri, &headers), Err(HostRefusal::Malformed));
    }

    #[test]
    fn pages_of_others_are_refused() {
        let allowed = loopback();
        for origin in [
            "http://evil.example",
            "null",
            "http://127.0.0.1:8080",
            "tauri://localhost",
            "",
        ] {
            assert_eq!(
                outcome(&allowed, &[("host", "127.0.0.1:6042"), ("origin", origin)]),
                Err(HostRefusal::ForeignOrigin),
                "{origin}"
            );
        }
        let own = [
            ("host", "127.0.0.1:6042"),
            ("origin", "http://127.0.0.1:6042"),
        ];
        assert_eq!(outcome(&allowed, &own), Ok(()));
    }

    #[test]
    fn configured_names_are_taken_as_they_are_given() {
        let names = ["Settings.example.org".to_owned()];
        let allowed = AllowedHosts::new("10.0.0.5:6042".parse().unwrap(), &names);
        assert_eq!(
            outcome(&allowed, &[("host", "settings.example.org")]),
            Ok(())
        );
        assert_eq!(
            outcome(&allowed, &[("host", "settings.example.org:81")]),
            Err(HostRefusal::NotThisServer)
        );
        assert_eq!(
            outcome(&allowed, &[("host", "localhost:6042")]),
            Err(HostRefusal::NotThisServer)
        );
    }

    #[test]
    fn listening_everywhere_takes_literal_addresses_but_no_names() {
        let allowed = AllowedHosts::new("0.0.0.0:6042".parse().unwrap(), &[]);
        for host in ["192.168.1.7:6042", "[::1]:6042"] {
            assert_eq!(outcome(&allowed, &[("host", host)]), Ok(()), "{host}");
        }
        for host in ["evil.example:6042", "192.168.1.7:80", "192.168.1.7"] {
            assert_eq!(
                outcome(&allowed, &[("host", host)]),
                Err(HostRefusal::NotThisServer),
                "{host}"
            );
        }
    }
}
