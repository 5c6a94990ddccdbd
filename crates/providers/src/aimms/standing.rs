//! What the operations that are only assumed can be relied on: the service's own description says
//! it, and is read once for the life of a provider.
//!
//! Not here: what a person confirmed of a description (`crate::operations`).

use keydesk_core::Result;
use keydesk_core::capabilities::{Availability, Reason};
use keydesk_core::contract::{Finding, LearntContract};
use keydesk_core::credential::Credential;
use keydesk_core::provider::RestsOn;
use tokio::sync::OnceCell;

use super::call::{Api, Call};
use super::operations::Name;
use crate::contract;
use crate::http::DESCRIPTION_LIMIT;

/// The description as this provider has read it; `None` within where there is none.
#[derive(Debug, Default)]
pub(super) struct Standing(OnceCell<Option<LearntContract>>);

impl Standing {
    /// What the description says, read now where it was not.
    pub(super) async fn learnt(
        &self,
        api: &Api,
        credential: Option<&Credential>,
    ) -> Result<Option<&LearntContract>> {
        let learnt = self.0.get_or_try_init(|| learn(api, credential)).await?;
        Ok(learnt.as_ref())
    }

    /// Whether an operation that nobody has documented can be used.
    pub(super) async fn of(
        &self,
        api: &Api,
        credential: &Credential,
        name: Name,
    ) -> Result<Availability> {
        let operation = api.operations.get(name);
        if operation.rests_on == RestsOn::Overridden || operation.is_described() {
            return Ok(Availability::Available);
        }
        match api.operations.availability(name) {
            Availability::Unavailable {
                reason: Reason::NotDescribed,
            } => return Ok(Availability::unavailable(Reason::OnlyInBrowser)),
            unconfirmed @ Availability::Unavailable { .. } => return Ok(unconfirmed),
            _ => {}
        }
        let learnt = self.learnt(api, Some(credential)).await?;
        let finding = learnt.and_then(|learnt| learnt.findings.get(operation.row.label));
        Ok(match finding {
            Some(Finding::Confirmed) => Availability::Available,
            Some(Finding::FoundElsewhere { .. }) => Availability::unavailable(Reason::Unconfirmed),
            Some(Finding::Missing) | None => Availability::unavailable(Reason::OnlyInBrowser),
        })
    }
}

/// Fetches the description and holds the table against it.
pub(super) async fn learn(
    api: &Api,
    credential: Option<&Credential>,
) -> Result<Option<LearntContract>> {
    let call = match credential {
        Some(credential) => Call::by(Name::ApiDescription, credential),
        None => Call::new(Name::ApiDescription),
    };
    let answer = api.send(&call.body_limit(DESCRIPTION_LIMIT)).await?;
    contract::learn(api, answer).await
}
