//! What answers at an address, before any credential is sent.
//!
//! Not here: signing in. Health is asked first; where that is closed or unknown, an operation
//! that wants a sign-in is recognised by how it says so.

use keydesk_core::provider::ServerCheck;
use keydesk_core::{Error, ErrorCode, Result};
use serde_json::Value;

use super::call::{Api, Call};
use super::envelope::Payload;
use super::operations::Name;
use super::refusal;
use crate::http::{Answer, plain_text};
use crate::json::{field, text};

/// The longest product name and version, in characters.
const VERSION_LIMIT: usize = 80;

pub(super) async fn check(api: &Api) -> Result<ServerCheck> {
    let healthy = match api.send(&Call::new(Name::Health)).await {
        Ok(answer) => health(&answer),
        // Some gateways send every question without a sign-in to a page; so says the next one.
        Err(error) if error.code == ErrorCode::Redirected => None,
        Err(error) => return Err(error),
    };
    let healthy = match healthy {
        Some(healthy) => healthy,
        None => wants_a_sign_in(api).await?,
    };
    Ok(ServerCheck {
        healthy,
        version: version(api).await,
    })
}

/// `{"status":"UP"}`, or `DOWN` with status 503; `None` where it is something else.
fn health(answer: &Answer) -> Option<bool> {
    let payload = Payload::read(&answer.body)?;
    let status = text(payload.inside(), &["status"])?;
    let up = status.eq_ignore_ascii_case("up");
    let down = status.eq_ignore_ascii_case("down");
    (up || down).then_some(up && answer.is_success())
}

/// Whether an operation says, as an IDMP server does, that it wants a sign-in.
async fn wants_a_sign_in(api: &Api) -> Result<bool> {
    let answer = api.send(&Call::new(Name::Probe)).await?;
    let payload = Payload::read(&answer.body).filter(|_| !answer.is_html());
    if let Some(payload) = &payload
        && let Some(refusal) = refusal::read(&answer, Some(payload))
    {
        let empty_but_challenged = !answer.challenges.is_empty();
        match refusal.status {
            401 | 403 if refusal.is_json || empty_but_challenged => return Ok(true),
            429 | 500..600 if refusal.is_json => return Ok(false),
            _ => {}
        }
    }
    let server = api.http.server().host_and_port();
    if (502..=504).contains(&answer.status) {
        return Err(
            Error::new(ErrorCode::ServerUnavailable, "the server is down for now")
                .with_detail(format!("{server} answered {}", answer.status)),
        );
    }
    Err(Error::new(
        ErrorCode::NotThisKindOfServer,
        "no such server at this address",
    )
    .with_detail(format!("{server} answered {}", answer.status)))
}

/// Name and version out of the server's description of itself, if it comes quickly.
async fn version(api: &Api) -> Option<String> {
    let query = [("format", "json".to_owned())];
    let call = Call::new(Name::ApiDescription)
        .query(&query)
        .within(api.http.limits().brief);
    let answer = api.send(&call).await.ok()?;
    if !answer.is_success() {
        return None;
    }
    let payload = Payload::read(&answer.body)?;
    let info = field(payload.whole(), &["info"]).filter(|info| info.is_object())?;
    let part = |name| field(info, &[name]).and_then(Value::as_str);
    let words: Vec<_> = [part("title"), part("version")]
        .into_iter()
        .flatten()
        .collect();
    let version = plain_text(&words.join(" "), VERSION_LIMIT);
    (!version.is_empty()).then_some(version)
}
