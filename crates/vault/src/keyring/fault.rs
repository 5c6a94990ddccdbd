//! Sorts the errors of every keyring into the few that a person can act on.
//!
//! The error itself ends here. Its `Debug` holds the bytes of the value in two of its variants,
//! and its `Display` is in the system's language, so neither may reach a log.

use ::keyring::Error;

use super::VaultError;

/// An error of a call to a store that was built.
pub(crate) fn sort(error: &Error) -> VaultError {
    match error {
        Error::NoStorageAccess(cause) => platform_cause(cause.as_ref()).unwrap_or(NO_ACCESS),
        Error::PlatformFailure(cause) => {
            platform_cause(cause.as_ref()).unwrap_or(VaultError::Failed)
        }
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => {
            VaultError::Corrupt
        }
        Error::TooLong(..) => VaultError::TooLong,
        Error::NoDefaultStore => VaultError::Unavailable,
        // `NoEntry` is an answer, not an error, wherever it can be expected. `Ambiguous` is
        // resolved by the store. The rest would be a mistake of ours, or new in the library.
        _ => VaultError::Failed,
    }
}

/// An error of building a store: whatever it is, there is no keyring to talk to, unless it says
/// something more precise.
pub(crate) fn sort_building(error: &Error) -> VaultError {
    match sort(error) {
        VaultError::Failed => VaultError::Unavailable,
        sorted => sorted,
    }
}

/// Whether the value is there but cannot be understood: absent for us, and left where it is.
pub(crate) const fn is_unreadable(error: &Error) -> bool {
    matches!(error, Error::BadEncoding(_) | Error::BadDataFormat(..))
}

/// What "no access" means where the cause does not say.
const NO_ACCESS: VaultError = if cfg!(windows) {
    VaultError::Unavailable
} else {
    VaultError::Denied
};

type Cause = dyn std::error::Error + Send + Sync;

#[cfg(target_os = "linux")]
fn platform_cause(cause: &Cause) -> Option<VaultError> {
    use secret_service::Error as Service;

    match cause.downcast_ref::<Service>()? {
        Service::Locked => Some(VaultError::Locked),
        Service::Prompt => Some(VaultError::Denied),
        // A service without a default collection, as under WSL, keeps nothing.
        Service::NoResult | Service::Unavailable => Some(VaultError::Unavailable),
        _ => None,
    }
}

#[cfg(target_os = "macos")]
fn platform_cause(cause: &Cause) -> Option<VaultError> {
    // The store reports only some of these as "no access"; the rest arrive as plain failures.
    match cause
        .downcast_ref::<security_framework::base::Error>()?
        .code()
    {
        -128 | -25293 => Some(VaultError::Denied), // userCanceled, errSecAuthFailed
        -25308 => Some(VaultError::Locked),        // errSecInteractionNotAllowed
        -25291 | -25294 | -25295 => Some(VaultError::Unavailable), // none, or none of that name
        _ => None,
    }
}

/// The codes of this store are private to it. It says "no access" in one case only: there is no
/// logon session to keep anything in.
#[cfg(target_os = "windows")]
const fn platform_cause(_cause: &Cause) -> Option<VaultError> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause() -> Box<Cause> {
        Box::new(std::io::Error::other("planted-secret"))
    }

    #[test]
    fn every_error_has_a_label_that_holds_nothing_of_the_value() {
        let planted = || b"planted-secret".to_vec();
        let errors = [
            (Error::PlatformFailure(cause()), VaultError::Failed),
            (Error::NoStorageAccess(cause()), NO_ACCESS),
            (Error::NoEntry, VaultError::Failed),
            (Error::BadEncoding(planted()), VaultError::Corrupt),
            (
                Error::BadDataFormat(planted(), cause()),
                VaultError::Corrupt,
            ),
            (
                Error::BadStoreFormat("planted-secret".into()),
                VaultError::Corrupt,
            ),
            (
                Error::TooLong("planted-secret".into(), 2560),
                VaultError::TooLong,
            ),
            (
                Error::Invalid("user".into(), "planted-secret".into()),
                VaultError::Failed,
            ),
            (Error::Ambiguous(Vec::new()), VaultError::Failed),
            (Error::NoDefaultStore, VaultError::Unavailable),
            (
                Error::NotSupportedByStore("planted-secret".into()),
                VaultError::Failed,
            ),
        ];
        for (error, expected) in &errors {
            let sorted = sort(error);
            assert_eq!(sorted, *expected);
            assert!(!format!("{sorted} {sorted:?}").contains("planted"));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_dismissed_prompt_is_not_a_missing_service() {
        use secret_service::Error as Service;

        let no_access = |cause| sort(&Error::NoStorageAccess(Box::new(cause)));
        assert_eq!(no_access(Service::Prompt), VaultError::Denied);
        assert_eq!(no_access(Service::Locked), VaultError::Locked);
        assert_eq!(no_access(Service::NoResult), VaultError::Unavailable);
        let building = Error::PlatformFailure(Box::new(Service::Unavailable));
        assert_eq!(sort_building(&building), VaultError::Unavailable);
        assert_eq!(
            sort_building(&Error::PlatformFailure(cause())),
            VaultError::Unavailable
        );
    }
}
