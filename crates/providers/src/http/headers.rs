//! How a credential is put on a request. The only place that writes these headers.

use bytes::Bytes;
use keydesk_core::credential::Credential;
use keydesk_core::server_url::ServerUrl;
use keydesk_core::token::without_bearer;
use keydesk_core::{Error, ErrorCode, Field, Result};
use keydesk_vault::SecretString;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use url::Url;
use zeroize::Zeroizing;

/// The cloud's second token.
const ACCESS_TOKEN: HeaderName = HeaderName::from_static("access-token");

/// `apikey`, as some services name the header of a key.
const API_KEY: HeaderName = HeaderName::from_static("apikey");

/// How an API key is sent to a kind of server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyHeader {
    /// `Authorization: Bearer <key>`
    Bearer,
    /// `apikey: <key>`
    ApiKey,
}

/// The headers that prove who is asking, for a request to `target`.
///
/// # Errors
/// `Internal` where `target` lies outside the server's realm: a credential never leaves it.
/// `Required` or `ForbiddenCharacters`, in its field, where a token cannot be a header.
pub(super) fn credential_headers(
    server: &ServerUrl,
    target: &Url,
    credential: &Credential,
    key_header: KeyHeader,
) -> Result<HeaderMap> {
    if target.origin().ascii_serialization() != server.realm().to_string() {
        return Err(Error::new(
            ErrorCode::Internal,
            "a credential outside its realm",
        ));
    }
    let mut headers = HeaderMap::with_capacity(2);
    match credential {
        Credential::Session(token) => {
            headers.insert(AUTHORIZATION, bearer(token, Field::Authorization)?);
        }
        Credential::ApiKey(key) => match key_header {
            KeyHeader::Bearer => {
                headers.insert(AUTHORIZATION, bearer(key, Field::ApiKey)?);
            }
            KeyHeader::ApiKey => {
                let value = sensitive("", without_name(key.expose()), Field::ApiKey)?;
                headers.insert(API_KEY, value);
            }
        },
        Credential::CloudTokens {
            authorization,
            access_token,
        } => {
            headers.insert(AUTHORIZATION, bearer(authorization, Field::Authorization)?);
            headers.insert(
                ACCESS_TOKEN,
                sensitive("", access_token.expose().trim(), Field::AccessToken)?,
            );
        }
    }
    Ok(headers)
}

/// `Bearer` and the token, whether or not the person typed that word along.
fn bearer(token: &SecretString, field: Field) -> Result<HeaderValue> {
    sensitive("Bearer ", without_bearer(token.expose()), field)
}

/// A key without the header's name in front, as it stands in a copied header.
fn without_name(typed: &str) -> &str {
    let typed = typed.trim();
    match typed.split_once(':') {
        Some((name, key)) if name.trim().eq_ignore_ascii_case(API_KEY.as_str()) => key.trim(),
        _ => typed,
    }
}

/// A header value that is wiped after use and that nothing prints.
fn sensitive(prefix: &str, token: &str, field: Field) -> Result<HeaderValue> {
    if token.is_empty() {
        return Err(Error::new(ErrorCode::Required, "an empty token").in_field(field));
    }
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::new(
            ErrorCode::ForbiddenCharacters,
            "a token with characters that no token has",
        )
        .in_field(field));
    }
    let bytes = Zeroizing::new([prefix.as_bytes(), token.as_bytes()].concat());
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(bytes)).map_err(|_| {
        Error::new(ErrorCode::ForbiddenCharacters, "no header value").in_field(field)
    })?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_bearer_is_sent_once_however_it_was_typed() {
        for typed in ["abc", "Bearer abc", "bearer\tabc ", " BEARER  abc\n"] {
            let value = bearer(&SecretString::from(typed.to_owned()), Field::ApiKey).unwrap();
            assert_eq!(value.as_bytes(), b"Bearer abc", "{typed:?}");
            assert!(value.is_sensitive());
        }
        let value = bearer(&SecretString::from("bearerabc".to_owned()), Field::ApiKey).unwrap();
        assert_eq!(
            value.as_bytes(),
            b"Bearer bearerabc",
            "a token may begin so"
        );
    }

    #[test]
    fn a_key_is_sent_under_the_name_that_its_service_gives_it() {
        let server = ServerUrl::parse("https://acme.example", false).unwrap();
        let target = server.join("/user");
        for typed in ["k3y:1", " apikey: k3y:1 ", "ApiKey:k3y:1"] {
            let credential = Credential::ApiKey(SecretString::from(typed.to_owned()));
            let headers =
                credential_headers(&server, &target, &credential, KeyHeader::ApiKey).unwrap();
            assert_eq!(headers.len(), 1);
            let value = headers.get("apikey").unwrap();
            assert_eq!(value.as_bytes(), b"k3y:1", "{typed:?}");
            assert!(value.is_sensitive());
        }
    }

    #[test]
    fn what_cannot_be_a_token_is_refused_in_its_field() {
        for (typed, code) in [
            ("", ErrorCode::Required),
            ("Bearer ", ErrorCode::Required),
            ("a\r\nX-Evil: 1", ErrorCode::ForbiddenCharacters),
            ("a b", ErrorCode::ForbiddenCharacters),
            ("tökèn", ErrorCode::ForbiddenCharacters),
        ] {
            let error = bearer(&SecretString::from(typed.to_owned()), Field::ApiKey).unwrap_err();
            assert_eq!((error.code, error.field), (code, Some(Field::ApiKey)));
        }
    }
    #[test]
    fn a_credential_does_not_leave_its_realm() {
        let server = ServerUrl::parse("https://idmp.example:6034/base", false).unwrap();
        let credential = Credential::CloudTokens {
            authorization: SecretString::from("a-token".to_owned()),
            access_token: SecretString::from("b-token".to_owned()),
        };
        let headers = |target: &str| {
            let target = Url::parse(target).unwrap();
            credential_headers(&server, &target, &credential, KeyHeader::Bearer)
        };
        let own = headers("https://idmp.example:6034/anything").unwrap();
        assert_eq!(own.len(), 2);
        assert!(own.values().all(HeaderValue::is_sensitive));
        let printed = format!("{own:?}");
        assert!(!printed.contains("a-token") && !printed.contains("b-token"));
        for other in [
            "http://idmp.example:6034/",
            "https://idmp.example/",
            "https://idmp.example:6035/",
            "https://sub.idmp.example:6034/",
            "https://evil.example:6034/idmp.example",
            "https://idmp.example:6034@evil.example/",
            "data:text/plain,x",
        ] {
            assert_eq!(
                headers(other).unwrap_err().code,
                ErrorCode::Internal,
                "{other}"
            );
        }
    }
}
