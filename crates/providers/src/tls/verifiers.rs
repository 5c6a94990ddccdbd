//! Our own rules about certificates: one's own authorities beside the system's, exactly the pinned
//! one, and none at all.
//!
//! Not here: the everyday rule, which is the operating system's.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs, verify_tls12_signature,
    verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};
use rustls_platform_verifier::Verifier;

use super::facts::sha256_hex;
use super::unusable;

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

/// Accepts one certificate, whatever it says about names, dates and issuers: a person looked at
/// it and said yes to exactly this one. That its key signs the handshake is still verified.
#[derive(Debug)]
pub(super) struct Pinned {
    sha256: String,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Pinned {
    pub(super) fn new(sha256: String, provider: &CryptoProvider) -> Self {
        Self {
            sha256,
            algorithms: provider.signature_verification_algorithms,
        }
    }
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let shown = sha256_hex(end_entity);
        if shown == self.sha256 {
            return Ok(ServerCertVerified::assertion());
        }
        let changed = PinChanged {
            pinned: self.sha256.clone(),
            shown,
        };
        Err(CertificateError::Other(OtherError(Arc::new(changed))).into())
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

impl ServerCertVerifier for OwnOrSystem {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let ask = |verifier: &dyn ServerCertVerifier| {
            verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        };
        let Err(own) = ask(&*self.own) else {
            return Ok(ServerCertVerified::assertion());
        };
        let Some(system) = &self.system else {
            return Err(own);
        };
        // Where one's own authorities are not concerned, what the system says is what matters. An
        // authority that only bears the same name shows as a bad signature.
        ask(system).map_err(|system| match own {
            rustls::Error::InvalidCertificate(
                CertificateError::UnknownIssuer | CertificateError::BadSignature,
            ) => system,
            own => own,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.own
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.own
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.own.supported_verify_schemes()
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

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let accepted = self.judge.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        )?;
        let _ = self.accepted.set(end_entity.clone().into_owned());
        Ok(accepted)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.judge
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.judge
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.judge.supported_verify_schemes()
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

impl ServerCertVerifier for Refusing {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let _ = self.0.set(end_entity.clone().into_owned());
        Err(CertificateError::ApplicationVerificationFailure.into())
    }

    // No handshake comes as far as a signature.
    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(CertificateError::ApplicationVerificationFailure.into())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Err(CertificateError::ApplicationVerificationFailure.into())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let provider = aws_lc_rs::default_provider();
        provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
