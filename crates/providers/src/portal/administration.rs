//! [`Administration`] and [`Organizations`] on a portal.

use async_trait::async_trait;
use keydesk_core::administration::{NewUser, User, UserEdit, UserId, UserPage, UserQuery};
use keydesk_core::credential::Credential;
use keydesk_core::organization::Organization;
use keydesk_core::provider::{Administration, Organizations};
use keydesk_core::{Error, ErrorCode, Provider, Result};
use keydesk_vault::SecretString;
use reqwest::header::{HeaderValue, IF_MATCH};
use serde_json::{Value, json};

use super::call::Call;
use super::lists::{self, Part};
use super::operations::Name;
use super::provider::PortalProvider;
use super::repetition::{IDEMPOTENCY_KEY, Wish};
use super::wire;

#[async_trait]
impl Administration for PortalProvider {
    async fn users(&self, credential: &Credential, query: &UserQuery) -> Result<UserPage> {
        let mut asked = lists::query(query.next.as_deref());
        let search = query.search.trim();
        if !search.is_empty() {
            asked.push(("search", search.to_owned()));
        }
        let call = Call::by(Name::ListUsers, credential).query(&asked);
        let read = |body: &Value| Part::read(body, wire::user);
        let part = self.api.read(&call, "no list of users", read).await?;
        Ok(UserPage {
            users: part.items,
            total: part.total,
            next: part.next,
            server_time: self.clock().now(),
        })
    }

    async fn create_user(&self, credential: &Credential, new: &NewUser) -> Result<User> {
        let roles = new.roles.iter().map(String::as_str);
        let what = [
            "user",
            &new.email,
            &new.display_name,
            new.password.expose().as_str(),
        ];
        let wish = Wish::of(what.into_iter().chain(roles));
        let call = Call::by(Name::CreateUser, credential)
            .header(IDEMPOTENCY_KEY, self.open.begin(wish)?)
            .field("email", new.email.as_str())
            .field("displayName", new.display_name.as_str())
            .secret_field("password", &new.password)
            .field("roles", json!(new.roles));
        let mut created = self.api.read(&call, "no user", wire::user).await;
        if created
            .as_ref()
            .is_err_and(|error| error.code == ErrorCode::OutcomeUnknown)
        {
            // With the same key the server answers again and makes no second one.
            created = self.api.read(&call, "no user", wire::user).await;
        }
        self.open.end(wish, &created);
        created
    }

    async fn edit_user(
        &self,
        credential: &Credential,
        id: &UserId,
        edit: &UserEdit,
    ) -> Result<User> {
        // The server names states by entity tags, which a list does not have: the edit is made
        // where the account still is as the row showed it, and only there.
        let now = Call::by(Name::ReadUser, credential).on(&id.0);
        let reply = self.api.ask(&now).await?;
        let user =
            wire::user(reply.body()).ok_or_else(|| self.api.unexpected(&now, &reply, "no user"))?;
        if user.version != edit.version {
            return Err(Error::new(
                ErrorCode::Conflict,
                "someone else has changed this user",
            ));
        }
        let (renames, regroups) = (
            edit.display_name != user.display_name,
            !same_roles(&edit.roles, &user.roles),
        );
        if !renames && !regroups && edit.active == user.active {
            return Ok(user);
        }
        let tag = reply.answer.entity_tag.as_deref();
        let tag = tag
            .and_then(|tag| HeaderValue::from_str(tag).ok())
            .ok_or_else(|| self.api.unexpected(&now, &reply, "no entity tag"))?;
        let mut call = Call::by(Name::EditUser, credential)
            .on(&id.0)
            .header(IF_MATCH, tag);
        // Only what changes: one may edit a name where one may not touch roles.
        if renames {
            call = call.field("displayName", edit.display_name.as_str());
        }
        if regroups {
            call = call.field("roles", json!(edit.roles));
        }
        if edit.active != user.active {
            call = call.field("status", if edit.active { "active" } else { "inactive" });
        }
        self.api.read(&call, "no user", wire::user).await
    }

    async fn reset_user_password(
        &self,
        credential: &Credential,
        id: &UserId,
        new: &SecretString,
    ) -> Result<()> {
        let call = Call::by(Name::ResetUserPassword, credential)
            .on(&id.0)
            .secret_field("newPassword", new);
        self.api.ask(&call).await.map(drop)
    }

    async fn delete_user(&self, credential: &Credential, id: &UserId) -> Result<()> {
        self.open.end_all();
        let call = Call::by(Name::DeleteUser, credential).on(&id.0);
        match self.api.ask(&call).await {
            Err(gone) if gone.code == ErrorCode::NotFound => Ok(()),
            outcome => outcome.map(drop),
        }
    }
}

#[async_trait]
impl Organizations for PortalProvider {
    async fn organizations(&self, credential: &Credential) -> Result<Vec<Organization>> {
        let call = || Call::by(Name::ListOrganizations, credential);
        let mut all = lists::all(&self.api, call, wire::organization).await?;
        all.sort_by_cached_key(|organization| organization.name.to_lowercase());
        Ok(all)
    }
}

fn same_roles(one: &[String], other: &[String]) -> bool {
    let sorted = |roles: &[String]| {
        let mut roles = roles.to_vec();
        roles.sort_unstable();
        roles
    };
    sorted(one) == sorted(other)
}
