//! What has been found of one request so far.

use keydesk_vault::SecretString;
use url::Url;

use super::PastedRequest;

/// Longer values are no tokens.
const MAXIMUM_TOKEN_LENGTH: usize = 64 * 1024;

/// The three things, each taken where it is first seen.
#[derive(Debug, Default)]
pub(super) struct Found {
    address: Option<String>,
    authorization: Option<SecretString>,
    access_token: Option<SecretString>,
}

impl Found {
    /// How many of the three there are.
    pub(super) fn count(&self) -> usize {
        usize::from(self.address.is_some())
            + usize::from(self.authorization.is_some())
            + usize::from(self.access_token.is_some())
    }

    /// Takes a request's URL; one without a scheme means `https`.
    pub(super) fn url(&mut self, text: &str) {
        if self.address.is_none() {
            self.address = server_address(text);
        }
    }

    /// Takes a header, if it is one of the two.
    pub(super) fn header(&mut self, name: &str, value: &str) {
        let name = name.trim();
        if name.eq_ignore_ascii_case("authorization") {
            if self.authorization.is_none() {
                self.authorization = bearer_token(value);
            }
        } else if name.eq_ignore_ascii_case("access-token") && self.access_token.is_none() {
            self.access_token = token(value);
        }
    }

    pub(super) fn into_request(self) -> PastedRequest {
        PastedRequest {
            address: self.address,
            authorization: self.authorization,
            access_token: self.access_token,
        }
    }
}

/// A token without its scheme. Another scheme, such as `Basic`, is not what is looked for.
fn bearer_token(value: &str) -> Option<SecretString> {
    let value = value.trim();
    match value.split_once(char::is_whitespace) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer") => token(rest),
        Some(_) => None,
        None if value.eq_ignore_ascii_case("bearer") => None,
        None => token(value),
    }
}

fn token(value: &str) -> Option<SecretString> {
    let value = value.trim();
    let is_token = !value.is_empty()
        && value.len() <= MAXIMUM_TOKEN_LENGTH
        && value.bytes().all(|byte| byte.is_ascii_graphic());
    is_token.then(|| SecretString::from(value.to_owned()))
}

/// The server's part of a request's URL: scheme, host, port, and what a gateway puts before
/// `/api/`. User info and query may hold secrets and are left behind.
fn server_address(text: &str) -> Option<String> {
    let text = text.trim();
    let url = if text.contains("://") {
        Url::parse(text)
    } else {
        Url::parse(&format!("https://{text}"))
    };
    let mut url = url
        .ok()
        .filter(|url| matches!(url.scheme(), "https" | "http"))?;
    if url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    let base = url
        .path()
        .find("/api/")
        .map(|at| url.path()[..at].to_owned());
    url.set_path(base.as_deref().unwrap_or_default());
    url.set_query(None);
    url.set_fragment(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_server_is_what_stands_before_the_operation() {
        for (url, address) in [
            (
                "https://a.example/api/v1/permissions/menus?x=1#y",
                "https://a.example",
            ),
            (
                "https://gw.example:8443/idmp/api/v1/users",
                "https://gw.example:8443/idmp",
            ),
            ("http://127.0.0.1:6042/q/health", "http://127.0.0.1:6042"),
            ("https://jane:secret@a.example/api/", "https://a.example"),
            ("a.example:6034/api/v1/users", "https://a.example:6034"),
        ] {
            assert_eq!(server_address(url).as_deref(), Some(address), "{url}");
        }
        for url in [
            "",
            "ftp://a.example",
            "blob:https://a.example/x",
            "https://",
            "a b",
        ] {
            assert_eq!(server_address(url), None, "{url}");
        }
    }

    #[test]
    fn only_bearer_tokens_are_taken() {
        let read = |value| bearer_token(value).map(|token| token.expose().clone());
        assert_eq!(read(" Bearer  abc ").as_deref(), Some("abc"));
        assert_eq!(read("bearer abc").as_deref(), Some("abc"));
        assert_eq!(read("abc").as_deref(), Some("abc"));
        for other in [
            "Basic amFuZTpwdw==",
            "Bearer",
            "Bearer ",
            "",
            "Bearer a b",
            "Bearer ä",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
