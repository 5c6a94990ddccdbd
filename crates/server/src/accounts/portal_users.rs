//! The users of the admin portal, as each other's administrators: every account that has a
//! role there. Who belongs to organizations alone is not among them.
//!
//! Who may do what is in `permissions`. Besides: nobody changes their own role or status,
//! resets or deletes themselves; only a super-admin touches one; the last one stays.

use rusqlite::{Connection, Transaction};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::cursors::{CursorRequest, Slice};
use super::deletion;
use super::error::{AccountsError, Field, Problem};
use super::idempotency::Made;
use super::password_policy::PasswordPolicy;
use super::profiles::{DISPLAY_NAME, MAX_NAME_CHARS};
use super::text;
use super::{Accounts, Caller, Expected, Repeatable};
use crate::auth::random_hex;
use crate::clock::UnixMillis;
use crate::comparison::comparable;
use crate::store::users::{self, Profile, User};
use crate::store::{StoreError, login_failures, portal_roles, security_log, sessions};
use crate::vocabulary::{Named, PortalRole, SecurityEvent};

/// What IDMP calls the role of such an account; nothing depends on it.
const IDMP_ROLE: &str = "user";

/// A user of the admin portal as others see them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PortalUser {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) display_name: String,
    /// Names of roles.
    pub(crate) roles: Vec<String>,
    pub(crate) active: bool,
    pub(crate) last_login_time: Option<UnixMillis>,
    /// Rises with every change.
    pub(crate) version: i64,
}

impl From<User> for PortalUser {
    fn from(user: User) -> Self {
        Self {
            display_name: user.full_name(),
            roles: names_of(&user.portal_roles),
            id: user.id,
            email: user.email,
            active: user.active,
            last_login_time: user.last_login_time,
            version: user.version,
        }
    }
}

impl Made for PortalUser {
    fn is_still_there(&self, connection: &Connection) -> Result<bool, StoreError> {
        Ok(users::by_id(connection, &self.id)?.is_some_and(|user| is_of_the_portal(&user)))
    }
}

/// A user to be made, as it is asked for.
pub(crate) struct NewPortalUser {
    pub(crate) email: String,
    pub(crate) display_name: String,
    pub(crate) password: Zeroizing<String>,
    /// Names of roles, as they came.
    pub(crate) roles: Vec<String>,
}

/// A change of a user. What is absent stays.
#[derive(Default)]
pub(crate) struct UserChange {
    pub(crate) display_name: Option<String>,
    /// Names of roles, as they came.
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) active: Option<bool>,
}

impl Accounts {
    /// The users whose email or display name holds this text, however it is typed, in the
    /// order of their emails; and how many there are in all.
    pub(crate) async fn portal_users(
        &self,
        caller: &Caller,
        search: &str,
        request: CursorRequest,
    ) -> Result<(Slice<PortalUser>, u64), AccountsError> {
        caller.may_view_users()?;
        let wanted = comparable(search);
        let name = "users of the portal";
        let seen: Option<String> = self.position(name, &request)?;
        let limit = request.rows_to_read();
        let (rows, total) = self
            .store
            .read(move |connection| {
                let rows = users::of_the_portal(connection, &wanted, seen.as_deref(), limit)?;
                let total = users::count_of_the_portal(connection, &wanted)?;
                Ok::<_, StoreError>((rows, total))
            })
            .await?;
        let slice = self.slice(name, &request, rows, |(key, _): &(String, User)| {
            key.clone()
        })?;
        let users = Slice {
            items: slice
                .items
                .into_iter()
                .map(|(_, user)| user.into())
                .collect(),
            next: slice.next,
        };
        Ok((users, total))
    }

    /// One user.
    pub(crate) async fn portal_user(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<PortalUser, AccountsError> {
        caller.may_view_users()?;
        let id = id.to_owned();
        let user = self.store.read(move |connection| find(connection, &id));
        Ok(user.await?.into())
    }

    /// Makes a user.
    pub(crate) async fn create_portal_user(
        &self,
        caller: &Caller,
        new: NewPortalUser,
        repeatable: Option<Repeatable>,
    ) -> Result<PortalUser, AccountsError> {
        caller.may_administer_users()?;
        let memory = self.memory(caller, repeatable);
        if let Some(made) = self.made_before(&memory).await? {
            return Ok(made);
        }
        let email = text::email(&new.email)?;
        let display_name = DISPLAY_NAME.apply(&new.display_name)?;
        let portal_roles = roles_of(&new.roles)?;
        let profile = profile_of(&display_name);
        let personal = [&email, &profile.first_name, &profile.last_name];
        self.check_new_password(
            PasswordPolicy::Portal,
            &new.password,
            personal.map(Clone::clone),
        )
        .await?;
        let turn = self.hashing.turn().await?;
        let password_hash = self.hashing.hash(turn, &new.password).await?;
        let login_name = self.login_name(&email);
        let user = User {
            id: random_hex::<10>()?,
            email,
            profile,
            role: IDMP_ROLE.to_owned(),
            password_hash: Some(password_hash),
            active: true,
            create_time: self.now(),
            display_name,
            contact_email: String::new(),
            last_login_time: None,
            version: 1,
            portal_roles,
        };
        let maker = caller.user.id.clone();
        self.store
            .write(move |transaction| {
                memory.once(transaction, || {
                    check_has_role(transaction, &maker, &[PortalRole::SuperAdmin])?;
                    if !users::insert(transaction, &user, &login_name)? {
                        return Err(AccountsError::EmailTaken);
                    }
                    Ok(find(transaction, &user.id)?.into())
                })
            })
            .await
    }

    /// Changes a user, as far as they are still in a version that is expected.
    pub(crate) async fn edit_portal_user(
        &self,
        caller: &Caller,
        id: &str,
        change: UserChange,
        expected: Expected,
    ) -> Result<PortalUser, AccountsError> {
        caller.may_edit_users()?;
        let display_name = change
            .display_name
            .map(|name| DISPLAY_NAME.apply(&name))
            .transpose()?;
        let roles = change.roles.map(|roles| roles_of(&roles)).transpose()?;
        let editor = caller.user.id.clone();
        let (id, client, now) = (id.to_owned(), caller.client.clone(), self.now());
        self.store
            .write(move |transaction| {
                let before = find(transaction, &id)?;
                expected.check(before.version)?;
                let mut after = before.clone();
                if let Some(name) = display_name {
                    after.take_display_name(name);
                }
                set(&mut after.portal_roles, roles);
                set(&mut after.active, change.active);
                check_edit(transaction, &editor, &before, &after)?;
                write_edit(transaction, &before, &after)?;
                if before.portal_roles != after.portal_roles {
                    let event = SecurityEvent::RoleChanged;
                    let subject = names_of(&after.portal_roles).join(", ");
                    security_log::record(transaction, &id, now, event, &client, &subject)?;
                }
                if before.full_name() != after.full_name() {
                    let event = SecurityEvent::ProfileChanged;
                    security_log::record(transaction, &id, now, event, &client, "")?;
                }
                Ok(find(transaction, &id)?.into())
            })
            .await
    }

    /// Sets a password for a user who forgot it. Their sessions end.
    pub(crate) async fn reset_portal_password(
        &self,
        caller: &Caller,
        id: &str,
        new: Zeroizing<String>,
    ) -> Result<(), AccountsError> {
        caller.may_administer_users()?;
        check_is_another(caller, id)?;
        let id = id.to_owned();
        let user = self.store.read(move |connection| find(connection, &id));
        let (user, client) = (user.await?, caller.client.clone());
        let (resetter, policy) = (caller.user.id.clone(), PasswordPolicy::Portal);
        self.reset_password(user, new, policy, client, move |transaction, user| {
            check_has_role(transaction, &resetter, &[PortalRole::SuperAdmin])?;
            find(transaction, &user.id).map(drop)
        })
        .await
    }

    /// Deletes a user with everything that belongs to them.
    pub(crate) async fn delete_portal_user(
        &self,
        caller: &Caller,
        id: &str,
    ) -> Result<(), AccountsError> {
        caller.may_administer_users()?;
        check_is_another(caller, id)?;
        let (deleter, id) = (caller.user.id.clone(), id.to_owned());
        let found = id.clone();
        let user = self.store.read(move |connection| find(connection, &found));
        let mac = self.login_name(&user.await?.email).mac;
        self.store
            .write(move |transaction| {
                check_has_role(transaction, &deleter, &[PortalRole::SuperAdmin])?;
                deletion::remove(transaction, &find(transaction, &id)?)?;
                login_failures::clear(transaction, &mac)?;
                Ok(())
            })
            .await
    }
}

/// A user of the portal; other accounts are not found.
fn find(connection: &Connection, id: &str) -> Result<User, AccountsError> {
    users::by_id(connection, id)?
        .filter(is_of_the_portal)
        .ok_or(AccountsError::NotFound)
}

fn is_of_the_portal(user: &User) -> bool {
    !user.portal_roles.is_empty()
}

fn check_is_another(caller: &Caller, id: &str) -> Result<(), AccountsError> {
    if caller.user.id == id {
        Err(AccountsError::NotOnYourself)
    } else {
        Ok(())
    }
}

/// Asked again within the change: the role may have been taken since the request began.
fn check_has_role(
    transaction: &Transaction<'_>,
    id: &str,
    roles: &[PortalRole],
) -> Result<(), AccountsError> {
    let user = users::by_id(transaction, id)?.filter(|user| user.active);
    let has_one = |user: User| user.portal_roles.iter().any(|role| roles.contains(role));
    if user.is_some_and(has_one) {
        Ok(())
    } else {
        Err(AccountsError::RoleInsufficient)
    }
}

fn is_super_admin(user: &User) -> bool {
    user.portal_roles.contains(&PortalRole::SuperAdmin)
}

fn check_edit(
    transaction: &Transaction<'_>,
    editor: &str,
    before: &User,
    after: &User,
) -> Result<(), AccountsError> {
    let changes_standing =
        before.portal_roles != after.portal_roles || before.active != after.active;
    if before.id == editor && changes_standing {
        return Err(AccountsError::NotOnYourself);
    }
    if before.id != editor && (is_super_admin(before) || is_super_admin(after)) {
        check_has_role(transaction, editor, &[PortalRole::SuperAdmin])?;
    } else {
        check_has_role(
            transaction,
            editor,
            &[PortalRole::SuperAdmin, PortalRole::Admin],
        )?;
    }
    let goes_on = after.active && is_super_admin(after);
    if before.active
        && is_super_admin(before)
        && !goes_on
        && portal_roles::other_super_admins(transaction, &before.id)? == 0
    {
        return Err(AccountsError::LastSuperAdmin);
    }
    Ok(())
}

fn write_edit(
    transaction: &Transaction<'_>,
    before: &User,
    after: &User,
) -> Result<(), AccountsError> {
    if before.display_name != after.display_name {
        users::set_display_name(transaction, after)?;
    }
    if before.portal_roles != after.portal_roles {
        portal_roles::set(transaction, &after.id, &after.portal_roles)?;
    }
    if before.active != after.active {
        users::set_active(transaction, &after.id, after.active)?;
        if !after.active {
            sessions::delete_of_user(transaction, &after.id, None)?;
        }
    }
    Ok(())
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// One role or more, each once, in the order of the list.
fn roles_of(names: &[String]) -> Result<Vec<PortalRole>, AccountsError> {
    let refuse = |problem| Err(AccountsError::invalid(Field::PortalRoles, problem));
    if names.is_empty() {
        return refuse(Problem::Empty);
    }
    if names.iter().any(|name| PortalRole::named(name).is_none()) {
        return refuse(Problem::UnknownValue);
    }
    let is_named = |role: &PortalRole| names.iter().any(|name| name == role.name());
    Ok(PortalRole::ALL.iter().copied().filter(is_named).collect())
}

fn names_of(roles: &[PortalRole]) -> Vec<String> {
    roles.iter().map(|role| role.name().to_owned()).collect()
}

/// Other dialects know two names: what stands after the last space is the second.
fn profile_of(display_name: &str) -> Profile {
    let (first, last) = display_name.rsplit_once(' ').unwrap_or((display_name, ""));
    let cut = |name: &str| name.trim().chars().take(MAX_NAME_CHARS).collect();
    Profile {
        first_name: cut(first),
        last_name: cut(last),
        phone: String::new(),
        position: String::new(),
        description: String::new(),
    }
}
