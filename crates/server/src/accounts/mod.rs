//! The rules: who may do what, and what may be stored. Every dialect calls these, so that
//! none of them can be gone around by speaking another one.
//!
//! Wire names, status codes and envelopes are not known here; see `idmp` and `portal`.

mod aimms_keys;
mod api_keys;
mod avatars;
mod credentials;
mod cursors;
mod deletion;
mod directory;
mod endings;
mod error;
mod idempotency;
mod organizations;
pub(crate) mod password_policy;
mod passwords;
mod permissions;
mod portal_keys;
mod portal_users;
mod profiles;
mod second_factor;
mod security_log;
mod sessions;
mod sign_in;
pub(crate) mod text;
mod tidying;
mod usage;
mod users;

use std::path::Path;
use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::auth::password::Hashing;
use crate::auth::token::TokenSigner;
use crate::clock::Clock;
use crate::config::Settings;
use crate::data_dir::DataDir;
use crate::seal::{NameMac, Sealer};
use crate::store::Store;
use crate::{OpenError, clock};

pub(crate) use aimms_keys::{AimmsKey, NewAimmsKey};
pub(crate) use api_keys::{ApiKey, RevealedKey};
pub(crate) use avatars::{MAX_AVATAR_BYTES, MAX_AVATAR_SIDE};
pub(crate) use credentials::{Caller, Presented};
pub(crate) use cursors::{CursorRequest, Slice};
pub(crate) use deletion::Consequences;
pub(crate) use directory::{NameCondition, PeopleQuery, Person};
pub use error::{AccountsError, AvatarProblem, CredentialPart, Field, Problem};
pub(crate) use idempotency::Repeatable;
pub(crate) use portal_keys::{
    DayOfCalls, KeyEnd, KeyMetrics, KeyOrder, KeyPlace, KeyStatus, NewPortalKey, PortalKey,
};
pub(crate) use portal_users::{NewPortalUser, PortalUser, UserChange};
pub(crate) use profiles::{Expected, ProfileChange};
pub(crate) use second_factor::{RecoveryCodes, SecondFactorSetUp};
pub use sign_in::IssuedSession;
use tidying::Tidied;
pub(crate) use usage::FLUSH_INTERVAL;
use usage::Usage;
pub use users::{NewUser, SignInMethod};

/// The limits that a dialect tells its clients of.
pub(crate) mod limits {
    pub(crate) use super::api_keys::MAX_TITLE_CHARS;
    pub(crate) use super::avatars::MAX_AVATAR_BYTES;
    pub(crate) use super::portal_keys::ORGANIZATION_KEY_DAYS;
    pub(crate) use super::profiles::{MAX_DISPLAY_NAME_CHARS, MAX_NAME_CHARS};
    pub(crate) use super::text::MAX_EMAIL_CHARS;
    // Repeated as literals in descriptions, for the tests that compare.
    #[cfg(test)]
    pub(crate) use super::portal_keys::MAX_KEY_DESCRIPTION_CHARS;
    #[cfg(test)]
    pub(crate) use super::profiles::{MAX_DESCRIPTION_CHARS, MAX_PHONE_CHARS, MAX_POSITION_CHARS};
}

/// The accounts of one data folder, with all that is needed to apply the rules to them.
pub(crate) struct Accounts {
    store: Store,
    tokens: TokenSigner,
    /// Of the secrets of keys that are shown again.
    sealer: Sealer,
    /// Of the secrets that authenticator apps share.
    factors: Sealer,
    /// Of cursors.
    cursors: Sealer,
    /// Of what was made for requests that may be repeated.
    remembered: Arc<Sealer>,
    names: NameMac,
    hashing: Hashing,
    usage: Usage,
    tidied: Tidied,
    /// One picture is decoded at a time: each may need 128 MiB.
    decoding: Arc<Semaphore>,
    clock: Clock,
    settings: Settings,
}

impl Accounts {
    /// Opens a data folder, making it where it does not exist.
    pub(crate) fn open(path: &Path, settings: Settings, clock: Clock) -> Result<Self, OpenError> {
        let data_dir = DataDir::prepare(path)?;
        let (master, store) = data_dir.set_up(|| {
            let master = data_dir.master_key()?;
            let database = data_dir.database()?;
            let store = Store::open(&database, settings.database_limit)?;
            Ok::<_, OpenError>((master, store))
        })?;
        Ok(Self {
            store,
            tokens: TokenSigner::new(&master)?,
            sealer: Sealer::new(&master, "api-key-value")?,
            factors: Sealer::new(&master, "second-factor")?,
            cursors: Sealer::new(&master, "cursor")?,
            remembered: Arc::new(Sealer::new(&master, "idempotent-answer")?),
            names: NameMac::new(&master)?,
            hashing: Hashing::new()?,
            usage: Usage::default(),
            tidied: Tidied::default(),
            decoding: Arc::new(Semaphore::new(1)),
            clock,
            settings,
        })
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// How this server calls itself where accounts of several servers stand side by side.
    pub(crate) fn account_name(&self) -> &str {
        &self.settings.account_name
    }

    /// Whether the database answers.
    pub(crate) async fn is_well(&self) -> bool {
        self.user_count().await.is_ok()
    }

    fn now(&self) -> clock::UnixMillis {
        self.clock.now()
    }
}

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageRequest {
    /// Starts at 1.
    pub(crate) current: u32,
    pub(crate) size: u32,
}

impl PageRequest {
    /// Larger pages are cut down to this; the answer says so.
    pub(crate) const MAX_SIZE: u32 = 1000;
    pub(crate) const DEFAULT_SIZE: u32 = 20;

    /// Page `current` of pages of `size`.
    pub(crate) fn new(current: Option<u32>, size: Option<u32>) -> Result<Self, AccountsError> {
        let current = current.unwrap_or(1);
        let size = size.unwrap_or(Self::DEFAULT_SIZE);
        if current == 0 {
            return Err(AccountsError::invalid(
                Field::PageNumber,
                Problem::OutOfRange,
            ));
        }
        if size == 0 {
            return Err(AccountsError::invalid(Field::PageSize, Problem::OutOfRange));
        }
        Ok(Self {
            current,
            size: size.min(Self::MAX_SIZE),
        })
    }

    fn offset(self) -> u64 {
        u64::from(self.current.saturating_sub(1)) * u64::from(self.size)
    }

    fn limit(self) -> u64 {
        u64::from(self.size)
    }
}

/// A part of a list.
pub(crate) struct Page<T> {
    pub(crate) request: PageRequest,
    pub(crate) total: u64,
    pub(crate) rows: Vec<T>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_start_at_one_and_are_cut_to_the_limit() {
        assert!(PageRequest::new(Some(0), None).is_err());
        assert!(PageRequest::new(None, Some(0)).is_err());
        let page = PageRequest::new(Some(u32::MAX), Some(u32::MAX)).unwrap();
        assert_eq!(page.limit(), 1000);
        assert_eq!(page.offset(), u64::from(u32::MAX - 1) * 1000);
        let page = PageRequest::new(None, None).unwrap();
        assert_eq!((page.offset(), page.limit()), (0, 20));
    }
}
