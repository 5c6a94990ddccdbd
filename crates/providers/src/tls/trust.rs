//! From an instance's choice of trust to a TLS configuration.
//!
//! TLS 1.2 is the oldest version spoken, no session keys are ever written to a key log, and
//! nothing here can switch verification off.

use std::sync::Arc;

use keydesk_core::instance::Trust;
use keydesk_core::{Error, ErrorCode, Result};
use rustls::ClientConfig;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;

use super::verifiers::{OwnOrSystem, Pinned, Refusing, Ruled, Witness};
use super::{authority_certificates, unusable};

/// Whom a client trusts: an instance's choice, checked.
#[derive(Debug, Clone)]
pub(crate) enum Trusted {
    /// The system's authorities and these.
    Authorities(Vec<CertificateDer<'static>>),
    /// Exactly the certificate with this SHA-256, lower-case hex.
    Pin(String),
    /// Nobody: the address has no encryption, so that no handshake can come.
    NoEncryption,
}

impl Trusted {
    /// Checks an instance's choice. A pin goes before an authority: it is the narrower promise.
    pub(crate) fn checked(trust: &Trust, plain_http: bool) -> Result<Self> {
        if plain_http {
            return Ok(Self::NoEncryption);
        }
        if let Some(pin) = &trust.pinned_sha256 {
            return Ok(Self::Pin(fingerprint(pin)?));
        }
        let authorities = match &trust.authority_pem {
            Some(pem) => authority_certificates(pem)?,
            None => Vec::new(),
        };
        Ok(Self::Authorities(authorities))
    }

    /// The TLS configuration. Reads the system's authorities, which takes milliseconds.
    pub(crate) fn configuration(&self) -> Result<ClientConfig> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = self.verifier(&provider)?;
        configuration(provider, verifier)
    }

    /// The same, with a witness of the certificate that it accepts.
    pub(super) fn witnessed(&self) -> Result<(ClientConfig, Arc<Ruled<Witness>>)> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let witness = Witness::of(self.verifier(&provider)?);
        let witness = Arc::new(Ruled::by(witness, &provider));
        Ok((configuration(provider, witness.clone())?, witness))
    }

    fn verifier(&self, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>> {
        Ok(match self {
            Self::Authorities(own) if own.is_empty() => {
                Arc::new(Verifier::new(provider.clone()).map_err(|error| no_authorities(&error))?)
            }
            Self::Authorities(own) => {
                Arc::new(Ruled::by(OwnOrSystem::new(own, provider)?, provider))
            }
            Self::Pin(sha256) => Arc::new(Ruled::by(Pinned(sha256.clone()), provider)),
            Self::NoEncryption => Arc::new(Ruled::by(Refusing::default(), provider)),
        })
    }
}

/// A configuration that trusts nobody and keeps what it was shown.
pub(super) fn looking_only() -> Result<(ClientConfig, Arc<Ruled<Refusing>>)> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let refusing = Arc::new(Ruled::by(Refusing::default(), &provider));
    Ok((configuration(provider, refusing.clone())?, refusing))
}

fn configuration(
    provider: Arc<CryptoProvider>,
    verifier: Arc<dyn ServerCertVerifier>,
) -> Result<ClientConfig> {
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|_| Error::new(ErrorCode::Internal, "no TLS version available"))?
        // rustls' name for "verified by our own rule"; what that rule is stands in `verifiers`.
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// A fingerprint as people write it (colons, blanks, capitals) in the one form that is compared.
fn fingerprint(typed: &str) -> Result<String> {
    let hex: String = typed
        .chars()
        .filter(|character| !matches!(character, ':' | ' '))
        .map(|character| character.to_ascii_lowercase())
        .collect();
    if hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(hex)
    } else {
        Err(unusable("not a SHA-256 fingerprint"))
    }
}

/// The system offers no authorities at all: a message, not a panic.
fn no_authorities(error: &rustls::Error) -> Error {
    tracing::warn!(%error, "the system's certificate store cannot be used");
    Error::new(
        ErrorCode::TlsFailed,
        "the system's certificate store cannot be used",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_read_however_it_was_written() {
        let lower = "ab".repeat(32);
        let colons = vec!["AB"; 32].join(":");
        for typed in [lower.as_str(), colons.as_str()] {
            assert_eq!(fingerprint(typed).unwrap(), lower);
        }
        for typed in ["", "ab", &"zz".repeat(32), &"ab".repeat(33)] {
            assert_eq!(
                fingerprint(typed).unwrap_err().code,
                ErrorCode::CertificateInvalid
            );
        }
    }
}
