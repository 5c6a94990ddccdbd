//! The address of a server as a value: where a credential may go, and nothing else.
//!
//! Not here: requests (`keydesk-providers`).

mod host;
mod typed;

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
    /// Only ever true where it makes a difference, so that equal addresses are equal values.
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
    /// Reads what a person typed or pasted. Without a scheme, `https` is meant. Query and fragment
    /// of an address from a browser are dropped, its path is kept as the base path.
    ///
    /// `plain_http_chosen` is the person's visible choice, for this server, to go without
    /// encryption; without it `http` is accepted for this machine only.
    pub fn parse(typed: &str, plain_http_chosen: bool) -> Result<Self> {
        Self::parse_inner(typed, plain_http_chosen).map_err(|error| error.in_field(Field::Address))
    }

    fn parse_inner(typed: &str, plain_http_chosen: bool) -> Result<Self> {
        let mut url = typed::to_url(typed)?;
        url.set_query(None);
        url.set_fragment(None);
        host::check(&mut url)?;
        if url.port() == Some(0) {
            return Err(invalid("port 0 cannot be connected to"));
        }
        // One spelling for each place: `/base/` and `/base` are the same server.
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        let mut server = Self {
            url,
            plain_http_chosen: false,
        };
        if server.is_plain_http() && !server.is_loopback() {
            if !plain_http_chosen {
                return Err(Error::new(
                    ErrorCode::AddressPlainHttp,
                    "plain HTTP to another machine was not chosen",
                )
                .with_detail(server.host_and_port()));
            }
            server.plain_http_chosen = true;
        }
        Ok(server)
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

fn invalid(label: &'static str) -> Error {
    Error::new(ErrorCode::AddressInvalid, label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(typed: &str) -> String {
        match ServerUrl::parse(typed, false) {
            Ok(url) => url.as_str().to_owned(),
            Err(error) => panic!("{typed}: {error:?}"),
        }
    }

    fn refused(typed: &str) -> ErrorCode {
        match ServerUrl::parse(typed, false) {
            Ok(url) => panic!("{typed:?} became {url:?}"),
            Err(error) => {
                assert_eq!(error.field, Some(Field::Address), "{typed}");
                error.code
            }
        }
    }

    #[test]
    fn https_is_meant_where_no_scheme_is_typed() {
        assert_eq!(address(" idmp.example.com \n"), "https://idmp.example.com/");
        assert_eq!(
            address("idmp.example.com:6034"),
            "https://idmp.example.com:6034/"
        );
        assert_eq!(
            address("localhost:6034/base"),
            "https://localhost:6034/base"
        );
        assert_eq!(address("//idmp.example.com"), "https://idmp.example.com/");
        assert_eq!(address("192.168.1.7:6034"), "https://192.168.1.7:6034/");
        assert_eq!(address("IDMP.Example.com"), "https://idmp.example.com/");
        assert_eq!(
            address("HTTPS://idmp.example.com:443"),
            "https://idmp.example.com/"
        );
    }

    #[test]
    fn ipv6_literals_work_with_and_without_a_port() {
        assert_eq!(address("[::1]:6034"), "https://[::1]:6034/");
        assert_eq!(address("http://[::1]"), "http://[::1]/");
        assert_eq!(address("::1"), "https://[::1]/");
        assert_eq!(address("fe80::1"), "https://[fe80::1]/");
        assert_eq!(address("2001:DB8::1"), "https://[2001:db8::1]/");
    }

    #[test]
    fn an_address_from_a_browser_keeps_its_path_and_loses_the_rest() {
        assert_eq!(
            address("https://gw.example/idmp/#/login?x=1"),
            "https://gw.example/idmp"
        );
        assert_eq!(
            address("https://gw.example?token=abc"),
            "https://gw.example/"
        );
        assert_eq!(
            address("https://gw.example/a/../b/./c//"),
            "https://gw.example/b/c"
        );
        assert_eq!(
            address("https://gw.example/../../.."),
            "https://gw.example/"
        );
    }

    #[test]
    fn other_schemes_are_refused_by_name() {
        for typed in [
            "ftp://a.example",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:x",
        ] {
            assert_eq!(refused(typed), ErrorCode::AddressScheme, "{typed}");
        }
        assert_eq!(refused("htps://a.example"), ErrorCode::AddressScheme);
    }

    #[test]
    fn user_info_belongs_in_its_fields() {
        for typed in [
            "https://jane:pw@a.example",
            "jane@a.example",
            "jane:pw@a.example:6034",
            "https://@a.example",
            "https://a.example@evil.example/",
        ] {
            assert_eq!(refused(typed), ErrorCode::AddressUserInfo, "{typed}");
        }
        // An @ in the path is a path.
        assert_eq!(address("a.example/@me"), "https://a.example/@me");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert_eq!(refused("  "), ErrorCode::AddressEmpty);
        let long = format!("https://a.example/{}", "x".repeat(5_000));
        for typed in [
            "a b.example",
            "https://a.example/ x",
            "a.example\r\nX: y",
            "https://a\\b.example",
            "a.example\0",
            "https://",
            "https:///path",
            "http:a.example",
            "https:/a.example",
            ":",
            "a.example:port",
            "a.example:99999",
            "a.example:0",
            "[::1",
            "a..example",
            ".example",
            "https://%00.example",
            "?",
            "#",
            "/",
            "[v1.x]",
            &long,
        ] {
            assert_eq!(refused(typed), ErrorCode::AddressInvalid, "{typed:?}");
        }
    }

    #[test]
    fn international_names_become_punycode() {
        assert_eq!(address("bücher.example"), "https://xn--bcher-kva.example/");
        assert_eq!(address("数据.example"), "https://xn--vxup8b.example/");
        let url = ServerUrl::parse("bücher.example:6034", false).unwrap();
        assert_eq!(url.host_and_port(), "xn--bcher-kva.example:6034");
    }

    #[test]
    fn names_that_deceive_are_refused() {
        for typed in [
            "p\u{430}ypal.example",               // Cyrillic а among Latin letters
            "xn--pypal-4ve.example",              // the same, spelled in punycode
            "exam\u{200B}ple.com",                // invisible
            "exam\u{AD}ple.com",                  // soft hyphen
            "https://\u{202E}moc.example/",       // direction override
            "g\u{3BF}\u{3BF}gle.example",         // Greek omicron
            "https://a.example\u{2044}x.evil.io", // a slash that is none
        ] {
            assert_eq!(refused(typed), ErrorCode::AddressDeceptive, "{typed:?}");
        }
    }

    #[test]
    fn plain_http_needs_loopback_or_a_choice() {
        for typed in [
            "http://localhost:6042",
            "http://LOCALHOST.",
            "http://127.0.0.1",
            "http://127.1:6042",
            "http://127.9.9.9",
            "http://[::1]:6042",
            "http://0x7f.1",
            "http://2130706433",
        ] {
            let url = ServerUrl::parse(typed, false).unwrap();
            assert!(url.is_loopback() && url.is_plain_http(), "{typed}");
        }
        for typed in [
            "http://idmp.example.com",
            "http://localhost.example.com",
            "http://192.168.1.7",
            "http://127.0.0.1.example.com",
            "http://[::ffff:127.0.0.1]",
            "http://0.0.0.0",
        ] {
            assert_eq!(refused(typed), ErrorCode::AddressPlainHttp, "{typed}");
            assert!(ServerUrl::parse(typed, true).unwrap().is_plain_http());
        }
    }

    #[test]
    fn one_place_has_one_spelling() {
        let plain = ServerUrl::parse("https://localhost/base", false).unwrap();
        for typed in ["localhost./base/", "HTTPS://LocalHost:443/x/../base"] {
            assert_eq!(ServerUrl::parse(typed, true).unwrap(), plain, "{typed}");
        }
    }

    #[test]
    fn operations_are_joined_behind_the_base_path() {
        let joined = |typed, path| {
            ServerUrl::parse(typed, false)
                .unwrap()
                .join(path)
                .to_string()
        };
        assert_eq!(
            joined("a.example", "/q/health"),
            "https://a.example/q/health"
        );
        assert_eq!(
            joined("a.example/gw/", "/q/health"),
            "https://a.example/gw/q/health"
        );
    }

    #[test]
    fn the_file_keeps_the_choice_of_plain_http() {
        let url = ServerUrl::parse("http://idmp.example.com:6042/base", true).unwrap();
        let text = serde_json::to_string(&url).unwrap();
        assert_eq!(serde_json::from_str::<ServerUrl>(&text).unwrap(), url);
        let without = text.replace("true", "false");
        assert!(serde_json::from_str::<ServerUrl>(&without).is_err());
    }
}
