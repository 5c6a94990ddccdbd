//! The client of one server: how a request goes out, is repeated, and comes back as an [`Answer`].
//!
//! One per provider, so that trust, clock and connections of two servers never mix.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, UNIX_EPOCH};

use backon::Retryable;
use hyper_util::client::proxy::matcher::Matcher;
use keydesk_core::instance::Instance;
use keydesk_core::server_url::ServerUrl;
use keydesk_core::time::{ServerClock, Timestamp};
use keydesk_core::{Error, ErrorCode, Result};
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Response, multipart};
use rustls::ClientConfig;
use url::Url;

use super::answer::{Answer, BodyFailure, read_body, too_large};
use super::failure::{Failure, WANTS_A_LOGIN, Way, explain, lost, proxy_failed, timed_out};
use super::headers::{KeyHeader, credential_headers};
use super::limits::{Limits, POOL_IDLE};
use super::request::{Body, Effect, Request};
use super::retry::{date, is_passing, pause, pauses, retry_after};
use super::scrub::plain_text;
use crate::tls::trust::Trusted;

/// The client of one server.
#[derive(Debug)]
pub(crate) struct Http {
    server: ServerUrl,
    trusted: Trusted,
    /// How an API key is sent here.
    key_header: KeyHeader,
    user_agent: String,
    limits: Limits,
    /// Made at the first request: reading the system's authorities has no place in the start.
    made: Mutex<Option<(reqwest::Client, Way)>>,
    /// How many milliseconds the server's clock is ahead.
    ahead_by: AtomicI64,
}

/// A try that did not end with an answer to hand on.
enum Attempt {
    Failed(Failure),
    /// The server answered that it cannot just now.
    Busy(Answer),
}

impl Http {
    pub(crate) fn new(
        instance: &Instance,
        key_header: KeyHeader,
        user_agent: String,
        limits: Limits,
    ) -> Result<Self> {
        Ok(Self {
            server: instance.url.clone(),
            trusted: Trusted::checked(&instance.trust, instance.url.is_plain_http())?,
            key_header,
            user_agent,
            limits,
            made: Mutex::new(None),
            ahead_by: AtomicI64::new(0),
        })
    }

    pub(crate) fn server(&self) -> &ServerUrl {
        &self.server
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn clock(&self) -> ServerClock {
        ServerClock {
            ahead_by: self.ahead_by.load(Ordering::Relaxed),
        }
    }

    /// Sends a request and reads the answer, whatever its status; redirects and a proxy's refusal
    /// are errors. Reading requests are repeated where that may help.
    pub(crate) async fn send(&self, request: &Request<'_>) -> Result<Answer> {
        let (client, way) = self.client()?;
        let headers = match request.credential {
            Some(credential) => {
                credential_headers(&self.server, &request.url, credential, self.key_header)?
            }
            None => HeaderMap::new(),
        };
        let started = Instant::now();
        let time_left = || request.total.saturating_sub(started.elapsed());
        let outcome = (|| self.attempt(&client, &way, request, headers.clone(), time_left()))
            .retry(pauses(&self.limits))
            .when(|attempt| request.effect == Effect::Reads && attempt.is_passing())
            .adjust(|attempt, own| pause(attempt.asked_to_wait(), own, time_left(), &self.limits))
            .await;
        let outcome = match outcome {
            Ok(answer) | Err(Attempt::Busy(answer)) => Ok(answer),
            Err(Attempt::Failed(failure)) => Err(failure.error),
        };
        tracing::debug!(
            operation = request.operation,
            status = outcome.as_ref().map_or(0, |answer| answer.status),
            code = ?outcome.as_ref().err().map(|error| error.code),
            milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "request"
        );
        outcome
    }

    /// One try.
    async fn attempt(
        &self,
        client: &reqwest::Client,
        way: &Way,
        request: &Request<'_>,
        headers: HeaderMap,
        time_left: Duration,
    ) -> Result<Answer, Attempt> {
        let own = request.headers.iter().cloned();
        let mut headers = headers;
        headers.extend(own);
        let mut builder = client
            .request(request.method.clone(), request.url.clone())
            .headers(headers)
            .header(ACCEPT, "application/json, */*;q=0.1")
            .timeout(time_left);
        match &request.body {
            Body::Empty => {}
            Body::Json(json) => {
                builder = builder
                    .header(reqwest::header::CONTENT_TYPE, "application/json")
                    .body(json.clone());
            }
            Body::Raw(media_type, bytes) => {
                builder = builder
                    .header(reqwest::header::CONTENT_TYPE, *media_type)
                    .body(bytes.clone());
            }
            Body::Form(file) => {
                let length = file.bytes.len() as u64;
                let part = multipart::Part::stream_with_length(file.bytes.clone(), length)
                    .file_name(file.file_name)
                    .mime_str(file.media_type)
                    .map_err(|_| Error::new(ErrorCode::Internal, "no media type"))
                    .map_err(Failure::lasting)?;
                builder = builder.multipart(multipart::Form::new().part(file.field.clone(), part));
            }
        }
        let response = tokio::time::timeout(self.patience(request), builder.send())
            .await
            .map_err(|_| timed_out(request.effect, way))?
            .map_err(|failed| explain(&failed.without_url(), request.effect, way))?;
        self.learn_the_time(response.headers());
        refuse_detours(&response, way).map_err(Failure::lasting)?;
        self.read(response, request, way).await
    }

    /// How long the head of an answer may take: a file is on its way for as long as the line needs,
    /// and only the deadline of the whole ends that.
    fn patience(&self, request: &Request<'_>) -> Duration {
        match request.body {
            Body::Empty | Body::Json(_) => self.limits.read,
            Body::Form(_) | Body::Raw(..) => request.total,
        }
    }

    /// Reads the answer's body and judges whether a second try is due.
    async fn read(
        &self,
        response: Response,
        request: &Request<'_>,
        way: &Way,
    ) -> Result<Answer, Attempt> {
        let mut answer = Answer::head(&response, retry_after(response.headers()));
        match read_body(response, request.body_limit, self.limits.read).await {
            Ok(body) => answer.body = body,
            // A refusal has said what matters in its status; its body is only its words.
            Err(_) if !answer.is_success() => {}
            Err(BodyFailure::TooLarge(limit)) => {
                return Err(Failure::lasting(lost(too_large(limit), request.effect)).into());
            }
            Err(BodyFailure::Silent) => return Err(timed_out(request.effect, way).into()),
            Err(BodyFailure::Broken(failed)) => {
                return Err(explain(&failed.without_url(), request.effect, way).into());
            }
        }
        if is_passing(answer.status) {
            return Err(Attempt::Busy(answer));
        }
        Ok(answer)
    }

    fn learn_the_time(&self, headers: &HeaderMap) {
        let Some(since) = date(headers).and_then(|date| date.duration_since(UNIX_EPOCH).ok())
        else {
            return;
        };
        let date = Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
        let learnt = ServerClock::learnt(date, Timestamp::now());
        self.ahead_by.store(learnt.ahead_by, Ordering::Relaxed);
    }

    /// The client, made at its first use.
    fn client(&self) -> Result<(reqwest::Client, Way)> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((client, way)) = &*made {
            return Ok((client.clone(), way.clone()));
        }
        let config = self.trusted.configuration()?;
        let client = factory(&self.server, config, &self.user_agent, &self.limits)?;
        let way = way(&self.server);
        *made = Some((client.clone(), way.clone()));
        Ok((client, way))
    }
}

impl Attempt {
    fn is_passing(&self) -> bool {
        match self {
            Self::Failed(failure) => failure.passing,
            Self::Busy(_) => true,
        }
    }

    fn asked_to_wait(&self) -> Option<Duration> {
        match self {
            Self::Failed(_) => None,
            Self::Busy(answer) => answer.retry_after,
        }
    }
}

impl From<Failure> for Attempt {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Begins a connection with the given trust and tells how it failed; for a handshake that is
/// meant to end at the certificate.
pub(crate) async fn handshake(server: &ServerUrl, config: ClientConfig) -> Error {
    let user_agent = concat!("Keydesk/", env!("CARGO_PKG_VERSION"));
    let limits = Limits::default();
    let client = match factory(server, config, user_agent, &limits) {
        Ok(client) => client,
        Err(error) => return error,
    };
    let request = client.head(server.join("/")).timeout(limits.connect);
    match request.send().await {
        Ok(_) => Error::new(ErrorCode::Internal, "a handshake that should have ended"),
        Err(failed) => explain(&failed.without_url(), Effect::Reads, &way(server)).error,
    }
}

/// The one place that makes HTTP clients. What it sets is what the module promises.
fn factory(
    server: &ServerUrl,
    config: ClientConfig,
    user_agent: &str,
    limits: &Limits,
) -> Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(config)
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .connect_timeout(limits.connect)
        .pool_idle_timeout(POOL_IDLE)
        .pool_max_idle_per_host(4)
        .user_agent(HeaderValue::from_str(user_agent).map_err(|_| no_client())?);
    if server.is_loopback() {
        // An environment with HTTP_PROXY would hand local tokens to the proxy.
        builder = builder.no_proxy();
    }
    builder.build().map_err(|failed| {
        tracing::warn!(error = %failed.without_url(), "no HTTP client");
        no_client()
    })
}

fn no_client() -> Error {
    Error::new(ErrorCode::Internal, "no HTTP client could be made")
}

/// Where requests to this server go, and through which proxy.
fn way(server: &ServerUrl) -> Way {
    let proxy = (!server.is_loopback())
        .then(|| server.as_str().parse().ok())
        .flatten()
        .and_then(|target| Matcher::from_system().intercept(&target))
        .map(|proxy| {
            let uri = proxy.uri();
            let host = uri.host().unwrap_or_default();
            uri.port_u16()
                .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
        });
    Way {
        server: server.host_and_port(),
        proxy,
    }
}

/// Redirects are not followed, and a proxy or network that wants a login is not the server.
fn refuse_detours(response: &Response, way: &Way) -> Result<()> {
    match response.status().as_u16() {
        300..=303 | 305..=308 => Err(redirected(response, way)),
        407 => Err(proxy_failed(
            way.proxy.as_deref().unwrap_or(&way.server),
            WANTS_A_LOGIN,
        )),
        // Said by the network on the way, and never by the server (RFC 6585, section 6).
        511 => Err(Error::new(
            ErrorCode::NetworkSignInRequired,
            "this network wants a sign-in first",
        )
        .with_detail(way.server.clone())),
        _ => Ok(()),
    }
}

/// The error of a redirect: scheme, host and port of the target, and no more of it, since a path
/// or query may carry anything.
fn redirected(response: &Response, way: &Way) -> Error {
    let target = response
        .headers()
        .get(LOCATION)
        .and_then(|location| location.to_str().ok())
        .and_then(|location| response.url().join(location).ok())
        .map(|target: Url| plain_text(&target.origin().ascii_serialization(), 300));
    match target {
        Some(target) => {
            Error::new(ErrorCode::Redirected, "the server sent us elsewhere").with_detail(target)
        }
        None => Error::new(ErrorCode::UnexpectedAnswer, "a redirect to nowhere")
            .with_detail(way.server.clone()),
    }
}
