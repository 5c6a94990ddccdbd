//! The closed lists of words that are stored and sent: dialects, roles, scopes, events.
//!
//! A word is spelled here and nowhere else. What a role or scope allows is decided in
//! `accounts`; only what a role grants to keys is said here, being a list as well.

use std::str::FromStr;

/// A closed list whose members have names.
pub(crate) trait Named: Copy + 'static {
    /// Every member.
    const ALL: &'static [Self];

    /// Its name, as it is stored and sent.
    fn name(self) -> &'static str;

    /// The member of that name.
    fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|member| member.name() == name)
    }
}

/// A name that is not in the list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is one of: {0}")]
pub struct UnknownName(String);

fn read<T: Named>(name: &str) -> Result<T, UnknownName> {
    T::named(name).ok_or_else(|| {
        let names: Vec<_> = T::ALL.iter().map(|member| member.name()).collect();
        UnknownName(names.join(", "))
    })
}

macro_rules! named {
    ($type:ident { $($member:ident = $name:literal),+ $(,)? }) => {
        impl Named for $type {
            const ALL: &'static [Self] = &[$(Self::$member),+];

            fn name(self) -> &'static str {
                match self {
                    $(Self::$member => $name),+
                }
            }
        }
    };
}

/// A way of speaking to this server. A key keeps the rules of the one it was made under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Idmp,
    Aimms,
    Portal,
}

named!(Dialect {
    Idmp = "idmp",
    Aimms = "aimms",
    Portal = "portal",
});

/// What an account may do in the admin portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortalRole {
    /// Everything.
    SuperAdmin,
    /// See and edit users, but neither make nor remove them.
    Admin,
    /// Look, but not at users.
    ReadOnly,
}

named!(PortalRole {
    SuperAdmin = "super-admin",
    Admin = "admin",
    ReadOnly = "read-only",
});

impl FromStr for PortalRole {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        read(name)
    }
}

impl PortalRole {
    /// The scopes that a key may have whose owner has this role.
    pub(crate) fn scopes(self) -> &'static [Scope] {
        match self {
            Self::SuperAdmin => &[Scope::Read, Scope::Write, Scope::Admin],
            Self::Admin => &[Scope::Read, Scope::Write],
            Self::ReadOnly => &[Scope::Read],
        }
    }
}

/// What a key of the admin portal may do, as far as its owner still may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Read,
    Write,
    Admin,
}

named!(Scope {
    Read = "read",
    Write = "write",
    Admin = "admin",
});

/// What a key of the AIMMS dialect may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AimmsScope {
    Authentication,
    PublishApp,
    Tasks,
    ApiKey,
    Session,
}

named!(AimmsScope {
    Authentication = "Authentication",
    PublishApp = "PublishApp",
    Tasks = "Tasks",
    ApiKey = "APIKey",
    Session = "Session",
});

/// What a person is in an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganizationRole {
    /// Answers for it; the last one stays.
    Owner,
    /// Runs it.
    Admin,
    /// Takes part.
    Member,
    /// Looks on.
    Viewer,
}

named!(OrganizationRole {
    Owner = "owner",
    Admin = "admin",
    Member = "member",
    Viewer = "viewer",
});

impl FromStr for OrganizationRole {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        read(name)
    }
}

/// What an account's security log tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecurityEvent {
    SignedIn,
    SignInFailed,
    SignedOut,
    SessionEnded,
    PasswordChanged,
    PasswordReset,
    SecondFactorEnabled,
    SecondFactorDisabled,
    RecoveryCodeUsed,
    RecoveryCodesReplaced,
    ProfileChanged,
    AvatarChanged,
    ApiKeyCreated,
    ApiKeyRevoked,
    ApiKeyDeleted,
    RoleChanged,
}

named!(SecurityEvent {
    SignedIn = "signed-in",
    SignInFailed = "sign-in-failed",
    SignedOut = "signed-out",
    SessionEnded = "session-ended",
    PasswordChanged = "password-changed",
    PasswordReset = "password-reset",
    SecondFactorEnabled = "second-factor-enabled",
    SecondFactorDisabled = "second-factor-disabled",
    RecoveryCodeUsed = "recovery-code-used",
    RecoveryCodesReplaced = "recovery-codes-replaced",
    ProfileChanged = "profile-changed",
    AvatarChanged = "avatar-changed",
    ApiKeyCreated = "api-key-created",
    ApiKeyRevoked = "api-key-revoked",
    ApiKeyDeleted = "api-key-deleted",
    RoleChanged = "role-changed",
});

#[cfg(test)]
mod tests {
    use super::*;

    fn every_name_leads_back<T: Named + PartialEq + std::fmt::Debug>() {
        for member in T::ALL {
            assert_eq!(T::named(member.name()), Some(*member));
        }
        assert_eq!(T::named("nothing of the kind"), None);
    }

    #[test]
    fn names_are_unique_in_their_list() {
        every_name_leads_back::<Dialect>();
        every_name_leads_back::<PortalRole>();
        every_name_leads_back::<Scope>();
        every_name_leads_back::<AimmsScope>();
        every_name_leads_back::<OrganizationRole>();
        every_name_leads_back::<SecurityEvent>();
    }
}
