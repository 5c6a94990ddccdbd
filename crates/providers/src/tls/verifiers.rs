//! Our own rules about certificates: one's own authorities beside the system's, exactly the pinned
//! one, and none at all.
//!
//! Not here: the everyday rule, which is the operating system's.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;

use super::facts::sha256_hex;
use super::unusable;

/// What a server shows of itself.
pub(super) struct Shown<'a> {
    certificate: &'a CertificateDer<'a>,
    intermediates: &'a [CertificateDer<'a>],
    name: &'a ServerName<'a>,
    ocsp_response: &'a [u8],
    now: UnixTime,
}

/// Whether a certificate is accepted.
pub(super) trait Rule: fmt::Debug + Send + Sync {
    fn judge(&self, shown: &Shown<'_>) -> Result<(), rustls::Error>;
}

/// A rule as rustls asks for it. Whatever the rule, the certificate's key must have signed the
/// handshake.
#[derive(Debug)]
pub(super) struct Ruled<R> {
    pub(super) rule: R,
    algorithms: WebPkiSupportedAlgorithms,
}

impl<R: Rule> Ruled<R> {
    pub(super) fn by(rule: R, provider: &CryptoProvider) -> Self {
        Self {
            rule,
            algorithms: provider.signature_verification_algorithms,
        }
    }
}

impl<R: Rule> ServerCertVerifier for Ruled<R> {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let shown = Shown {
            certificate: end_entity,
            intermediates,
            name: server_name,
            ocsp_response,
            now,
        };
        self.rule.judge(&shown)?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

/// Asks another verifier about a certificate.
fn ask(other: &dyn ServerCertVerifier, shown: &Shown<'_>) -> Result<(), rustls::Error> {
    let Shown {
        certificate,
        intermediates,
        name,
        ocsp_response,
        now,
    } = *shown;
    other
        .verify_server_cert(certificate, intermediates, name, ocsp_response, now)
        .map(drop)
}

/// The certificate is not the pinned one.
#[derive(Debug)]
pub(crate) struct PinChanged {
    /// SHA-256 of the certificate that was confirmed, lower-case hex.
    pub(crate) pinned: String,
    /// SHA-256 of the one that the server shows now.
    pub(crate) shown: String,
}

impl fmt::Display for PinChanged {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "pinned {}, shown {}", self.pinned, self.shown)
    }
}

impl std::error::Error for PinChanged {}

/// Accepts the one certificate with this SHA-256, lower-case hex, whatever it says about names,
/// dates and issuers: a person looked at it and said yes to exactly this one.
#[derive(Debug)]
pub(super) struct Pinned(pub(super) String);

impl Rule for Pinned {
    fn judge(&self, shown: &Shown<'_>) -> Result<(), rustls::Error> {
        let sha256 = sha256_hex(shown.certificate);
        if sha256 == self.0 {
            return Ok(());
        }
        let changed = PinChanged {
            pinned: self.0.clone(),
            shown: sha256,
        };
        Err(CertificateError::Other(OtherError(Arc::new(changed))).into())
    }
}

/// Accepts what one's own authorities vouch for, and leaves everything else to the system. Not the
/// system's own way of adding authorities: that one differs from system to system, in what it takes
/// and in how it explains a refusal.
#[derive(Debug)]
pub(super) struct OwnOrSystem {
    own: Arc<WebPkiServerVerifier>,
    /// Absent on a system without authorities, where one's own still do.
    system: Option<Verifier>,
}

impl OwnOrSystem {
    pub(super) fn new(
        authorities: &[CertificateDer<'static>],
        provider: &Arc<CryptoProvider>,
    ) -> keydesk_core::Result<Self> {
        let mut roots = RootCertStore::empty();
        for authority in authorities {
            let added = roots.add(authority.clone());
            added.map_err(|_| unusable("not usable as an authority"))?;
        }
        let own = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone());
        Ok(Self {
            own: own.build().map_err(|_| unusable("no certificate in it"))?,
            system: Verifier::new(provider.clone()).ok(),
        })
    }
}

impl Rule for OwnOrSystem {
    fn judge(&self, shown: &Shown<'_>) -> Result<(), rustls::Error> {
        let Err(own) = ask(&*self.own, shown) else {
            return Ok(());
        };
        let Some(system) = &self.system else {
            return Err(own);
        };
        // Where one's own authorities are not concerned, what the system says is what matters. An
        // authority that only bears the same name shows as a bad signature.
        ask(system, shown).map_err(|system| match own {
            rustls::Error::InvalidCertificate(
                CertificateError::UnknownIssuer | CertificateError::BadSignature,
            ) => system,
            own => own,
        })
    }
}

/// Leaves the decision to another verifier, and keeps the first certificate that it accepted.
#[derive(Debug)]
pub(super) struct Witness {
    judge: Arc<dyn ServerCertVerifier>,
    accepted: OnceLock<CertificateDer<'static>>,
}

impl Witness {
    pub(super) fn of(judge: Arc<dyn ServerCertVerifier>) -> Self {
        Self {
            judge,
            accepted: OnceLock::new(),
        }
    }

    pub(super) fn accepted(&self) -> Option<CertificateDer<'static>> {
        self.accepted.get().cloned()
    }
}

impl Rule for Witness {
    fn judge(&self, shown: &Shown<'_>) -> Result<(), rustls::Error> {
        ask(&*self.judge, shown)?;
        let _ = self.accepted.set(shown.certificate.clone().into_owned());
        Ok(())
    }
}

/// Refuses every certificate, and keeps the first that it was shown.
#[derive(Debug, Default)]
pub(super) struct Refusing(OnceLock<CertificateDer<'static>>);

impl Refusing {
    pub(super) fn shown(&self) -> Option<CertificateDer<'static>> {
        self.0.get().cloned()
    }
}

impl Rule for Refusing {
    fn judge(&self, shown: &Shown<'_>) -> Result<(), rustls::Error> {
        let _ = self.0.set(shown.certificate.clone().into_owned());
        Err(CertificateError::ApplicationVerificationFailure.into())
    }
}
