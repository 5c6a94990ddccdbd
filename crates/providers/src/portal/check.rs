//! What answers at an address, before any credential is sent. A server says that it is a portal in
//! the description of its API.
//!
//! Not here: whether a version fits. What an instance lacks, its description and capabilities say.

use keydesk_core::provider::ServerCheck;
use keydesk_core::{Error, ErrorCode, Result};
use serde_json::Value;

use super::call::{Api, Call};
use super::operations::Name;
use crate::http::{Answer, DESCRIPTION_LIMIT, plain_text};
use crate::json::Json;
use crate::operations::Name as _;

/// The longest product name and version, in characters.
const VERSION_LIMIT: usize = 80;

pub(super) async fn check(api: &Api) -> Result<ServerCheck> {
    let description = Call::new(Name::ApiDescription).body_limit(DESCRIPTION_LIMIT);
    let answer = api.send(&description).await?;
    let healthy = is_healthy(api).await;
    let version = if answer.is_success() {
        Json::read(&answer.body).and_then(|json| version(json.whole()))
    } else {
        None
    };
    match version {
        Some(version) => Ok(ServerCheck {
            healthy: healthy.unwrap_or(true),
            version: Some(version),
        }),
        None => Err(not_ours(api, &answer)),
    }
}

/// Title and version of the description, where it lists how one signs in to a portal.
fn version(description: &Value) -> Option<String> {
    let paths = description.get("paths")?;
    let sign_in = Name::table().get(Name::SignIn as usize)?.path;
    // Behind a base path the description may list its paths with it or without.
    let lists_sign_in = paths
        .as_object()?
        .keys()
        .any(|path| path.ends_with(sign_in) || sign_in.ends_with(path.as_str()) && path.len() > 1);
    lists_sign_in.then_some(())?;
    let info = description.get("info")?;
    let part = |name| info.get(name).and_then(Value::as_str);
    let words: Vec<_> = [part("title"), part("version")]
        .into_iter()
        .flatten()
        .collect();
    Some(plain_text(&words.join(" "), VERSION_LIMIT))
}

/// `{"status":"UP"}`; `None` where it does not say.
async fn is_healthy(api: &Api) -> Option<bool> {
    let call = Call::new(Name::Health).within(api.http.limits().brief);
    let answer = api.send(&call).await.ok()?;
    let json = Json::read(&answer.body)?;
    let status = json.whole().get("status")?.as_str()?;
    Some(answer.is_success() && status.eq_ignore_ascii_case("up"))
}

fn not_ours(api: &Api, answer: &Answer) -> Error {
    let server = api.http.server().host_and_port();
    let (code, label) = if (500..600).contains(&answer.status) {
        (ErrorCode::ServerUnavailable, "the server is down for now")
    } else {
        (
            ErrorCode::NotThisKindOfServer,
            "no such server at this address",
        )
    };
    Error::new(code, label).with_detail(format!("{server} answered {}", answer.status))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_portal_is_recognised_by_how_one_signs_in() {
        let portal = json!({"openapi": "3.1.0", "info": {"title": "Keydesk portal", "version": "1"},
            "paths": {"/portal/v1/sessions": {}}});
        assert_eq!(version(&portal).as_deref(), Some("Keydesk portal 1"));
        let relative = json!({"info": {}, "paths": {"/sessions": {}}});
        assert!(version(&relative).is_some());
        for other in [
            json!(null),
            json!({"paths": {}}),
            json!({"info": {"title": "Keydesk portal"}, "paths": {"/": {}, "/api/v1/users": {}}}),
            json!({"info": {}, "paths": {"/v1": {}}, "servers": []}),
        ] {
            assert_eq!(version(&other), None, "{other}");
        }
    }
}
