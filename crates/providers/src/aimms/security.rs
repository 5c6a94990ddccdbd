//! MFA by authenticator app. Assumed throughout; offered only where the service describes it.
//!
//! Not here: what this service does not have (sessions, a log, deletion of the account).

use async_trait::async_trait;
use keydesk_core::account_security::{
    AccountSession, AccountSessionId, DeletionTerms, SecurityLogPage,
};
use keydesk_core::credential::Credential;
use keydesk_core::provider::Security;
use keydesk_core::second_factor::{Enrolment, Proof, SecondFactor};
use keydesk_core::{Error, ErrorCode, Result};
use keydesk_vault::SecretString;

use super::call::Call;
use super::operations::Name;
use super::provider::AimmsProvider;
use super::wire::{self, Mfa};

impl AimmsProvider {
    /// How MFA stands.
    pub(super) async fn mfa(&self, credential: &Credential) -> Result<Mfa> {
        let call = Call::by(Name::ReadMfa, credential);
        let reply = self.api.ask(&call).await?;
        wire::mfa(reply.value()).ok_or_else(|| self.api.unexpected(&call, &reply, "no word on MFA"))
    }
}

fn with_proof<'a>(name: Name, credential: &'a Credential, proof: &'a Proof) -> Call<'a> {
    let call = Call::by(name, credential).secret_field("password", &proof.password);
    if proof.code.is_empty() {
        return call; // there is no MFA yet
    }
    call.secret_field("code", &proof.code)
}

fn none_of_it() -> Error {
    Error::new(ErrorCode::NotSupported, "the service has none of it")
}

#[async_trait]
impl Security for AimmsProvider {
    async fn second_factor(&self, credential: &Credential) -> Result<SecondFactor> {
        let mfa = self.mfa(credential).await?;
        Ok(SecondFactor {
            enabled: mfa.enabled,
            since: None,
            recovery_codes_left: None,
        })
    }

    async fn begin_second_factor(
        &self,
        credential: &Credential,
        proof: &Proof,
    ) -> Result<Enrolment> {
        let call = with_proof(Name::StartMfa, credential, proof);
        let reply = self.api.ask(&call).await?;
        wire::enrolment(reply.value()).ok_or_else(|| {
            self.api
                .unexpected(&call, &reply, "nothing for an app to learn")
        })
    }

    async fn confirm_second_factor(
        &self,
        credential: &Credential,
        code: &SecretString,
    ) -> Result<Vec<SecretString>> {
        let call = Call::by(Name::ConfirmMfa, credential).secret_field("code", code);
        let reply = self.api.ask(&call).await?;
        Ok(wire::recovery_codes(reply.value()))
    }

    async fn remove_second_factor(&self, credential: &Credential, proof: &Proof) -> Result<()> {
        let call = with_proof(Name::RemoveMfa, credential, proof);
        self.api.ask(&call).await.map(drop)
    }

    async fn replace_recovery_codes(
        &self,
        _credential: &Credential,
        _proof: &Proof,
    ) -> Result<Vec<SecretString>> {
        Err(none_of_it())
    }

    async fn sessions(&self, _credential: &Credential) -> Result<Vec<AccountSession>> {
        Err(none_of_it())
    }

    async fn end_session(&self, _credential: &Credential, _id: &AccountSessionId) -> Result<()> {
        Err(none_of_it())
    }

    async fn end_other_sessions(&self, _credential: &Credential) -> Result<()> {
        Err(none_of_it())
    }

    async fn security_log(
        &self,
        _credential: &Credential,
        _after: Option<&str>,
    ) -> Result<SecurityLogPage> {
        Err(none_of_it())
    }

    async fn deletion_terms(&self, _credential: &Credential) -> Result<DeletionTerms> {
        Err(none_of_it())
    }

    async fn delete_account(
        &self,
        _credential: &Credential,
        _phrase: &str,
        _password: &SecretString,
    ) -> Result<()> {
        Err(none_of_it())
    }
}
