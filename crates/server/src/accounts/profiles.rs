//! What a person may change about themselves. The email is not among it.

use super::error::{AccountsError, Field};
use super::text::{self, Lines, TextRule};
use super::{Accounts, Caller};
use crate::store::users::{self, User};

/// The most characters of a first or last name.
pub(crate) const MAX_NAME_CHARS: usize = 128;
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
    pub(crate) phone: Option<String>,
    pub(crate) position: Option<String>,
    pub(crate) description: Option<String>,
}

impl Accounts {
    /// Changes the caller's profile; the user afterwards.
    pub(crate) async fn change_profile(
        &self,
        caller: &Caller,
        change: ProfileChange,
    ) -> Result<User, AccountsError> {
        let first_name = apply(FIRST_NAME, change.first_name)?;
        let last_name = apply(LAST_NAME, change.last_name)?;
        let phone = change
            .phone
            .map(|phone| text::phone(&phone, MAX_PHONE_CHARS))
            .transpose()?;
        let position = apply(POSITION, change.position)?;
        let description = apply(DESCRIPTION, change.description)?;
        let id = caller.user.id.clone();
        self.store
            .write(move |transaction| {
                // Read anew: another request may have changed what this one leaves alone.
                let mut user = users::by_id(transaction, &id)?.ok_or(AccountsError::NotFound)?;
                let profile = &mut user.profile;
                set(&mut profile.first_name, first_name);
                set(&mut profile.last_name, last_name);
                set(&mut profile.phone, phone);
                set(&mut profile.position, position);
                set(&mut profile.description, description);
                users::set_profile(transaction, &id, profile)?;
                Ok(user)
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
