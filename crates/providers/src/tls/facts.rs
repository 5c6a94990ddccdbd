//! What a certificate says about itself, for the eyes of a person.
//!
//! Not here: whether any of it is true. That is a verifier's business.

use std::fmt::Write as _;
use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keydesk_core::Result;
use keydesk_core::time::Timestamp;
use sha2::{Digest, Sha256};
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use super::unusable;
use crate::http::plain_text;

/// The longest name that is shown, in characters.
const NAME_LIMIT: usize = 256;
/// The most hosts of a certificate that are listed.
const NAMES_LIMIT: usize = 50;

/// What a certificate says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// SHA-256 of the whole certificate, lower-case hex: what is pinned.
    pub sha256: String,
    /// Whom it names.
    pub subject: String,
    /// Who signed it, as it says itself.
    pub issuer: String,
    /// The hosts that it covers.
    pub names: Vec<String>,
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid until.
    pub not_after: Timestamp,
}

impl CertificateFacts {
    /// Reads a certificate in DER.
    pub(super) fn read(der: &[u8]) -> Result<Self> {
        let (_, certificate) =
            X509Certificate::from_der(der).map_err(|_| unusable("damaged certificate"))?;
        let names = certificate
            .subject_alternative_name()
            .ok()
            .flatten()
            .map(|extension| {
                let names = extension.value.general_names.iter();
                names.filter_map(host).take(NAMES_LIMIT).collect()
            })
            .unwrap_or_default();
        let validity = certificate.validity();
        Ok(Self {
            sha256: sha256_hex(der),
            subject: plain_text(&certificate.subject().to_string(), NAME_LIMIT),
            issuer: plain_text(&certificate.issuer().to_string(), NAME_LIMIT),
            names,
            not_before: Timestamp(validity.not_before.timestamp().saturating_mul(1000)),
            not_after: Timestamp(validity.not_after.timestamp().saturating_mul(1000)),
        })
    }
}

/// A host of the certificate's list, where the entry names one.
fn host(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(plain_text(name, NAME_LIMIT)),
        GeneralName::IPAddress(octets) => <[u8; 4]>::try_from(*octets)
            .map(IpAddr::from)
            .or_else(|_| <[u8; 16]>::try_from(*octets).map(IpAddr::from))
            .ok()
            .map(|address| address.to_string()),
        _ => None,
    }
}

/// SHA-256 in lower-case hex.
pub(super) fn sha256_hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// A certificate as one PEM block.
pub(super) fn to_pem(der: &[u8]) -> String {
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    let text = STANDARD.encode(der);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, next) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = next;
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}
