//! Learning the contract from the server's description of itself.
//!
//! Not here: keeping what was learnt (the instance's configuration, by the shell).

use super::Session;
use crate::Result;
use crate::contract::LearntContract;

impl Session {
    /// Holds the table of operations against the server's own description. What a person had
    /// confirmed before stays confirmed while the description says the same. `None` where the
    /// server serves no description.
    pub async fn learn_contract(&self) -> Result<Option<LearntContract>> {
        let learnt = self
            .call(|credential| async move { self.provider.learn_contract(&credential).await })
            .await?;
        Ok(learnt.map(|learnt| match &self.instance.contract {
            Some(before) if before.agrees_with(&learnt) => LearntContract {
                confirmed: before.confirmed.clone(),
                ..learnt
            },
            _ => learnt,
        }))
    }
}
