//! The mechanics of credentials: hashing, signing, parsing, comparing, slowing down.
//!
//! Nothing here reads the database or knows a person; `accounts` puts these pieces together.

pub(crate) mod api_key;
pub(crate) mod password;
pub(crate) mod second_factor;
pub(crate) mod throttle;
pub(crate) mod token;

use aws_lc_rs::digest::{SHA256, digest};

/// The system's random numbers failed; nothing secret can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandomness;

/// `N` random bytes in lower-case hexadecimal digits.
pub(crate) fn random_hex<const N: usize>() -> Result<String, NoRandomness> {
    let mut bytes = [0_u8; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(hex(&bytes))
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}"); // writing to a string cannot fail
            text
        })
}

/// The hash under which a random secret is stored. Long random secrets need no slow hash.
pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}
