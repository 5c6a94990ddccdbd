//! Learning the contract from the server's description of itself.
//!
//! Not here: when that is done and keeping what was learnt (the shell).

use super::Session;
use crate::Result;
use crate::contract::LearntContract;

impl Session {
    /// Holds the table of operations against the server's own description. `None` where the server
    /// serves no description.
    pub async fn learn_contract(&self) -> Result<Option<LearntContract>> {
        self.call(|credential| async move { self.provider.learn_contract(&credential).await })
            .await
    }
}
