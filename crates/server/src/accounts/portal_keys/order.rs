//! A key of the portals as it is asked for, and what may be asked for where.

use super::KeyPlace;
use crate::accounts::api_keys::LAST_EXPIRE_TIME;
use crate::accounts::error::{AccountsError, Field, Problem};
use crate::accounts::text::{Lines, TextRule};
use crate::clock::UnixMillis;
use crate::vocabulary::{Named, Scope};

/// How long a key of an organization lives at most, and unless less is asked for.
pub(crate) const ORGANIZATION_KEY_DAYS: i64 = 365;
/// The most characters of what is said of a key besides its name.
pub(crate) const MAX_KEY_DESCRIPTION_CHARS: usize = 512;

const DAY: UnixMillis = 24 * 60 * 60 * 1000;

pub(super) const KEY_DESCRIPTION: TextRule = TextRule {
    field: Field::KeyDescription,
    max: MAX_KEY_DESCRIPTION_CHARS,
    required: false,
    lines: Lines::One,
};

/// A key to be made, as it is asked for.
pub(crate) struct KeyOrder {
    pub(crate) name: String,
    pub(crate) description: String,
    /// Names of scopes, as they came.
    pub(crate) scopes: Vec<String>,
    pub(crate) end: KeyEnd,
}

/// When a key is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyEnd {
    /// As is usual in its place.
    Usual,
    Never,
    At(UnixMillis),
}

/// The scopes that a key of this place may be given, out of their names.
pub(super) fn scopes(place: &KeyPlace, names: &[String]) -> Result<Vec<Scope>, AccountsError> {
    let refuse = |problem| Err(AccountsError::invalid(Field::Scopes, problem));
    match place {
        KeyPlace::Organization(_) if names.is_empty() => return Ok(Vec::new()),
        KeyPlace::Organization(_) => return refuse(Problem::UnknownValue),
        KeyPlace::AdminPortal if names.is_empty() => return refuse(Problem::Empty),
        KeyPlace::AdminPortal => {}
    }
    if names.iter().any(|name| Scope::named(name).is_none()) {
        return refuse(Problem::UnknownValue);
    }
    // In their own order, and each once.
    let is_named = |scope: &Scope| names.iter().any(|name| name == scope.name());
    Ok(Scope::ALL.iter().copied().filter(is_named).collect())
}

/// When a key of this place is to end.
pub(super) fn expire_time(
    place: &KeyPlace,
    end: KeyEnd,
    now: UnixMillis,
) -> Result<Option<UnixMillis>, AccountsError> {
    let refuse = |problem| Err(AccountsError::invalid(Field::ExpireTime, problem));
    let usual_and_last = match place {
        KeyPlace::Organization(_) => Some(now.saturating_add(ORGANIZATION_KEY_DAYS * DAY)),
        KeyPlace::AdminPortal => None,
    };
    match end {
        KeyEnd::Usual => Ok(usual_and_last),
        KeyEnd::Never if usual_and_last.is_some() => refuse(Problem::TooFar),
        KeyEnd::Never => Ok(None),
        KeyEnd::At(time) if time <= now => refuse(Problem::NotInTheFuture),
        KeyEnd::At(time) if time > usual_and_last.unwrap_or(LAST_EXPIRE_TIME) => {
            refuse(Problem::TooFar)
        }
        KeyEnd::At(time) => Ok(Some(time)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: UnixMillis = 1_700_000_000_000;

    fn organization() -> KeyPlace {
        KeyPlace::Organization("id".to_owned())
    }

    #[test]
    fn keys_of_an_organization_live_for_a_year_and_no_longer() {
        let year = NOW + 365 * DAY;
        let of = |end| expire_time(&organization(), end, NOW).ok();
        assert_eq!(of(KeyEnd::Usual), Some(Some(year)));
        assert_eq!(of(KeyEnd::At(year)), Some(Some(year)));
        assert_eq!(of(KeyEnd::At(NOW + 1)), Some(Some(NOW + 1)));
        for end in [KeyEnd::Never, KeyEnd::At(year + 1), KeyEnd::At(NOW)] {
            assert_eq!(of(end), None, "{end:?}");
        }
    }

    #[test]
    fn keys_of_the_admin_portal_live_as_long_as_is_asked_for() {
        let of = |end| expire_time(&KeyPlace::AdminPortal, end, NOW).ok();
        assert_eq!(of(KeyEnd::Usual), Some(None));
        assert_eq!(of(KeyEnd::Never), Some(None));
        assert_eq!(
            of(KeyEnd::At(LAST_EXPIRE_TIME)),
            Some(Some(LAST_EXPIRE_TIME))
        );
        for end in [KeyEnd::At(LAST_EXPIRE_TIME + 1), KeyEnd::At(NOW)] {
            assert_eq!(of(end), None, "{end:?}");
        }
    }

    #[test]
    fn scopes_are_chosen_in_the_admin_portal_only() {
        let names = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| (*name).to_owned()).collect()
        };
        let chosen = names(&["write", "read", "write"]);
        assert_eq!(
            scopes(&KeyPlace::AdminPortal, &chosen).ok(),
            Some(vec![Scope::Read, Scope::Write])
        );
        assert!(scopes(&KeyPlace::AdminPortal, &[]).is_err());
        assert!(scopes(&KeyPlace::AdminPortal, &names(&["READ"])).is_err());
        assert!(scopes(&organization(), &[]).is_ok());
        assert!(scopes(&organization(), &chosen).is_err());
    }

    proptest! {
        #[test]
        fn an_end_is_taken_where_its_place_allows_it_and_nowhere_else(
            now in 0..4_000_000_000_000_i64,
            after in any::<i32>(),
        ) {
            let time = now + i64::from(after) * 60_000;
            let within_a_year = time > now && time <= now + 365 * DAY;
            let of = |place: &KeyPlace| expire_time(place, KeyEnd::At(time), now).ok();
            prop_assert_eq!(of(&organization()), within_a_year.then_some(Some(time)));
            prop_assert_eq!(of(&KeyPlace::AdminPortal), (time > now).then_some(Some(time)));
        }
    }
}
