//! What the operations that are only assumed can be relied on: the service's own description says
//! it, and is read once for the life of a provider.
//!
//! Not here: what a person confirmed of a description (`crate::operations`).

use std::sync::OnceLock;

use keydesk_core::capabilities::{Availability, Reason};
use keydesk_core::contract::{Finding, LearntContract};
use keydesk_core::credential::Credential;
use keydesk_core::provider::RestsOn;
use keydesk_core::{ErrorCode, Result};

use super::call::{Api, Call};
use super::operations::Name;
use crate::contract;
use crate::http::DESCRIPTION_LIMIT;

/// The description as this provider has read it; `None` within where there is none.
#[derive(Debug, Default)]
pub(super) struct Standing(OnceLock<Option<LearntContract>>);

impl Standing {
    /// What the description says, read now where it was not. One that cannot be read is as none.
    pub(super) async fn learnt(
        &self,
        api: &Api,
        credential: Option<&Credential>,
    ) -> Result<Option<&LearntContract>> {
        if let Some(known) = self.0.get() {
            return Ok(known.as_ref());
        }
        let learnt = match learn(api, credential).await {
            Err(error)
                if matches!(
                    error.code,
                    ErrorCode::Redirected
                        | ErrorCode::DescriptionNotUnderstood
                        | ErrorCode::AnswerTooLarge
                ) =>
            {
                None
            }
            learnt => learnt?,
        };
        if learnt.is_none() && credential.is_none() {
            return Ok(None); // it may be there for those who have a key
        }
        Ok(self.0.get_or_init(|| learnt).as_ref())
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
        let learnt = match self.learnt(api, Some(credential)).await {
            Err(error) if error.asks_for_sign_in() => return Err(error),
            // It cannot be had now, and what it is about is the lesser part of the account.
            Err(_) => None,
            Ok(learnt) => learnt,
        };
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
