//! What only some servers have: a second factor, deletion, organizations, users.

use async_trait::async_trait;
use keydesk_core::account_security::{
    AccountSession, AccountSessionId, Consequence, ConsequenceKind, DeletionTerms, SecurityLogPage,
};
use keydesk_core::administration::{NewUser, User, UserEdit, UserId, UserPage, UserQuery};
use keydesk_core::credential::Credential;
use keydesk_core::organization::Organization;
use keydesk_core::provider::{Administration, Organizations, Security};
use keydesk_core::second_factor::{Enrolment, Proof, SecondFactor};
use keydesk_core::time::Timestamp;
use keydesk_core::{Error, ErrorCode, Field, Result};
use keydesk_vault::SecretString;

use super::{FakeServer, PHRASE, ServerState};

/// The code with which a second factor is set up.
pub(crate) const CODE: &str = "123456";

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn check_password(state: &ServerState, password: &SecretString) -> Result<()> {
    if *password.expose() == state.password {
        return Ok(());
    }
    Err(Error::new(ErrorCode::CurrentPasswordWrong, "wrong").in_field(Field::CurrentPassword))
}

fn check_code(expected: &str, code: &SecretString) -> Result<()> {
    if code.expose() == expected {
        return Ok(());
    }
    Err(Error::new(ErrorCode::SecondFactorRefused, "wrong").in_field(Field::Code))
}

fn check_proof(state: &ServerState, proof: &Proof) -> Result<()> {
    check_password(state, &proof.password)?;
    check_code(state.code.as_deref().unwrap_or_default(), &proof.code)
}

fn find<'a>(state: &'a mut ServerState, id: &UserId) -> Result<&'a mut User> {
    let found = state.users.iter_mut().find(|user| user.id == *id);
    found.ok_or_else(|| Error::new(ErrorCode::NotFound, "gone"))
}

#[async_trait]
impl Security for FakeServer {
    async fn second_factor(&self, credential: &Credential) -> Result<SecondFactor> {
        self.signed_in("second_factor", credential, |state| {
            Ok(SecondFactor {
                enabled: state.code.is_some(),
                since: None,
                recovery_codes_left: None,
            })
        })
        .await
    }

    async fn begin_second_factor(
        &self,
        credential: &Credential,
        proof: &Proof,
    ) -> Result<Enrolment> {
        self.signed_in("begin_second_factor", credential, |state| {
            check_password(state, &proof.password)?;
            if let Some(code) = &state.code {
                check_code(code, &proof.code)?;
            }
            Ok(Enrolment {
                uri: secret("otpauth://totp/x?secret=CANARY"),
                secret: secret("CANARY"),
            })
        })
        .await
    }

    async fn confirm_second_factor(
        &self,
        credential: &Credential,
        code: &SecretString,
    ) -> Result<Vec<SecretString>> {
        self.signed_in("confirm_second_factor", credential, |state| {
            check_code(CODE, code)?;
            state.code = Some(CODE.into());
            Ok(vec![secret("recovery-1")])
        })
        .await
    }

    async fn remove_second_factor(&self, credential: &Credential, proof: &Proof) -> Result<()> {
        self.signed_in("remove_second_factor", credential, |state| {
            check_proof(state, proof)?;
            state.code = None;
            Ok(())
        })
        .await
    }

    async fn replace_recovery_codes(
        &self,
        credential: &Credential,
        proof: &Proof,
    ) -> Result<Vec<SecretString>> {
        self.signed_in("replace_recovery_codes", credential, |state| {
            check_proof(state, proof)?;
            Ok(vec![secret("recovery-2")])
        })
        .await
    }

    async fn sessions(&self, credential: &Credential) -> Result<Vec<AccountSession>> {
        self.signed_in("sessions", credential, |_| Ok(Vec::new()))
            .await
    }

    async fn end_session(&self, credential: &Credential, _id: &AccountSessionId) -> Result<()> {
        self.signed_in("end_session", credential, |_| Ok(())).await
    }

    async fn end_other_sessions(&self, credential: &Credential) -> Result<()> {
        self.signed_in("end_other_sessions", credential, |_| Ok(()))
            .await
    }

    async fn security_log(
        &self,
        credential: &Credential,
        _after: Option<&str>,
    ) -> Result<SecurityLogPage> {
        self.signed_in("security_log", credential, |_| {
            Ok(SecurityLogPage {
                events: Vec::new(),
                next: None,
            })
        })
        .await
    }

    async fn deletion_terms(&self, credential: &Credential) -> Result<DeletionTerms> {
        self.signed_in("deletion_terms", credential, |_| {
            Ok(DeletionTerms {
                consequences: vec![Consequence {
                    kind: ConsequenceKind::Account,
                    text: "Your account".into(),
                    count: None,
                }],
                phrase: PHRASE.into(),
                asks_for_password: true,
            })
        })
        .await
    }

    async fn delete_account(
        &self,
        credential: &Credential,
        _phrase: &str,
        password: &SecretString,
    ) -> Result<()> {
        self.signed_in("delete_account", credential, |state| {
            check_password(state, password)?;
            state.deleted = true;
            state.tokens.clear();
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl Administration for FakeServer {
    async fn users(&self, credential: &Credential, _query: &UserQuery) -> Result<UserPage> {
        self.signed_in("users", credential, |state| {
            Ok(UserPage {
                users: state.users.clone(),
                total: None,
                next: None,
                server_time: Timestamp::now(),
            })
        })
        .await
    }

    async fn create_user(&self, credential: &Credential, new: &NewUser) -> Result<User> {
        self.signed_in("create_user", credential, |state| {
            let user = User {
                id: UserId(new.email.clone()),
                email: new.email.clone(),
                display_name: new.display_name.clone(),
                roles: new.roles.clone(),
                active: true,
                last_login: None,
                is_self: false,
                version: "1".into(),
            };
            state.users.push(user.clone());
            Ok(user)
        })
        .await
    }

    async fn edit_user(
        &self,
        credential: &Credential,
        id: &UserId,
        edit: &UserEdit,
    ) -> Result<User> {
        self.signed_in("edit_user", credential, |state| {
            let user = find(state, id)?;
            if user.version != edit.version {
                return Err(Error::new(ErrorCode::Conflict, "changed meanwhile"));
            }
            user.display_name.clone_from(&edit.display_name);
            user.roles.clone_from(&edit.roles);
            user.active = edit.active;
            user.version.push('1');
            Ok(user.clone())
        })
        .await
    }

    async fn reset_user_password(
        &self,
        credential: &Credential,
        id: &UserId,
        new: &SecretString,
    ) -> Result<()> {
        self.signed_in("reset_user_password", credential, |state| {
            find(state, id)?;
            state.reset_to = Some(new.expose().clone());
            Ok(())
        })
        .await
    }

    async fn delete_user(&self, credential: &Credential, id: &UserId) -> Result<()> {
        self.signed_in("delete_user", credential, |state| {
            state.users.retain(|user| user.id != *id);
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl Organizations for FakeServer {
    async fn organizations(&self, credential: &Credential) -> Result<Vec<Organization>> {
        self.signed_in("organizations", credential, |state| {
            Ok(state.organizations.clone())
        })
        .await
    }
}
