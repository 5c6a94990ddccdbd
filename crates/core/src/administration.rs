//! Other people's accounts, as an administrator sees and changes them; and directories to look
//! things up in.
//!
//! Not here: who may do what (`capabilities`, and the server in the end).

use keydesk_vault::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::capabilities::UserCapabilities;
use crate::text::{self, TextRule};
use crate::time::Timestamp;
use crate::{Error, ErrorCode, Field, Result, password};

/// The longest display name in characters: a first and a last name of the longest, and a space.
pub const DISPLAY_NAME_LENGTH: u32 = 257;

const DISPLAY_NAME: TextRule = TextRule {
    required: true,
    maximum_length: DISPLAY_NAME_LENGTH,
    multiline: false,
};

/// A user's id on its server, opaque.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct UserId(pub String);

/// "Users", a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The server's id.
    pub id: UserId,
    /// "Email"
    pub email: String,
    /// "Display Name"
    pub display_name: String,
    /// "Roles"
    pub roles: Vec<String>,
    /// "Status": whether the account may sign in
    pub active: bool,
    /// "Last Login"
    pub last_login: Option<Timestamp>,
    /// Whether it is the account that asks.
    pub is_self: bool,
    /// The state that this row shows, for [`UserEdit::version`].
    pub version: String,
}

/// Which users are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserQuery {
    /// Part of an email or a name; empty for all.
    pub search: String,
    /// The next part of a list, as the part before named it.
    pub next: Option<String>,
}

/// A part of the list of users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserPage {
    /// The rows.
    pub users: Vec<User>,
    /// How many there are in all, where the server counts.
    pub total: Option<u32>,
    /// What to ask the next part with; `None` at the end.
    pub next: Option<String>,
    /// The server's clock when it answered; "last login" is told from it.
    pub server_time: Timestamp,
}

/// "Create User"
#[derive(Debug)]
pub struct NewUser {
    /// "Email"
    pub email: String,
    /// "Display Name"
    pub display_name: String,
    /// "Password"
    pub password: SecretString,
    /// "Roles"
    pub roles: Vec<String>,
}

/// "Edit"
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct UserEdit {
    /// "Display Name"
    pub display_name: String,
    /// "Roles"
    pub roles: Vec<String>,
    /// "Status"
    pub active: bool,
    /// The state that the edit began from: where someone else has changed the account since,
    /// the edit is refused.
    pub version: String,
}

/// Checks a new account against the rules, and trims it.
///
/// # Errors
/// `Required`, `TooLong`, `ForbiddenCharacters`, `EmailInvalid`, `PasswordTooWeak`,
/// `InputRefused`, each with its field
pub fn validate_new(new: NewUser, rules: &UserCapabilities) -> Result<NewUser> {
    let email = text::email(&new.email)?;
    let display_name = text::check(&new.display_name, DISPLAY_NAME, Field::DisplayName)?;
    check_password(&new.password, rules)?;
    check_roles(&new.roles, &[], rules)?;
    Ok(NewUser {
        email,
        display_name,
        ..new
    })
}

/// Checks an edit against the rules, and trims it. `before` are the roles that the account has.
///
/// # Errors
/// `Required`, `TooLong`, `ForbiddenCharacters`, `InputRefused`, each with its field
pub fn validate_edit(
    edit: UserEdit,
    before: &[String],
    rules: &UserCapabilities,
) -> Result<UserEdit> {
    let display_name = text::check(&edit.display_name, DISPLAY_NAME, Field::DisplayName)?;
    check_roles(&edit.roles, before, rules)?;
    Ok(UserEdit {
        display_name,
        ..edit
    })
}

/// Checks a password that is set for someone else.
///
/// # Errors
/// `Required`, `PasswordTooWeak`
pub fn check_password(new: &SecretString, rules: &UserCapabilities) -> Result<()> {
    if new.is_empty() {
        return Err(
            Error::new(ErrorCode::Required, "the password is missing").in_field(Field::NewPassword)
        );
    }
    if !password::unmet(&rules.password_rules, new).is_empty() {
        return Err(
            Error::new(ErrorCode::PasswordTooWeak, "the password breaks a rule")
                .in_field(Field::NewPassword),
        );
    }
    Ok(())
}

/// One role at least; and none given or taken that this administrator may not.
fn check_roles(chosen: &[String], before: &[String], rules: &UserCapabilities) -> Result<()> {
    if chosen.is_empty() {
        return Err(Error::new(ErrorCode::Required, "no role was chosen").in_field(Field::Roles));
    }
    let may_change = |name: &String| {
        rules
            .roles
            .iter()
            .any(|role| role.name == *name && role.grantable)
    };
    let given = chosen.iter().filter(|role| !before.contains(role));
    let taken = before.iter().filter(|role| !chosen.contains(role));
    if given.chain(taken).all(may_change) {
        return Ok(());
    }
    Err(Error::new(
        ErrorCode::InputRefused,
        "a role that this account may neither give nor take",
    )
    .in_field(Field::Roles))
}

/// What can be looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DirectoryKind {
    /// People.
    Users,
    /// Groups of people.
    Groups,
    /// Environments.
    Environments,
}

/// Which part of a directory is asked for, in which order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryQuery {
    /// What is looked up.
    pub kind: DirectoryKind,
    /// Part of the name, in any case; empty for all.
    pub search: String,
    /// Whether the names descend.
    pub descending: bool,
    /// How many rows come before the part that is asked for.
    pub offset: u32,
}

/// A row of a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryEntry {
    /// The name by which it is known.
    pub name: String,
    /// A person's whole name, or a group's environment; empty where there is none.
    pub detail: String,
    /// A person's email; empty where there is none.
    pub email: String,
}

/// A part of a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DirectoryPage {
    /// The rows.
    pub entries: Vec<DirectoryEntry>,
    /// Whether there may be more after them.
    pub more: bool,
}
