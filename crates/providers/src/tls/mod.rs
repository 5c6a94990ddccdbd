//! Whom a connection trusts, and what a certificate says about itself.
//!
//! Not here: the decision to trust. A person looks at [`CertificateFacts`] and decides; the
//! instance's configuration keeps what they decided.

mod facts;
pub(crate) mod trust;
mod verifiers;

use keydesk_core::instance::Trust;
use keydesk_core::server_url::ServerUrl;
use keydesk_core::{Error, ErrorCode, Field, Result};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

pub use facts::CertificateFacts;
pub(crate) use verifiers::PinChanged;

use crate::http;

/// The most certificates that a file of one's own authority may hold.
const MAXIMUM_AUTHORITY_CERTIFICATES: usize = 100;

/// The certificates of a file that was chosen as one's own authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// The certificates alone, in PEM. A private key that lay beside them is not in it.
    pub pem: String,
    /// What each of them says about itself.
    pub certificates: Vec<CertificateFacts>,
}

/// Fetches the certificate that a server shows, whether or not it is trusted, so that a person
/// can look at it. The handshake is broken off as soon as it was shown: no byte of HTTP is sent.
///
/// # Errors
/// `AddressScheme` where the address has no encryption, and everything that can go wrong on the
/// way to a server.
pub async fn certificate_of(server: &ServerUrl) -> Result<CertificateFacts> {
    if server.is_plain_http() {
        return Err(
            Error::new(ErrorCode::AddressScheme, "no certificate without https")
                .in_field(Field::Address),
        );
    }
    let (config, seen) = trust::looking_only()?;
    let failure = http::handshake(server, config).await;
    match seen.rule.shown() {
        Some(der) => CertificateFacts::read(&der),
        None => Err(failure),
    }
}

/// The certificate, in PEM, that a server shows and an instance's own choice of trust accepts: for
/// a web view, which knows nothing of that choice. `None` where the choice adds nothing to what the
/// system trusts anyway.
///
/// # Errors
/// As for any request to that server; `CertificateInvalid` where the choice cannot be read.
pub async fn accepted_certificate(server: &ServerUrl, trust: &Trust) -> Result<Option<String>> {
    if server.is_plain_http() || *trust == Trust::default() {
        return Ok(None);
    }
    let trusted = trust::Trusted::checked(trust, false)?;
    let (config, witness) = trusted.witnessed()?;
    let failure = http::handshake(server, config).await;
    match witness.rule.accepted() {
        Some(der) => Ok(Some(facts::to_pem(&der))),
        None => Err(failure),
    }
}

/// Reads a file of one's own authority: every certificate in it must be usable as a root.
///
/// # Errors
/// `CertificateInvalid` in the field of the certificate.
pub fn validate_authority_pem(pem: &str) -> Result<Authority> {
    let certificates = authority_certificates(pem)?;
    let facts = certificates
        .iter()
        .map(|certificate| CertificateFacts::read(certificate))
        .collect::<Result<Vec<_>>>()?;
    let pem = certificates
        .iter()
        .map(|certificate| facts::to_pem(certificate))
        .collect();
    Ok(Authority {
        pem,
        certificates: facts,
    })
}

/// The certificates of a PEM text, each proven to be usable as a root.
fn authority_certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>> {
    let mut roots = rustls::RootCertStore::empty();
    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|_| unusable("damaged PEM"))?;
        roots
            .add(certificate.clone())
            .map_err(|_| unusable("not usable as an authority"))?;
        certificates.push(certificate);
        if certificates.len() > MAXIMUM_AUTHORITY_CERTIFICATES {
            return Err(unusable("too many certificates"));
        }
    }
    if certificates.is_empty() {
        return Err(unusable("no certificate in it"));
    }
    Ok(certificates)
}

/// The error of a certificate that cannot be used, and why.
fn unusable(why: &'static str) -> Error {
    Error::new(ErrorCode::CertificateInvalid, "unusable certificate")
        .in_field(Field::Certificate)
        .with_detail(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authority() -> (String, String) {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut parameters = rcgen::CertificateParams::new(vec![]).unwrap();
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        parameters
            .distinguished_name
            .push(rcgen::DnType::CommonName, "Workshop CA");
        let pem = parameters.self_signed(&key).unwrap().pem();
        (pem, key.serialize_pem())
    }

    #[test]
    fn a_private_key_beside_the_certificate_is_left_behind() {
        let (certificate, key) = authority();
        let read = validate_authority_pem(&format!("{key}\n{certificate}")).unwrap();
        assert_eq!(read.certificates.len(), 1);
        assert!(read.certificates[0].subject.contains("Workshop CA"));
        assert!(!read.pem.contains("PRIVATE KEY"));
        assert_eq!(
            validate_authority_pem(&read.pem).unwrap(),
            read,
            "what is kept can be read again"
        );
    }

    #[test]
    fn a_file_without_a_certificate_is_refused() {
        let (certificate, key) = authority();
        let half = &certificate[..certificate.len() / 2];
        let damaged = certificate.replacen("MII", "MIJ", 1);
        for text in ["", "hello", key.as_str(), half, damaged.as_str()] {
            let error = validate_authority_pem(text).unwrap_err();
            assert_eq!(error.code, ErrorCode::CertificateInvalid, "{text}");
            assert_eq!(error.field, Some(Field::Certificate));
        }
    }
}
