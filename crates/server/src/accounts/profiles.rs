//! What a person may change about themselves. The email with which they sign in is not among
//! it; one at which they want to be reached is.

use super::error::{AccountsError, Field};
use super::text::{self, Lines, TextRule};
use super::{Accounts, Caller};
use crate::store::security_log;
use crate::store::users::{self, User};
use crate::vocabulary::SecurityEvent;

/// The most characters of a first or last name.
pub(crate) const MAX_NAME_CHARS: usize = 128;
/// The most characters of the name by which others know somebody: both names, and a space.
pub(crate) const MAX_DISPLAY_NAME_CHARS: usize = 2 * MAX_NAME_CHARS + 1;
/// The most characters of a phone number.
pub(crate) const MAX_PHONE_CHARS: usize = 32;
/// The most characters of a position.
pub(crate) const MAX_POSITION_CHARS: usize = 128;
/// The most characters of a description.
pub(crate) const MAX_DESCRIPTION_CHARS: usize = 2000;

pub(super) const FIRST_NAME: TextRule = TextRule {
    field: Field::FirstName,
    max: MAX_NAME_CHARS,
    required: true,
    lines: Lines::One,
};
pub(super) const LAST_NAME: TextRule = TextRule {
    field: Field::LastName,
    ..FIRST_NAME
};
pub(super) const DISPLAY_NAME: TextRule = TextRule {
    field: Field::DisplayName,
    max: MAX_DISPLAY_NAME_CHARS,
    ..FIRST_NAME
};
const POSITION: TextRule = TextRule {
    field: Field::Position,
    max: MAX_POSITION_CHARS,
    required: false,
    lines: Lines::One,
};
const DESCRIPTION: TextRule = TextRule {
    field: Field::Description,
    max: MAX_DESCRIPTION_CHARS,
    required: false,
    lines: Lines::Many,
};

/// A change of a profile. What is absent stays; an empty text clears what may be empty.
#[derive(Default)]
pub(crate) struct ProfileChange {
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) contact_email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) position: Option<String>,
    pub(crate) description: Option<String>,
}

/// Which version of an account a change is meant for.
#[derive(Clone, Debug)]
pub(crate) enum Expected {
    /// Whichever there is.
    Any,
    /// One of these, which were seen.
    OneOf(Vec<i64>),
}

impl Expected {
    pub(super) fn check(&self, version: i64) -> Result<(), AccountsError> {
        match self {
            Self::OneOf(versions) if !versions.contains(&version) => {
                Err(AccountsError::PreconditionFailed)
            }
            _ => Ok(()),
        }
    }
}

impl Accounts {
    /// Changes the caller's profile, as far as it is still in a version that is expected; the
    /// user afterwards.
    pub(crate) async fn change_profile(
        &self,
        caller: &Caller,
        change: ProfileChange,
        expected: Expected,
    ) -> Result<User, AccountsError> {
        let first_name = apply(FIRST_NAME, change.first_name)?;
        let last_name = apply(LAST_NAME, change.last_name)?;
        let display_name = apply(DISPLAY_NAME, change.display_name)?;
        let contact_email = change
            .contact_email
            .map(|email| text::email(&email))
            .transpose()?;
        let phone = change
            .phone
            .map(|phone| text::phone(&phone, MAX_PHONE_CHARS))
            .transpose()?;
        let position = apply(POSITION, change.position)?;
        let description = apply(DESCRIPTION, change.description)?;
        let (id, client, now) = (caller.user.id.clone(), caller.client.clone(), self.now());
        self.store
            .write(move |transaction| {
                // Read anew: another request may have changed what this one leaves alone.
                let before = users::by_id(transaction, &id)?.ok_or(AccountsError::NotFound)?;
                expected.check(before.version)?;
                let mut user = before.clone();
                let profile = &mut user.profile;
                set(&mut profile.first_name, first_name);
                set(&mut profile.last_name, last_name);
                set(&mut profile.phone, phone);
                set(&mut profile.position, position);
                set(&mut profile.description, description);
                set(&mut user.contact_email, contact_email);
                if let Some(name) = display_name {
                    user.take_display_name(name);
                }
                if user.has_the_profile_of(&before) {
                    return Ok(before);
                }
                users::set_profile(transaction, &user)?;
                let event = SecurityEvent::ProfileChanged;
                security_log::record(transaction, &id, now, event, &client, "")?;
                users::by_id(transaction, &id)?.ok_or(AccountsError::NotFound)
            })
            .await
    }
}

fn apply(rule: TextRule, raw: Option<String>) -> Result<Option<String>, AccountsError> {
    raw.map(|raw| rule.apply(&raw)).transpose()
}

fn set(place: &mut String, value: Option<String>) {
    if let Some(value) = value {
        *place = value;
    }
}
