//! Credentials in headers, as every dialect reads them.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use zeroize::Zeroizing;

use crate::accounts::Presented;
use crate::client::Client;
use crate::vocabulary::Dialect;

/// The credentials in `Authorization: Bearer` and `Access-token`.
pub(crate) fn presented(headers: &HeaderMap, dialect: Dialect, client: Client) -> Presented {
    Presented {
        dialect,
        client,
        authorization: only(headers, AUTHORIZATION.as_str()).map(bearer),
        access_token: only(headers, "access-token")
            .map(|value| Zeroizing::new(value.trim().to_owned())),
    }
}

/// What follows `Bearer `; of another scheme an empty text, which no credential equals.
fn bearer(value: &str) -> Zeroizing<String> {
    let credential = match value.split_once(' ') {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer") => rest.trim(),
        _ => "",
    };
    Zeroizing::new(credential.to_owned())
}

/// A header that is there once. Twice is as good as wrong: nobody can tell which is meant.
pub(crate) fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    if values.next().is_some() {
        return Some("");
    }
    Some(first.to_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn the_scheme_is_bearer_in_any_case() {
        for value in ["Bearer token", "bearer token", "BEARER  token "] {
            assert_eq!(*bearer(value), "token", "{value:?}");
        }
        for value in ["token", "Basic token", "Bearer", ""] {
            assert_eq!(*bearer(value), "", "{value:?}");
        }
    }

    #[test]
    fn a_header_sent_twice_counts_as_wrong_not_as_missing() {
        let authorization = |pairs: &[(&'static str, &'static str)]| {
            let presented = presented(&headers(pairs), Dialect::Idmp, Client::default());
            presented.authorization.map(|value| value.to_string())
        };
        let twice = [("authorization", "Bearer a"), ("authorization", "Bearer b")];
        assert_eq!(authorization(&twice).as_deref(), Some(""));
        assert_eq!(authorization(&[]), None);
    }
}
