//! Which rule leads to which problem, and what its entries are called on this wire.

use std::time::Duration;

use super::problem::{Refusal, Slug};
use crate::accounts::password_policy::PasswordRule;
use crate::accounts::{AccountsError, AvatarProblem, Field, Problem};
use crate::guard::Interruption;
use crate::json_body::BodyRefusal;
use crate::store::{Outage, StoreError};
use crate::wording;

impl From<Interruption> for Refusal {
    fn from(interruption: Interruption) -> Self {
        let slug = match interruption {
            Interruption::HostMalformed => Slug::Malformed,
            Interruption::NotThisServer => Slug::NotThisServer,
            Interruption::ForeignOrigin => Slug::ForeignOrigin,
            Interruption::TooSlow => Slug::TooSlow,
            Interruption::NoSuchRoute => Slug::NotFound,
            Interruption::NoSuchMethod => Slug::MethodNotAllowed,
            Interruption::Panicked => Slug::ServerFailed,
        };
        Self::new(slug, wording::of_interruption(interruption))
    }
}

impl From<BodyRefusal> for Refusal {
    fn from(refusal: BodyRefusal) -> Self {
        let slug = match refusal {
            BodyRefusal::NotJson => Slug::UnsupportedMediaType,
            BodyRefusal::TooLarge => Slug::PayloadTooLarge,
            BodyRefusal::Incomplete | BodyRefusal::Malformed => Slug::Malformed,
            BodyRefusal::Misfit(_) => Slug::InvalidInput,
        };
        let problem = Self::new(slug, wording::of_body(&refusal));
        match refusal {
            BodyRefusal::Misfit(misfit) => {
                let pointer = misfit
                    .path
                    .iter()
                    .fold(String::new(), |pointer, place| pointer + "/" + place);
                let code = if misfit.is_missing {
                    "required"
                } else {
                    "malformed"
                };
                problem.entry(pointer, code)
            }
            _ => problem,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        let outage = error.outage();
        let refusal = |slug| Self::new(slug, wording::of_outage(outage));
        match outage {
            Outage::Full => refusal(Slug::StorageFull),
            Outage::Busy => refusal(Slug::Unavailable).retry_after(Duration::from_secs(1)),
            Outage::Broken => refusal(Slug::ServerFailed),
        }
    }
}

impl From<AccountsError> for Refusal {
    fn from(error: AccountsError) -> Self {
        match error {
            AccountsError::Invalid { field, problem } => invalid(field, problem),
            AccountsError::PasswordRules(broken) => password_rules(&broken),
            AccountsError::Avatar(problem) => avatar(problem),
            AccountsError::Credential { missing, .. } => unauthenticated(missing),
            AccountsError::SignInFailed => Self::new(
                Slug::WrongCredentials,
                "The email or the password is wrong.",
            )
            .challenge("Bearer"),
            AccountsError::SecondFactorRequired => Self::new(
                Slug::SecondFactorRequired,
                "This account has a second factor: send its code as well.",
            )
            .challenge("Bearer"),
            AccountsError::SecondFactorRefused => Self::new(
                Slug::SecondFactorRefused,
                "The code is wrong, or it was used before.",
            )
            .challenge("Bearer"),
            AccountsError::TooManyFailures { retry_after } => Self::new(
                Slug::RateLimited,
                "Too many failed tries in a row: wait before the next one.",
            )
            .retry_after(retry_after),
            AccountsError::Busy => unavailable(),
            AccountsError::NeedsSession => Self::new(
                Slug::SessionRequired,
                "A request that carries an API key may not do this: sign in instead.",
            ),
            AccountsError::ScopeInsufficient => Self::new(
                Slug::ScopeInsufficient,
                "The API key was not given the scope that this takes.",
            ),
            AccountsError::RoleInsufficient => {
                Self::new(Slug::RoleInsufficient, "Your role does not allow this.")
            }
            AccountsError::NotOnYourself => Self::new(
                Slug::NotOnYourself,
                "You may not do this to your own account from here.",
            ),
            AccountsError::LastSuperAdmin => {
                Self::new(Slug::LastSuperAdmin, "The last active super-admin stays.")
            }
            AccountsError::PreconditionFailed => Self::new(
                Slug::PreconditionFailed,
                "This was changed since you read it: read it again.",
            ),
            AccountsError::IdempotencyKeyReused => Self::new(
                Slug::IdempotencyKeyReused,
                "This Idempotency-Key came with another request before.",
            ),
            AccountsError::SignsInElsewhere => Self::new(
                Slug::SingleSignOn,
                "This account signs in elsewhere and has no password here.",
            ),
            AccountsError::NoPasswordSignIn => Self::new(
                Slug::SingleSignOn,
                "This server does not sign in by password.",
            ),
            AccountsError::NotFound => Self::new(Slug::NotFound, "There is no such thing here."),
            AccountsError::TitleTaken | AccountsError::OrganizationNameTaken => {
                Self::new(Slug::TitleTaken, "Another one has this name already.")
                    .entry("/name", "taken")
            }
            AccountsError::EmailTaken => {
                Self::new(Slug::EmailTaken, "Another account has this email already.")
                    .entry("/email", "taken")
            }
            AccountsError::LastOwner => Self::new(
                Slug::LastOwner,
                "An organization that has members keeps its last owner.",
            ),
            AccountsError::TooManyKeys => Self::new(
                Slug::TooManyKeys,
                "There are too many keys: delete some first.",
            ),
            AccountsError::Store(error) => error.into(),
            error @ (AccountsError::Seal(_) | AccountsError::Cryptography) => {
                tracing::error!(%error, "cryptography failed");
                server_failed()
            }
        }
    }
}

pub(super) fn server_failed() -> Refusal {
    Refusal::new(Slug::ServerFailed, "The server met an error of its own.")
}

fn unavailable() -> Refusal {
    Refusal::new(
        Slug::Unavailable,
        "The server is busy and changed nothing: try again in a moment.",
    )
    .retry_after(Duration::from_secs(1))
}

fn unauthenticated(missing: bool) -> Refusal {
    if missing {
        Refusal::new(Slug::Unauthenticated, "Sign in, or send an API key.").challenge("Bearer")
    } else {
        Refusal::new(
            Slug::Unauthenticated,
            "The credential is not, or no longer, valid here.",
        )
        .challenge("Bearer error=\"invalid_token\"")
    }
}

/// Every rule that is not kept, by name.
fn password_rules(broken: &[PasswordRule]) -> Refusal {
    let refusal = Refusal::new(Slug::InvalidInput, "The password does not keep every rule.");
    broken.iter().fold(refusal, |refusal, rule| {
        refusal.rule(pointer(Field::NewPassword), rule_name(*rule))
    })
}

/// The name of a rule on this wire.
pub(super) fn rule_name(rule: PasswordRule) -> &'static str {
    match rule {
        PasswordRule::MinimumLength => "minimumLength",
        PasswordRule::Uppercase => "uppercase",
        PasswordRule::Lowercase => "lowercase",
        PasswordRule::Digit => "digit",
        PasswordRule::Special => "special",
    }
}

fn avatar(problem: AvatarProblem) -> Refusal {
    let slug = match problem {
        AvatarProblem::TooManyBytes => Slug::PayloadTooLarge,
        AvatarProblem::NotAPicture | AvatarProblem::Damaged | AvatarProblem::TooManyPixels => {
            Slug::InvalidInput
        }
    };
    Refusal::new(slug, wording::of_picture(problem))
}

fn invalid(field: Field, problem: Problem) -> Refusal {
    let slug = match (field, problem) {
        (Field::Cursor, _) => Slug::Malformed,
        (Field::OldPassword | Field::Password, Problem::Wrong) => Slug::CurrentPasswordWrong,
        _ => Slug::InvalidInput,
    };
    Refusal::new(slug, wording::of_problem(problem)).entry(pointer(field), code(problem))
}

/// What is wrong with an entry, by a name that does not change.
fn code(problem: Problem) -> &'static str {
    match problem {
        Problem::Empty => "required",
        Problem::TooShort { .. } => "too-short",
        Problem::TooLong { .. } => "too-long",
        Problem::ForbiddenCharacter => "forbidden-characters",
        Problem::Malformed => "malformed",
        Problem::NotInTheFuture => "not-in-the-future",
        Problem::TooFar | Problem::OutOfRange => "too-far",
        Problem::UnknownValue => "unknown-value",
        Problem::TooCommon => "policy",
        Problem::Wrong => "mismatch",
    }
}

/// Where an entry stands in the requests of this dialect.
fn pointer(field: Field) -> &'static str {
    match field {
        Field::Email => "/email",
        Field::FirstName => "/firstName",
        Field::LastName => "/lastName",
        Field::DisplayName => "/displayName",
        Field::Phone => "/phone",
        Field::Position => "/position",
        Field::Description | Field::KeyDescription => "/description",
        Field::Role => "/role",
        Field::PortalRoles => "/roles",
        Field::NewPassword => "/newPassword",
        Field::OldPassword => "/currentPassword",
        Field::Password => "/password",
        Field::Code => "/code",
        Field::Phrase => "/phrase",
        Field::OrganizationName | Field::Title => "/name",
        Field::Scopes => "/scopes",
        Field::ExpireTime => "/expiresAt",
        Field::Avatar => "",
        Field::PageNumber => "/current",
        Field::PageSize => "/limit",
        Field::Cursor => "/cursor",
    }
}
