//! [`Security`] on a portal: second factor, sessions, log, deletion.

use async_trait::async_trait;
use keydesk_core::account_security::{
    AccountSession, AccountSessionId, DeletionTerms, SecurityLogPage,
};
use keydesk_core::credential::Credential;
use keydesk_core::profile::LoginType;
use keydesk_core::provider::Security;
use keydesk_core::second_factor::{Enrolment, Proof, SecondFactor};
use keydesk_core::{Error, ErrorCode, Result};
use keydesk_vault::SecretString;
use serde_json::Value;

use super::call::Call;
use super::lists::{self, Part};
use super::operations::Name;
use super::provider::PortalProvider;
use super::{profile, security_wire};

#[async_trait]
impl Security for PortalProvider {
    async fn second_factor(&self, credential: &Credential) -> Result<SecondFactor> {
        let call = Call::by(Name::ReadSecondFactor, credential);
        let read = self
            .api
            .read(&call, "no second factor", security_wire::second_factor);
        read.await
    }

    async fn begin_second_factor(
        &self,
        credential: &Credential,
        proof: &Proof,
    ) -> Result<Enrolment> {
        let call = with_proof(Name::BeginSecondFactor, credential, proof);
        self.api
            .read(&call, "no enrolment", security_wire::enrolment)
            .await
    }

    async fn confirm_second_factor(
        &self,
        credential: &Credential,
        code: &SecretString,
    ) -> Result<Vec<SecretString>> {
        let call = Call::by(Name::ConfirmSecondFactor, credential).secret_field("code", code);
        let read = self
            .api
            .read(&call, "no recovery codes", security_wire::recovery_codes);
        read.await
    }

    async fn remove_second_factor(&self, credential: &Credential, proof: &Proof) -> Result<()> {
        let call = with_proof(Name::RemoveSecondFactor, credential, proof);
        self.api.ask(&call).await.map(drop)
    }

    async fn replace_recovery_codes(
        &self,
        credential: &Credential,
        proof: &Proof,
    ) -> Result<Vec<SecretString>> {
        let call = with_proof(Name::ReplaceRecoveryCodes, credential, proof);
        let read = self
            .api
            .read(&call, "no recovery codes", security_wire::recovery_codes);
        read.await
    }

    async fn sessions(&self, credential: &Credential) -> Result<Vec<AccountSession>> {
        let call = || Call::by(Name::ListSessions, credential);
        let mut sessions = lists::all(&self.api, call, security_wire::session).await?;
        sessions
            .sort_by_key(|session| std::cmp::Reverse(session.last_used.or(Some(session.created))));
        Ok(sessions)
    }

    async fn end_session(&self, credential: &Credential, id: &AccountSessionId) -> Result<()> {
        let call = Call::by(Name::EndSession, credential).on(&id.0);
        match self.api.ask(&call).await {
            Err(ended) if ended.code == ErrorCode::NotFound => Ok(()),
            outcome => outcome.map(drop),
        }
    }

    async fn end_other_sessions(&self, credential: &Credential) -> Result<()> {
        let call = Call::by(Name::EndOtherSessions, credential);
        self.api.ask(&call).await.map(drop)
    }

    async fn security_log(
        &self,
        credential: &Credential,
        after: Option<&str>,
    ) -> Result<SecurityLogPage> {
        let query = lists::query(after);
        let call = Call::by(Name::SecurityLog, credential).query(&query);
        let read = |body: &Value| Part::read(body, security_wire::security_event);
        let part = self.api.read(&call, "no log", read).await?;
        Ok(SecurityLogPage {
            events: part.items,
            next: part.next,
        })
    }

    async fn deletion_terms(&self, credential: &Credential) -> Result<DeletionTerms> {
        let call = Call::by(Name::DeletionTerms, credential);
        let reply = self.api.ask(&call).await?;
        let body = reply.body();
        if body.get("allowed").and_then(Value::as_bool) == Some(false) {
            return Err(not_allowed(body.get("reason").and_then(Value::as_str)));
        }
        let phrase = body.get("phrase").and_then(Value::as_str);
        let (Some(phrase), Some(consequences)) = (phrase, security_wire::consequences(body)) else {
            return Err(self.api.unexpected(&call, &reply, "no terms"));
        };
        // An account that signs in elsewhere has no password to prove itself with.
        let account = profile::read(&self.api, credential).await?;
        Ok(DeletionTerms {
            consequences,
            phrase: phrase.to_owned(),
            asks_for_password: account.profile.login_type == LoginType::Password,
        })
    }

    async fn delete_account(
        &self,
        credential: &Credential,
        phrase: &str,
        password: &SecretString,
    ) -> Result<()> {
        let mut call = Call::by(Name::DeleteAccount, credential).field("phrase", phrase);
        if !password.is_empty() {
            call = call.secret_field("password", password);
        }
        self.api.ask(&call).await.map(drop)
    }
}

fn with_proof<'a>(name: Name, credential: &'a Credential, proof: &'a Proof) -> Call<'a> {
    let call = Call::by(name, credential).secret_field("password", &proof.password);
    if proof.code.is_empty() {
        return call; // there is no second factor yet
    }
    call.secret_field("code", &proof.code)
}

fn not_allowed(reason: Option<&str>) -> Error {
    match reason {
        Some("last-owner" | "last-super-admin") => Error::new(
            ErrorCode::LastOfItsKind,
            "nobody would be left who can do this",
        ),
        _ => Error::new(ErrorCode::Forbidden, "this account cannot be deleted"),
    }
}
