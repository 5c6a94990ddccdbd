//! The safety of an account: second factor, sessions, log, deletion.
//!
//! Not here: signing in ([`super::Provider`]).

use async_trait::async_trait;
use keydesk_vault::SecretString;

use crate::Result;
use crate::account_security::{AccountSession, AccountSessionId, DeletionTerms, SecurityLogPage};
use crate::credential::Credential;
use crate::second_factor::{Enrolment, Proof, SecondFactor};

/// What a server offers beyond the password. A method is called only where the capabilities
/// say that the server has it.
#[async_trait]
pub trait Security: Send + Sync {
    /// The account's second factor.
    async fn second_factor(&self, credential: &Credential) -> Result<SecondFactor>;

    /// Begins to set one up; nothing is in force until [`Security::confirm_second_factor`]. Where
    /// one is in force, the new one takes its place, and the proof has a code of the old one.
    async fn begin_second_factor(
        &self,
        credential: &Credential,
        proof: &Proof,
    ) -> Result<Enrolment>;

    /// Puts it in force with a code of the app. Answers with recovery codes, where there are any.
    async fn confirm_second_factor(
        &self,
        credential: &Credential,
        code: &SecretString,
    ) -> Result<Vec<SecretString>>;

    /// Removes it.
    async fn remove_second_factor(&self, credential: &Credential, proof: &Proof) -> Result<()>;

    /// Replaces the recovery codes.
    async fn replace_recovery_codes(
        &self,
        credential: &Credential,
        proof: &Proof,
    ) -> Result<Vec<SecretString>>;

    /// Where the account is signed in, the latest first.
    async fn sessions(&self, credential: &Credential) -> Result<Vec<AccountSession>>;

    /// Ends one session; one that has ended counts as ended.
    async fn end_session(&self, credential: &Credential, id: &AccountSessionId) -> Result<()>;

    /// Ends every session but the one that asks.
    async fn end_other_sessions(&self, credential: &Credential) -> Result<()>;

    /// A part of the security log: the newest, or what follows `after`.
    async fn security_log(
        &self,
        credential: &Credential,
        after: Option<&str>,
    ) -> Result<SecurityLogPage>;

    /// What deleting the account means, and what must be typed.
    async fn deletion_terms(&self, credential: &Credential) -> Result<DeletionTerms>;

    /// Deletes the account, for good. `password` is empty where none is asked for.
    async fn delete_account(
        &self,
        credential: &Credential,
        phrase: &str,
        password: &SecretString,
    ) -> Result<()>;
}
