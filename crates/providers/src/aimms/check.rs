//! What answers at an address, before the key is sent: the service's description, or its demand
//! for a key.

use keydesk_core::provider::ServerCheck;
use keydesk_core::{Error, ErrorCode, Result};

use super::call::{Api, Call};
use super::operations::Name;
use super::standing::Standing;
use crate::http::Answer;
use crate::json::Json;

pub(super) async fn check(api: &Api, standing: &Standing) -> Result<ServerCheck> {
    if let Some(learnt) = standing.learnt(api, None).await? {
        return Ok(ServerCheck {
            healthy: true,
            version: Some(learnt.version.clone()).filter(|version| !version.is_empty()),
        });
    }
    let answer = api.send(&Call::new(Name::Info)).await?;
    if wants_a_key(&answer) {
        return Ok(ServerCheck {
            healthy: true,
            version: None,
        });
    }
    let server = api.http.server().host_and_port();
    let detail = format!("{server} answered {}", answer.status);
    let (code, label) = if (502..=504).contains(&answer.status) {
        (ErrorCode::ServerUnavailable, "the server is down for now")
    } else {
        (
            ErrorCode::NotThisKindOfServer,
            "no such service at this address",
        )
    };
    Err(Error::new(code, label).with_detail(detail))
}

/// Whether this is how the service says that it wants a key.
fn wants_a_key(answer: &Answer) -> bool {
    let from_service = answer.challenges.contains("apikey")
        || !answer.is_html()
            && Json::read(&answer.body).is_some_and(|json| json.whole().is_object());
    matches!(answer.status, 401 | 403) && from_service
}
