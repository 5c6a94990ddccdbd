//! Why the rules refuse. One closed list; each dialect gives it its own status and names.

use std::time::Duration;

use super::password_policy::PasswordRule;
use crate::auth::NoRandomness;
use crate::auth::password::HashingError;
use crate::seal::SealError;
use crate::store::StoreError;

/// Something that a person or a program entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The address with which an account signs in.
    Email,
    /// Given name.
    FirstName,
    /// Family name.
    LastName,
    /// Phone number.
    Phone,
    /// Position or job title.
    Position,
    /// Free text about oneself.
    Description,
    /// What the account may do.
    Role,
    /// The password with which an account was made, or is set anew.
    NewPassword,
    /// The password that is to be replaced.
    OldPassword,
    /// The password of somebody who is asked once more who they are.
    Password,
    /// A code of the second factor.
    Code,
    /// The phrase by which a person says that they mean it.
    Phrase,
    /// The name by which others know an account.
    DisplayName,
    /// What the account may do in the admin portal.
    PortalRoles,
    /// The name of an organization.
    OrganizationName,
    /// An API key's title.
    Title,
    /// What an API key is for.
    KeyDescription,
    /// What an API key may do.
    Scopes,
    /// When an API key ends.
    ExpireTime,
    /// A picture.
    Avatar,
    /// Which page of a list.
    PageNumber,
    /// How many rows a page has.
    PageSize,
    /// Where a list was left.
    Cursor,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Nothing, or nothing that can be seen.
    Empty,
    /// Fewer characters than the rule asks for.
    TooShort {
        /// The least.
        min: usize,
    },
    /// More characters than the rule allows.
    TooLong {
        /// The most.
        max: usize,
    },
    /// Control characters, or characters that turn the direction of the text around.
    ForbiddenCharacter,
    /// Not of the form that the field has.
    Malformed,
    /// A time that has passed.
    NotInTheFuture,
    /// A time later than the rule allows, or no end where one is asked for.
    TooFar,
    /// Not among the values that there are.
    UnknownValue,
    /// Not within the range that the field has.
    OutOfRange,
    /// A password that is among the first to be tried.
    TooCommon,
    /// Not the value that is stored.
    Wrong,
}

/// Which of the credentials of a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialPart {
    /// The session token or API key.
    Authorization,
    /// Its companion, on servers that ask for both.
    AccessToken,
}

/// What is wrong with a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AvatarProblem {
    /// More bytes than allowed.
    TooManyBytes,
    /// Neither PNG nor JPEG by its content.
    NotAPicture,
    /// Begins as a picture, but cannot be decoded to its end.
    Damaged,
    /// More pixels than allowed.
    TooManyPixels,
}

/// Why the rules refuse.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// An entry does not fit its rule.
    #[error("an entry is not acceptable")]
    Invalid {
        /// Which entry.
        field: Field,
        /// What is wrong.
        problem: Problem,
    },
    /// A new password does not keep these rules of the portals.
    #[error("the password does not keep the rules")]
    PasswordRules(Vec<PasswordRule>),
    /// A picture cannot be taken.
    #[error("the picture is not acceptable")]
    Avatar(AvatarProblem),
    /// A credential is missing, expired, revoked or of somebody else.
    #[error("the credential is not valid")]
    Credential {
        /// Which one.
        part: CredentialPart,
        /// Whether there was one at all.
        missing: bool,
    },
    /// Login name and password do not belong to an account that may sign in with them.
    #[error("login name or password is wrong")]
    SignInFailed,
    /// The password was right, and the account asks for a code as well.
    #[error("the account has a second factor")]
    SecondFactorRequired,
    /// The password was right, and the code was not.
    #[error("the code is wrong")]
    SecondFactorRefused,
    /// Too many failures in a row.
    #[error("too many failed sign-ins")]
    TooManyFailures {
        /// How long to wait.
        retry_after: Duration,
    },
    /// Too much work is waiting.
    #[error("the server is busy")]
    Busy,
    /// API keys may not be managed, nor sessions ended, by a request that carries an API key.
    #[error("an API key may not do this")]
    NeedsSession,
    /// The API key was not given the scope that this takes.
    #[error("the API key lacks the scope")]
    ScopeInsufficient,
    /// The account's role does not allow this.
    #[error("the role does not allow this")]
    RoleInsufficient,
    /// Nobody does this to themselves.
    #[error("nobody does this to themselves")]
    NotOnYourself,
    /// Somebody must remain who may do everything.
    #[error("the last super-admin stays")]
    LastSuperAdmin,
    /// The thing has changed since it was read.
    #[error("it has changed since it was read")]
    PreconditionFailed,
    /// An Idempotency-Key came again with another request.
    #[error("the idempotency key belongs to another request")]
    IdempotencyKeyReused,
    /// The account signs in elsewhere and has no password here.
    #[error("this account has no password here")]
    SignsInElsewhere,
    /// This server takes its sessions from elsewhere and signs nobody in by password.
    #[error("this server does not sign in by password")]
    NoPasswordSignIn,
    /// There is no such thing, or it belongs to somebody else.
    #[error("there is no such thing")]
    NotFound,
    /// Another key of this user has the same title.
    #[error("the title is taken")]
    TitleTaken,
    /// Another account has the same email.
    #[error("the email is taken")]
    EmailTaken,
    /// Another organization has the same name.
    #[error("the name is taken")]
    OrganizationNameTaken,
    /// An organization that has members has an owner.
    #[error("an organization keeps its last owner")]
    LastOwner,
    /// The user has as many keys as one may have.
    #[error("there are too many keys")]
    TooManyKeys,
    /// The database could not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored value cannot be opened with the key file.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// Hashing or random numbers failed.
    #[error("cryptography failed")]
    Cryptography,
}

impl AccountsError {
    pub(crate) fn invalid(field: Field, problem: Problem) -> Self {
        Self::Invalid { field, problem }
    }

    pub(crate) fn invalid_credential(part: CredentialPart) -> Self {
        Self::Credential {
            part,
            missing: false,
        }
    }
}

impl From<HashingError> for AccountsError {
    fn from(error: HashingError) -> Self {
        match error {
            HashingError::Busy => Self::Busy,
            HashingError::Failed => Self::Cryptography,
        }
    }
}

impl From<NoRandomness> for AccountsError {
    fn from(_: NoRandomness) -> Self {
        Self::Cryptography
    }
}
