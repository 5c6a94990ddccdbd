//! From what was typed to a URL, before anything is judged but its form.
//!
//! The `url` crate reads addresses as a browser does and forgives much: `host:6034` is a scheme to
//! it, and spaces, tabs and backslashes are repaired. A person who typed such a thing is told.

use std::net::Ipv6Addr;

use url::Url;

use super::invalid;
use crate::text::is_invisible;
use crate::{Error, ErrorCode, Result};

/// The longest address in characters; beyond it nothing is a typed address any more.
const MAXIMUM_LENGTH: usize = 2_048;

/// The URL that is meant, with scheme `https` or `http`, a host and no user info.
pub(super) fn to_url(typed: &str) -> Result<Url> {
    let address = typed.trim();
    if address.is_empty() {
        return Err(Error::new(ErrorCode::AddressEmpty, "no address was given"));
    }
    if address.chars().count() > MAXIMUM_LENGTH {
        return Err(invalid("the address is too long"));
    }
    if address
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || c == '\\')
    {
        return Err(invalid(
            "the address holds spaces, control characters or backslashes",
        ));
    }
    if address.chars().any(is_invisible) {
        return Err(Error::new(
            ErrorCode::AddressDeceptive,
            "the address holds invisible characters",
        ));
    }
    let (scheme, rest) = split(address)?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(Error::new(
            ErrorCode::AddressUserInfo,
            "the address carries a user name or password",
        ));
    }
    if authority.is_empty() {
        // `https:///path`: a browser would take `path` for the host.
        return Err(invalid("the address names no host"));
    }
    let whole = if authority.parse::<Ipv6Addr>().is_ok() {
        format!(
            "{scheme}://[{authority}]{}",
            rest.get(authority.len()..).unwrap_or_default()
        )
    } else {
        format!("{scheme}://{rest}")
    };
    let url = Url::parse(&whole).map_err(|_| invalid("the address cannot be read"))?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err(invalid("the address names no host"));
    }
    Ok(url)
}

/// The scheme, `https` where none was typed, and what follows the two slashes.
fn split(address: &str) -> Result<(&'static str, &str)> {
    if let Some(rest) = address.strip_prefix("//") {
        return Ok(("https", rest));
    }
    let Some((name, rest)) = address.split_once(':') else {
        return Ok(("https", address));
    };
    let is_scheme_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    if !is_scheme_name {
        return Ok(("https", address));
    }
    let known = ["https", "http"]
        .into_iter()
        .find(|known| name.eq_ignore_ascii_case(known));
    match (known, rest.strip_prefix("//")) {
        (Some(known), Some(rest)) => Ok((known, rest)),
        (Some(_), None) => Err(invalid("two slashes are missing behind the scheme")),
        (None, Some(_)) => Err(unknown_scheme(name)),
        (None, None) => {
            let authority = address.split(['/', '?', '#']).next().unwrap_or_default();
            let is_port = rest.starts_with(|c: char| c.is_ascii_digit());
            // `host:6034`, `jane:pw@host`, `fe80::1`, and `a.example:port`, which is a slip in an
            // address; a word, a colon and anything else is another scheme.
            let is_address = is_port
                || authority.contains('@')
                || authority.parse::<Ipv6Addr>().is_ok()
                || name.contains('.')
                || name.eq_ignore_ascii_case("localhost");
            if is_address {
                Ok(("https", address))
            } else {
                Err(unknown_scheme(name))
            }
        }
    }
}

fn unknown_scheme(name: &str) -> Error {
    let shown: String = name.chars().take(20).collect();
    Error::new(
        ErrorCode::AddressScheme,
        "the scheme is neither https nor http",
    )
    .with_detail(shown)
}
