//! Bad certificates are refused before a single byte of HTTP; good ones and confirmed ones work.

use std::sync::{Arc, Mutex};

use keydesk_core::instance::{ServerKind, Trust};
use keydesk_core::server_url::ServerUrl;
use keydesk_core::{Error, ErrorCode};
use keydesk_providers::tls::{certificate_of, validate_authority_pem};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::fault_server::{Asked, Say, serve};
use crate::support::{self, instance, patient, print_outcome, provider_of, session};

/// What a child process is told; unset in an ordinary run.
const ASK: &str = "KEYDESK_TEST_ASK_TLS";
const PIN: &str = "KEYDESK_TEST_PIN";
const AUTHORITY: &str = "KEYDESK_TEST_AUTHORITY";
/// The outcome of a child process that got its answer.
const OK: &str = "ok a@b.example";

/// An authority and its certificate in PEM.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Self {
        let mut parameters = CertificateParams::new(vec![]).unwrap();
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters
            .distinguished_name
            .push(DnType::CommonName, "Workshop CA");
        let key = KeyPair::generate().unwrap();
        let pem = parameters.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(parameters, key),
            pem,
        }
    }

    fn sign(&self, parameters: &CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = parameters.signed_by(&key, &self.issuer).unwrap();
        Identity {
            certificate: certificate.der().clone(),
            key,
        }
    }
}

struct Identity {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

fn leaf(host: &str) -> CertificateParams {
    let mut parameters = CertificateParams::new(vec![host.to_owned()]).unwrap();
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    parameters.use_authority_key_identifier_extension = true;
    parameters
}

fn self_signed(host: &str) -> Identity {
    let key = KeyPair::generate().unwrap();
    let certificate = leaf(host).self_signed(&key).unwrap();
    Identity {
        certificate: certificate.der().clone(),
        key,
    }
}

/// A server with this certificate, and what it was asked over HTTP.
struct TlsServer {
    url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl TlsServer {
    async fn start(identity: Identity) -> Self {
        let key = PrivateKeyDer::try_from(identity.key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![identity.certificate], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!(
            "https://localhost:{}",
            listener.local_addr().unwrap().port()
        );
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, log) = (acceptor.clone(), log.clone());
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        let body = r#"{"id":1,"email":"a@b.example"}"#;
                        serve(stream, &|_, _| Say::json(200, body), &log).await;
                    }
                });
            }
        });
        Self { url, asked }
    }

    async fn ask(&self, trust: Trust) -> Result<(), Error> {
        let mut instance = instance(&self.url, ServerKind::IdmpSelfHosted);
        instance.trust = trust;
        let provider = provider_of(&instance, patient());
        provider.account(&session(), None).await.map(drop)
    }

    /// The refusal, after which no HTTP may have arrived.
    async fn refuses(&self, trust: Trust) -> Error {
        let error = self.ask(trust).await.unwrap_err();
        assert_eq!(
            self.asked.lock().unwrap().len(),
            0,
            "no byte of HTTP before trust"
        );
        error
    }

    async fn fingerprint(&self) -> String {
        let url = ServerUrl::parse(&self.url, false).unwrap();
        let facts = certificate_of(&url).await.unwrap();
        assert_eq!(self.asked.lock().unwrap().len(), 0, "looking sends nothing");
        facts.sha256
    }
}

fn authority(pem: &str) -> Trust {
    Trust {
        authority_pem: Some(pem.to_owned()),
        pinned_sha256: None,
    }
}

fn pin(sha256: &str) -> Trust {
    Trust {
        authority_pem: None,
        pinned_sha256: Some(sha256.to_owned()),
    }
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_refused_until_the_authority_is_added() {
    let ours = Authority::new();
    let server = TlsServer::start(ours.sign(&leaf("localhost"))).await;
    let error = server.refuses(Trust::default()).await;
    assert_eq!(error.code, ErrorCode::TlsUntrusted);
    assert!(error.detail.unwrap().starts_with("localhost:"));
    let theirs = Authority::new();
    assert_eq!(
        server.refuses(authority(&theirs.pem)).await.code,
        ErrorCode::TlsUntrusted
    );
    let added = validate_authority_pem(&ours.pem).unwrap();
    server.ask(authority(&added.pem)).await.unwrap();
}

/// Certificates that are good but for one thing, how that is told, and a word of it.
fn flawed() -> Vec<(CertificateParams, ErrorCode, &'static str)> {
    let mut expired = leaf("localhost");
    expired.not_before = date_time_ymd(2020, 1, 1);
    expired.not_after = date_time_ymd(2021, 1, 1);
    let mut early = leaf("localhost");
    early.not_before = date_time_ymd(2090, 1, 1);
    early.not_after = date_time_ymd(2091, 1, 1);
    let mut for_clients = leaf("localhost");
    for_clients.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    vec![
        (expired, ErrorCode::TlsExpired, "2021"),
        (early, ErrorCode::TlsExpired, "2090"),
        (
            leaf("idmp.tdengine.net"),
            ErrorCode::TlsHostMismatch,
            "idmp.tdengine.net",
        ),
        (leaf("127.0.0.1"), ErrorCode::TlsHostMismatch, "127.0.0.1"),
        (for_clients, ErrorCode::TlsUntrusted, "localhost"),
    ]
}

#[tokio::test]
async fn dates_and_names_count_even_when_the_authority_is_trusted() {
    let ours = Authority::new();
    for (parameters, code, says) in flawed() {
        let server = TlsServer::start(ours.sign(&parameters)).await;
        let error = server.refuses(authority(&ours.pem)).await;
        assert_eq!(error.code, code, "{says}");
        let detail = error.detail.unwrap();
        assert!(detail.contains(says), "{detail}");
    }
}

#[tokio::test]
async fn a_pinned_certificate_is_accepted_and_a_changed_one_stops_everything() {
    let server = TlsServer::start(self_signed("idmp.tdengine.net")).await;
    assert_eq!(
        server.refuses(Trust::default()).await.code,
        ErrorCode::TlsUntrusted
    );
    let pinned = server.fingerprint().await;
    server.ask(pin(&pinned)).await.unwrap();
    server.ask(pin(&pinned.to_uppercase())).await.unwrap();

    let other = TlsServer::start(self_signed("idmp.tdengine.net")).await;
    let error = other.refuses(pin(&pinned)).await;
    assert_eq!(error.code, ErrorCode::TlsPinChanged);
    let detail = error.detail.unwrap();
    assert!(detail.contains(&pinned), "the old one: {detail}");
    assert!(
        detail.contains(&other.fingerprint().await),
        "the new one: {detail}"
    );
}

#[tokio::test]
async fn a_pin_stops_even_what_an_authority_vouches_for() {
    let ours = Authority::new();
    let server = TlsServer::start(ours.sign(&leaf("localhost"))).await;
    let trust = Trust {
        authority_pem: Some(ours.pem.clone()),
        pinned_sha256: Some("ab".repeat(32)),
    };
    assert_eq!(server.refuses(trust).await.code, ErrorCode::TlsPinChanged);
}

#[tokio::test]
async fn a_certificate_is_shown_with_what_a_person_needs_to_decide() {
    let ours = Authority::new();
    let mut parameters = leaf("idmp.tdengine.net");
    parameters
        .distinguished_name
        .push(DnType::CommonName, "idmp\u{202e}.example");
    parameters.not_before = date_time_ymd(2026, 1, 1);
    parameters.not_after = date_time_ymd(2026, 4, 1);
    let server = TlsServer::start(ours.sign(&parameters)).await;
    let url = ServerUrl::parse(&server.url, false).unwrap();
    let facts = certificate_of(&url).await.unwrap();
    assert_eq!(facts.names, ["idmp.tdengine.net"]);
    assert!(facts.subject.contains("idmp.example"), "{}", facts.subject);
    assert!(facts.issuer.contains("Workshop CA"));
    assert_eq!(facts.not_before.0, 1_767_225_600_000);
    assert_eq!(facts.not_after.0, 1_775_001_600_000);
    assert_eq!(facts.sha256.len(), 64);
    assert_eq!(server.asked.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn no_certificate_comes_from_where_there_is_none() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let plain = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let url = ServerUrl::parse(&plain.replace("http:", "https:"), false).unwrap();
    assert_eq!(
        certificate_of(&url).await.unwrap_err().code,
        ErrorCode::TlsFailed
    );
    let url = ServerUrl::parse(&plain, false).unwrap();
    assert_eq!(
        certificate_of(&url).await.unwrap_err().code,
        ErrorCode::AddressScheme
    );
    let gone = ServerUrl::parse("https://127.0.0.1:1", false).unwrap();
    assert_eq!(
        certificate_of(&gone).await.unwrap_err().code,
        ErrorCode::ConnectionRefused
    );
}

#[tokio::test]
async fn trust_that_cannot_be_read_is_an_error_before_anything_is_asked() {
    for trust in [authority("no pem"), pin("no fingerprint")] {
        let mut instance = instance("https://localhost:1", ServerKind::IdmpSelfHosted);
        instance.trust = trust;
        let options = keydesk_providers::ProviderOptions::default();
        let error = keydesk_providers::build(&instance, options).unwrap_err();
        assert_eq!(error.code, ErrorCode::CertificateInvalid);
    }
}

/// The body of a process of its own, whose environment matters.
#[tokio::test]
async fn child() {
    let Ok(url) = std::env::var(ASK) else {
        return;
    };
    let mut instance = instance(&url, ServerKind::IdmpSelfHosted);
    instance.trust = Trust {
        authority_pem: std::env::var(AUTHORITY).ok(),
        pinned_sha256: std::env::var(PIN).ok(),
    };
    print_outcome(&*provider_of(&instance, patient())).await;
}

/// How it goes for a process with these variables.
async fn outcome(url: &str, variables: &[(&str, &str)]) -> String {
    let variables = [variables, &[(ASK, url)]].concat();
    support::outcome_of("tls::child", &variables).await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_session_key_is_ever_logged() {
    let server = TlsServer::start(self_signed("localhost")).await;
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("keys.log");
    let pin = server.fingerprint().await;
    let variables = [
        (PIN, pin.as_str()),
        ("SSLKEYLOGFILE", log.to_str().unwrap()),
    ];
    assert_eq!(outcome(&server.url, &variables).await, OK);
    assert_eq!(server.asked.lock().unwrap().len(), 1, "the child did ask");
    assert!(!log.exists());
}

/// Where the system's authorities are a file that the environment can name.
#[cfg(target_os = "linux")]
mod system {
    use super::*;

    /// An authority of the system: the variable that names it, and the folder that holds it.
    fn trusted(authority: &Authority) -> (String, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("system.pem");
        std::fs::write(&file, &authority.pem).unwrap();
        (file.to_str().unwrap().to_owned(), folder)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn its_authorities_count_beside_ones_own() {
        let (system, own) = (Authority::new(), Authority::new());
        let (file, _folder) = trusted(&system);
        let roots = ("SSL_CERT_FILE", file.as_str());
        let server = TlsServer::start(system.sign(&leaf("localhost"))).await;
        assert_eq!(outcome(&server.url, &[roots]).await, OK);
        let both = [roots, (AUTHORITY, &own.pem)];
        assert_eq!(outcome(&server.url, &both).await, OK);
        let server = TlsServer::start(own.sign(&leaf("localhost"))).await;
        assert_eq!(outcome(&server.url, &both).await, OK);
        let refused = outcome(&server.url, &[roots]).await;
        assert!(refused.starts_with("TlsUntrusted"), "{refused}");
    }

    /// What everybody meets whose authority the system knows.
    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_wrong_with_a_certificate_is_told_apart() {
        let system = Authority::new();
        let (file, _folder) = trusted(&system);
        for (parameters, code, says) in flawed() {
            let server = TlsServer::start(system.sign(&parameters)).await;
            let refused = outcome(&server.url, &[("SSL_CERT_FILE", &file)]).await;
            assert!(refused.starts_with(&format!("{code:?}")), "{refused}");
            assert!(refused.contains(says), "{refused}");
            assert_eq!(server.asked.lock().unwrap().len(), 0);
        }
    }
}
