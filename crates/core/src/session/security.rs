//! The safety of the account: second factor, sessions, log, deletion.
//!
//! Not here: the password (`account`), signing in and out (`signing`).

use keydesk_vault::SecretString;

use super::account::{is_uncertain, require};
use super::{DeletedAccount, Session};
use crate::account_security::{AccountSession, AccountSessionId, DeletionTerms, SecurityLogPage};
use crate::capabilities::Capabilities;
use crate::credential::Credential;
use crate::provider::Security;
use crate::second_factor::{Enrolment, Proof, SecondFactor, typed_code};
use crate::{Error, ErrorCode, Field, Result};

impl Session {
    /// The account's second factor.
    pub async fn second_factor(&self) -> Result<SecondFactor> {
        let security = self.security()?;
        self.call(|credential| async move { security.second_factor(&credential).await })
            .await
    }

    /// Begins to set up a second factor; nothing is in force until it is confirmed. Where one is in
    /// force, the new one takes its place: then the server asks for a code of the old one.
    pub async fn begin_second_factor(&self, proof: Proof) -> Result<Enrolment> {
        let security = self.security()?;
        let rules = self.known_capabilities().await?.second_factor;
        require(rules.manage)?;
        let proof = with_password(proof, rules.asks_for_password)?;
        let code = code_if_any(&proof.code)?;
        let proof = &Proof { code, ..proof };
        self.call(
            |credential| async move { security.begin_second_factor(&credential, proof).await },
        )
        .await
    }

    /// Puts the second factor in force. Answers with recovery codes, where there are any.
    pub async fn confirm_second_factor(&self, code: &SecretString) -> Result<Vec<SecretString>> {
        let security = self.security()?;
        let code = &typed_code(code)?;
        self.call(
            |credential| async move { security.confirm_second_factor(&credential, code).await },
        )
        .await
    }

    /// Removes the second factor.
    pub async fn remove_second_factor(&self, proof: Proof) -> Result<()> {
        let security = self.security()?;
        let rules = self.known_capabilities().await?.second_factor;
        require(rules.removal)?;
        let proof = &checked(proof, rules.asks_for_password)?;
        self.call(
            |credential| async move { security.remove_second_factor(&credential, proof).await },
        )
        .await
    }

    /// Replaces the recovery codes.
    pub async fn replace_recovery_codes(&self, proof: Proof) -> Result<Vec<SecretString>> {
        let security = self.security()?;
        let rules = self.known_capabilities().await?.second_factor;
        require(rules.manage)?;
        let proof = &checked(proof, rules.asks_for_password)?;
        self.call(
            |credential| async move { security.replace_recovery_codes(&credential, proof).await },
        )
        .await
    }

    /// Where the account is signed in.
    pub async fn account_sessions(&self) -> Result<Vec<AccountSession>> {
        let security = self.security()?;
        require(self.known_capabilities().await?.sessions)?;
        self.call(|credential| async move { security.sessions(&credential).await })
            .await
    }

    /// Ends one of the account's sessions.
    pub async fn end_account_session(&self, id: &AccountSessionId) -> Result<()> {
        let security = self.security()?;
        self.call_repeatable(
            |credential| async move { security.end_session(&credential, id).await },
        )
        .await
    }

    /// Ends every session of the account but this one.
    pub async fn end_other_sessions(&self) -> Result<()> {
        let security = self.security()?;
        self.call_repeatable(
            |credential| async move { security.end_other_sessions(&credential).await },
        )
        .await
    }

    /// A part of the security log: the newest, or what follows `after`.
    pub async fn security_log(&self, after: Option<&str>) -> Result<SecurityLogPage> {
        let security = self.security()?;
        require(self.known_capabilities().await?.security_log)?;
        self.call(|credential| async move { security.security_log(&credential, after).await })
            .await
    }

    /// What deleting the account means, and what must be typed.
    pub async fn deletion_terms(&self) -> Result<DeletionTerms> {
        let security = self.security()?;
        require(self.known_capabilities().await?.deletion)?;
        self.call(|credential| async move { security.deletion_terms(&credential).await })
            .await
    }

    /// Deletes the account on its server, for good, under the terms as they are now. Here it is
    /// then signed out, without asking the server again. An error means that the account is still
    /// there, but for [`ErrorCode::OutcomeUnknown`] and the like; a keyring that fails is none.
    pub async fn delete_account(
        &self,
        phrase: &str,
        password: &SecretString,
    ) -> Result<DeletedAccount> {
        let security = self.security()?;
        let terms = self.deletion_terms().await?;
        if phrase != terms.phrase {
            return Err(
                Error::new(ErrorCode::PhraseMismatch, "the phrase is another one")
                    .in_field(Field::Phrase),
            );
        }
        if terms.asks_for_password && password.is_empty() {
            return Err(missing(Field::CurrentPassword));
        }
        self.call(|credential| async move {
            match security.delete_account(&credential, phrase, password).await {
                Err(lost) if is_uncertain(lost.code) => {
                    self.find_out_about_deletion(&credential, lost).await
                }
                answer => answer,
            }
        })
        .await?;
        self.state().sign_out();
        let left_in_keyring = self
            .forget_all()
            .await
            .err()
            .map(|error| Error::from(error).code);
        Ok(DeletedAccount { left_in_keyring })
    }

    /// The answer to a deletion was lost. The credential was accepted a moment ago: where it is
    /// refused now, its account is gone.
    async fn find_out_about_deletion(&self, credential: &Credential, lost: Error) -> Result<()> {
        match self.verify(credential).await {
            Err(error) if error.asks_for_sign_in() => Ok(()),
            Err(_) => Err(lost),
            Ok(()) => Err(Error::new(
                ErrorCode::ConnectionFailed,
                "the connection broke and the account was not deleted",
            )),
        }
    }

    fn security(&self) -> Result<&dyn Security> {
        self.provider
            .security()
            .ok_or_else(|| Error::new(ErrorCode::NotSupported, "this server has none of it"))
    }

    async fn known_capabilities(&self) -> Result<Capabilities> {
        Ok(self.known_account().await?.capabilities)
    }
}

/// The proof with what is asked for in it, and the code as it is sent.
fn checked(proof: Proof, asks_for_password: bool) -> Result<Proof> {
    let proof = with_password(proof, asks_for_password)?;
    Ok(Proof {
        code: typed_code(&proof.code)?,
        ..proof
    })
}

fn with_password(proof: Proof, asks_for_password: bool) -> Result<Proof> {
    if asks_for_password && proof.password.is_empty() {
        return Err(missing(Field::CurrentPassword));
    }
    Ok(proof)
}

/// The code as it is sent; empty where none was typed.
fn code_if_any(typed: &SecretString) -> Result<SecretString> {
    if typed.expose().trim().is_empty() {
        return Ok(SecretString::from(String::new()));
    }
    typed_code(typed)
}

fn missing(field: Field) -> Error {
    Error::new(ErrorCode::Required, "a required field is empty").in_field(field)
}
