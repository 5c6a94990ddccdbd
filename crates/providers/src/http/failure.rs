//! From a request that failed to the error code that a person can act on.
//!
//! Not here: answers that say no. Here is only what kept an answer from coming.

use std::error::Error as StdError;
use std::io;
use std::time::{Duration, UNIX_EPOCH};

use keydesk_core::{Error, ErrorCode};
use rustls::CertificateError;
use rustls::pki_types::UnixTime;

use super::request::Effect;
use super::scrub::plain_text;
use crate::tls::PinChanged;

/// The longest name out of a certificate in an error's detail, in characters.
const NAME_LIMIT: usize = 100;
/// What a tunnel that a proxy refused with 407 says of itself; the type of that error is private.
const LOGIN_WANTED: &str = "tunnel error: proxy authorization required";
/// 10000-01-01T00:00:00Z in Unix seconds.
const END_OF_CALENDARS: u64 = 253_402_300_800;

/// Why a proxy gave nothing, where it asks for user name and password.
pub(super) const WANTS_A_LOGIN: &str = "it wants a login";

/// Where a request was going, as far as its errors tell.
#[derive(Debug, Clone)]
pub(super) struct Way {
    /// Host and port of the server.
    pub(super) server: String,
    /// Host and port of the proxy in between, where there is one.
    pub(super) proxy: Option<String>,
}

/// A failed try.
pub(super) struct Failure {
    pub(super) error: Error,
    /// Whether the same request may succeed in a moment.
    pub(super) passing: bool,
}

impl Failure {
    pub(super) fn lasting(error: Error) -> Self {
        Self {
            error,
            passing: false,
        }
    }
}

/// What it means that a request, or the reading of its answer, failed.
pub(super) fn explain(failed: &reqwest::Error, effect: Effect, way: &Way) -> Failure {
    if let Some(tls) = find::<rustls::Error>(failed) {
        return Failure::lasting(explain_tls(tls, way));
    }
    if failed.is_builder() {
        return Failure::lasting(Error::new(ErrorCode::Internal, "no request could be built"));
    }
    if failed.is_connect() {
        return explain_connect(failed, way);
    }
    // From here on the request, or a part of it, has left this machine.
    if failed.is_timeout() {
        return timed_out(effect, way);
    }
    let (code, label) = if matches!(
        find::<io::Error>(failed).map(io::Error::kind),
        Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)
    ) {
        // Chunks or compression that make no sense.
        (ErrorCode::UnexpectedAnswer, "an answer that cannot be read")
    } else {
        (ErrorCode::ConnectionFailed, "the connection broke")
    };
    Failure {
        passing: code == ErrorCode::ConnectionFailed,
        error: lost(
            Error::new(code, label).with_detail(way.server.clone()),
            effect,
        ),
    }
}

/// A request whose answer, or a piece of it, did not come in time.
pub(super) fn timed_out(effect: Effect, way: &Way) -> Failure {
    let error = Error::new(ErrorCode::TimedOut, "no answer in time");
    Failure::lasting(lost(error.with_detail(way.server.clone()), effect))
}

/// The error of an answer that was lost: of a change it is not known whether it happened.
pub(super) fn lost(error: Error, effect: Effect) -> Error {
    match effect {
        Effect::Reads | Effect::Repeatable => error,
        Effect::Changes => Error {
            code: ErrorCode::OutcomeUnknown,
            message: "the answer to a change was lost".into(),
            ..error
        },
    }
}

fn explain_connect(failed: &reqwest::Error, way: &Way) -> Failure {
    if let Some(proxy) = &way.proxy {
        let why = if chain(failed).any(|error| error.to_string() == LOGIN_WANTED) {
            WANTS_A_LOGIN
        } else {
            "it gave no connection"
        };
        return Failure::lasting(proxy_failed(proxy, why));
    }
    let refused = find::<io::Error>(failed).map(io::Error::kind);
    let (code, label) = if failed.is_dns() {
        (ErrorCode::HostNotFound, "host name not found")
    } else if refused == Some(io::ErrorKind::ConnectionRefused) {
        (ErrorCode::ConnectionRefused, "nothing is listening")
    } else if failed.is_timeout() {
        (ErrorCode::TimedOut, "no connection in time")
    } else {
        (ErrorCode::ConnectionFailed, "no connection")
    };
    Failure {
        passing: code == ErrorCode::ConnectionFailed,
        error: Error::new(code, label).with_detail(way.server.clone()),
    }
}

/// The proxy, not the server, is in the way.
pub(super) fn proxy_failed(proxy: &str, why: &str) -> Error {
    Error::new(ErrorCode::ProxyFailed, "the proxy failed")
        .with_detail(format!("proxy {proxy}: {why}"))
}

fn explain_tls(failed: &rustls::Error, way: &Way) -> Error {
    let server = &way.server;
    let rustls::Error::InvalidCertificate(certificate) = failed else {
        return Error::new(ErrorCode::TlsFailed, "no encrypted connection")
            .with_detail(server.clone());
    };
    let (code, label, detail) = match certificate {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            let until = match certificate {
                CertificateError::ExpiredContext { not_after, .. } => day(*not_after),
                _ => None,
            };
            let detail =
                until.map_or_else(|| server.clone(), |day| format!("{server}: until {day}"));
            (ErrorCode::TlsExpired, "the certificate has expired", detail)
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            let from = match certificate {
                CertificateError::NotValidYetContext { not_before, .. } => day(*not_before),
                _ => None,
            };
            let detail = from.map_or_else(|| server.clone(), |day| format!("{server}: from {day}"));
            (
                ErrorCode::TlsExpired,
                "the certificate is not yet valid",
                detail,
            )
        }
        CertificateError::NotValidForName => (
            ErrorCode::TlsHostMismatch,
            "the certificate is for another host",
            server.clone(),
        ),
        CertificateError::NotValidForNameContext { presented, .. } => (
            ErrorCode::TlsHostMismatch,
            "the certificate is for another host",
            format!("{server}: it covers {}", names(presented)),
        ),
        CertificateError::BadEncoding => (
            ErrorCode::TlsFailed,
            "the certificate is damaged",
            server.clone(),
        ),
        CertificateError::Other(other) => match other.0.downcast_ref::<PinChanged>() {
            Some(changed) => (
                ErrorCode::TlsPinChanged,
                "not the pinned certificate",
                format!("{server}: {changed}"),
            ),
            None => untrusted(server),
        },
        _ => untrusted(server),
    };
    Error::new(code, label).with_detail(detail)
}

fn untrusted(server: &str) -> (ErrorCode, &'static str, String) {
    (
        ErrorCode::TlsUntrusted,
        "the certificate is not trusted",
        server.to_owned(),
    )
}

/// The names that a certificate covers, as rustls writes them: `DnsName("host")`.
fn names(presented: &[String]) -> String {
    let names: Vec<_> = presented
        .iter()
        .take(5)
        .map(|name| plain_text(name.split('"').nth(1).unwrap_or(name), NAME_LIMIT))
        .collect();
    names.join(", ")
}

fn day(time: UnixTime) -> Option<String> {
    let seconds = time.as_secs();
    // Beyond the year 9999 the formatter would panic.
    (seconds < END_OF_CALENDARS)
        .then(|| httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds)))
}

/// The first error of this type in the chain.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    chain(error).find_map(|error| error.downcast_ref::<T>())
}

/// An error and what caused it. An `io::Error` hides what it wraps from `source`, so it is asked
/// as well.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        match inner {
            Some(inner) => Some(inner as _),
            None => error.source(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explained(error: &rustls::Error) -> Error {
        let way = Way {
            server: "idmp.example:6034".to_owned(),
            proxy: None,
        };
        explain_tls(error, &way)
    }

    #[test]
    fn what_is_wrong_with_a_certificate_is_told_apart() {
        use CertificateError as Wrong;
        for (wrong, code) in [
            (Wrong::UnknownIssuer, ErrorCode::TlsUntrusted),
            (Wrong::Revoked, ErrorCode::TlsUntrusted),
            (Wrong::InvalidPurpose, ErrorCode::TlsUntrusted),
            (Wrong::Expired, ErrorCode::TlsExpired),
            (Wrong::NotValidYet, ErrorCode::TlsExpired),
            (Wrong::NotValidForName, ErrorCode::TlsHostMismatch),
            (Wrong::BadEncoding, ErrorCode::TlsFailed),
        ] {
            assert_eq!(explained(&wrong.clone().into()).code, code, "{wrong:?}");
        }
        let garbage = rustls::Error::General("garbage".to_owned());
        assert_eq!(explained(&garbage).code, ErrorCode::TlsFailed);
    }

    #[test]
    fn dates_beyond_all_calendars_do_no_harm() {
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        assert_eq!(day(at(0)).as_deref(), Some("Thu, 01 Jan 1970 00:00:00 GMT"));
        assert_eq!(day(at(253_402_300_800)), None);
        assert_eq!(day(at(u64::MAX)), None);
    }

    #[test]
    fn a_wrapped_error_is_found_behind_an_io_error() {
        let wrapped = io::Error::other(io::Error::other(rustls::Error::DecryptError));
        assert!(find::<rustls::Error>(&wrapped).is_some());
        assert!(find::<rustls::Error>(&io::Error::other("none")).is_none());
    }
}
