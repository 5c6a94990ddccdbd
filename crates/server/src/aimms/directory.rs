//! Users, groups and environments, to read. Groups are the caller's organizations.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::ENVIRONMENT;
use super::error::{ApiError, ErrorBody};
use super::extract::{Names, UserManager};
use super::query::{Fields, Listed, Listing};
use crate::accounts::{AccountsError, Person};
use crate::guard::Shared;

/// An environment.
#[derive(Serialize, ToSchema)]
pub(super) struct EnvironmentBody {
    account_name: String,
    environment_name: &'static str,
    description: &'static str,
}

impl EnvironmentBody {
    pub(super) fn of(accounts: &Shared) -> Self {
        Self {
            account_name: accounts.account_name().to_owned(),
            environment_name: ENVIRONMENT,
            description: "Everybody on this server",
        }
    }
}

impl Fields for EnvironmentBody {
    const FIELDS: &'static [&'static str] = &["account_name", "environment_name"];
}

impl Listed for EnvironmentBody {
    fn field(&self, index: usize) -> &str {
        match index {
            0 => &self.account_name,
            _ => self.environment_name,
        }
    }
}

/// A group.
#[derive(Serialize, ToSchema)]
pub(super) struct GroupBody {
    account_name: String,
    environment_name: &'static str,
    group_name: String,
    description: &'static str,
}

impl GroupBody {
    fn of(group_name: String, accounts: &Shared) -> Self {
        Self {
            account_name: accounts.account_name().to_owned(),
            environment_name: ENVIRONMENT,
            group_name,
            description: "An organization",
        }
    }
}

impl Fields for GroupBody {
    const FIELDS: &'static [&'static str] = &["account_name", "environment_name", "group_name"];
}

impl Listed for GroupBody {
    fn field(&self, index: usize) -> &str {
        match index {
            0 => &self.account_name,
            1 => self.environment_name,
            _ => &self.group_name,
        }
    }
}

/// A user.
#[derive(Serialize, ToSchema)]
pub(super) struct UserBody {
    account_name: String,
    environment_name: &'static str,
    /// The name with which the user signs in; it cannot be changed.
    user_name: String,
    /// Where to reach the user.
    email: String,
    full_name: String,
    /// Names of groups that the caller belongs to as well.
    groups: Vec<String>,
}

impl UserBody {
    pub(super) fn of(person: Person, accounts: &Shared) -> Self {
        Self {
            account_name: accounts.account_name().to_owned(),
            environment_name: ENVIRONMENT,
            email: person.user.reached_at().to_owned(),
            full_name: person.user.full_name(),
            user_name: person.user.email,
            groups: person.groups,
        }
    }
}

impl Fields for UserBody {
    const FIELDS: &'static [&'static str] = &["account_name", "environment_name", "user_name"];
}

/// The environments of this server: there is one.
#[utoipa::path(
    get, path = "/environment", tag = "directory", params(Listing<EnvironmentBody>),
    responses((status = 200, description = "The environments", body = Vec<EnvironmentBody>)),
)]
pub(super) async fn environments(
    State(accounts): State<Shared>,
    _: UserManager,
    listing: Listing<EnvironmentBody>,
) -> Result<Json<Vec<EnvironmentBody>>, ApiError> {
    let all = vec![EnvironmentBody::of(&accounts)];
    Ok(Json(listing.query.apply(all)))
}

/// One environment.
#[utoipa::path(
    get, path = "/environment/{account_name}/{environment_name}/info", tag = "directory",
    params(
        ("account_name" = String, Path, description = "The account, percent-encoded"),
        ("environment_name" = String, Path, description = "The environment, percent-encoded"),
    ),
    responses(
        (status = 200, description = "The environment", body = EnvironmentBody),
        (status = 404, description = "There is no such environment", body = ErrorBody),
    ),
)]
pub(super) async fn environment_info(
    State(accounts): State<Shared>,
    _: UserManager,
    Names((account, environment)): Names<(String, String)>,
) -> Result<Json<EnvironmentBody>, ApiError> {
    check_environment(&accounts, &account, &environment)?;
    Ok(Json(EnvironmentBody::of(&accounts)))
}

/// The groups of the caller.
#[utoipa::path(
    get, path = "/group", tag = "directory", params(Listing<GroupBody>),
    responses((status = 200, description = "The groups", body = Vec<GroupBody>)),
)]
pub(super) async fn groups(
    State(accounts): State<Shared>,
    UserManager(caller): UserManager,
    listing: Listing<GroupBody>,
) -> Result<Json<Vec<GroupBody>>, ApiError> {
    let names = accounts.groups(&caller).await?;
    let all = names.into_iter().map(|name| GroupBody::of(name, &accounts));
    Ok(Json(listing.query.apply(all.collect())))
}

/// One group of the caller.
#[utoipa::path(
    get, path = "/group/{account_name}/{environment_name}/{group_name}/info", tag = "directory",
    params(
        ("account_name" = String, Path, description = "The account, percent-encoded"),
        ("environment_name" = String, Path, description = "The environment, percent-encoded"),
        ("group_name" = String, Path, description = "The group, percent-encoded"),
    ),
    responses(
        (status = 200, description = "The group", body = GroupBody),
        (status = 404, description = "There is no such group", body = ErrorBody),
    ),
)]
pub(super) async fn group_info(
    State(accounts): State<Shared>,
    UserManager(caller): UserManager,
    Names((account, environment, group)): Names<(String, String, String)>,
) -> Result<Json<GroupBody>, ApiError> {
    let names = accounts.groups(&caller).await?;
    check_environment(&accounts, &account, &environment)?;
    let name = names.into_iter().find(|name| *name == group);
    let name = name.ok_or(AccountsError::NotFound)?;
    Ok(Json(GroupBody::of(name, &accounts)))
}

/// The active users whom you may see.
#[utoipa::path(
    get, path = "/user", tag = "directory", params(Listing<UserBody>),
    responses((status = 200, description = "The users", body = Vec<UserBody>)),
)]
pub(super) async fn users(
    State(accounts): State<Shared>,
    UserManager(caller): UserManager,
    listing: Listing<UserBody>,
) -> Result<Json<Vec<UserBody>>, ApiError> {
    let shared = [accounts.account_name(), ENVIRONMENT];
    let people = match listing.query.of_people(&shared) {
        Some(query) => accounts.people(&caller, query).await?,
        None => Vec::new(),
    };
    let people = people.into_iter().map(|one| UserBody::of(one, &accounts));
    Ok(Json(people.collect()))
}

/// One active user.
#[utoipa::path(
    get, path = "/user/{account_name}/{environment_name}/{user_name}/info", tag = "directory",
    params(
        ("account_name" = String, Path, description = "The account, percent-encoded"),
        ("environment_name" = String, Path, description = "The environment, percent-encoded"),
        ("user_name" = String, Path, description = "The user, percent-encoded"),
    ),
    responses(
        (status = 200, description = "The user", body = UserBody),
        (status = 404, description = "There is no such user", body = ErrorBody),
    ),
)]
pub(super) async fn user_info(
    State(accounts): State<Shared>,
    UserManager(caller): UserManager,
    Names((account, environment, user)): Names<(String, String, String)>,
) -> Result<Json<UserBody>, ApiError> {
    let person = accounts.person(&caller, &user).await?;
    check_environment(&accounts, &account, &environment)?;
    Ok(Json(UserBody::of(person, &accounts)))
}

fn check_environment(
    accounts: &Shared,
    account_name: &str,
    environment_name: &str,
) -> Result<(), AccountsError> {
    if account_name == accounts.account_name() && environment_name == ENVIRONMENT {
        Ok(())
    } else {
        Err(AccountsError::NotFound)
    }
}
