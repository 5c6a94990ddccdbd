//! Judges a host name: well formed, and not one that reads as another.
//!
//! A name wholly in another script than Latin may still resemble a Latin one; that is answered by
//! always showing hosts in punycode, not here.

use unicode_security::{RestrictionLevel, RestrictionLevelDetection};
use url::{Host, Url};

use super::invalid;
use crate::{Error, ErrorCode, Result};

/// The longest host name that can be looked up (RFC 1035, section 2.3.4).
const MAXIMUM_LENGTH: usize = 253;

/// Checks the host and removes the dot of the root, so that `localhost.` is `localhost`.
pub(super) fn check(url: &mut Url) -> Result<()> {
    let Some(Host::Domain(name)) = url.host() else {
        return Ok(()); // an IP address, in its one spelling already
    };
    let name = name.strip_suffix('.').unwrap_or(name).to_owned();
    let well_formed = name.len() <= MAXIMUM_LENGTH
        && name
            .split('.')
            .all(|label| !label.is_empty() && label.len() <= 63)
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if !well_formed {
        return Err(invalid("the host name is malformed"));
    }
    url.set_host(Some(&name))
        .map_err(|_| invalid("the host name is malformed"))?;
    // The name without its dot may be an address in numbers, which is then in its one spelling.
    if !matches!(url.host(), Some(Host::Domain(_))) {
        return Ok(());
    }
    let (spelled, decoded) = idna::domain_to_unicode(&name);
    if decoded.is_err() || spelled.split('.').any(deceives) {
        return Err(
            Error::new(ErrorCode::AddressDeceptive, "the host name mixes scripts")
                .with_detail(name),
        );
    }
    Ok(())
}

/// Whether a label mixes scripts in a way that no language does (UTS 39, section 5.2: anything
/// less than "highly restrictive") or holds characters that are not meant for names.
fn deceives(label: &str) -> bool {
    if label.is_ascii() {
        return false;
    }
    label.detect_restriction_level() > RestrictionLevel::HighlyRestrictive
}
