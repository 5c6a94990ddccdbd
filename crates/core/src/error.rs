//! The one error of the domain: a closed set of codes, each there because the interface acts on it.
//!
//! Not here: words for people. The interface has one table from code to tone, words and next
//! action; `message` is a stable English label for logs and support, never matched on.

use std::borrow::Cow;
use std::time::Duration;

use keydesk_vault::VaultError;
use serde::{Deserialize, Serialize};
use specta::Type;

/// A `Result` of the domain.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, as far as a person or the interface can act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    // ---- the address that was typed
    /// No address was given.
    AddressEmpty,
    /// The text is no address of a server.
    AddressInvalid,
    /// A scheme other than `https` or `http`.
    AddressScheme,
    /// The address carries a user name or password; they belong in their fields.
    AddressUserInfo,
    /// The host name mixes scripts or holds invisible characters.
    AddressDeceptive,
    /// Plain HTTP to another machine, and the person has not chosen that for this server.
    AddressPlainHttp,
    // ---- reaching the server
    /// The host name was not found.
    HostNotFound,
    /// Nothing is listening at host and port.
    ConnectionRefused,
    /// The network or host cannot be reached, or the connection broke before an answer.
    ConnectionFailed,
    /// No answer within the deadline.
    TimedOut,
    /// The proxy refused, failed or wants a login.
    ProxyFailed,
    /// The network wants a sign-in of its own first, as in a hotel (511, RFC 6585).
    NetworkSignInRequired,
    /// The certificate is not signed by an authority this computer trusts.
    TlsUntrusted,
    /// The certificate has expired or is not yet valid.
    TlsExpired,
    /// The certificate is for another host.
    TlsHostMismatch,
    /// The certificate is not the one that was pinned for this server.
    TlsPinChanged,
    /// Any other failure of the encrypted connection.
    TlsFailed,
    /// The certificate file that was chosen holds no usable certificate.
    CertificateInvalid,
    /// The server sent the client elsewhere; credentials do not follow. `detail` is the target.
    Redirected,
    /// What answers at this address is no server of the chosen kind.
    NotThisKindOfServer,
    /// The answer was not what the contract describes (HTML, half a body, a missing field).
    UnexpectedAnswer,
    /// The answer was larger than the limit.
    AnswerTooLarge,
    // ---- signing in
    /// The sign-in was refused: user name or password is wrong.
    WrongCredentials,
    /// The session has ended; sign in again.
    SignedOut,
    /// The API key that this instance signs in with is no longer accepted.
    ApiKeyRefused,
    /// The pair of cloud tokens is no longer accepted. `field` names the one, where known.
    CloudTokensRefused,
    /// The password is right, and the server asks for a code of the second factor.
    SecondFactorRequired,
    /// The code of the second factor is wrong, or was used already.
    SecondFactorRefused,
    /// The server asks for a captcha, whose exchange is not public.
    CaptchaRequired,
    /// Neither token nor host could be found in the text that was pasted.
    PasteNotUnderstood,
    /// The pasted request goes to another host than the address that was typed.
    PasteOtherHost,
    // ---- what the server says
    /// Signed in, but not allowed to do this.
    Forbidden,
    /// The thing is gone (or never was).
    NotFound,
    /// Someone else changed it in the meantime, or it contradicts what is there.
    Conflict,
    /// It would leave nobody who can do what this account can: the last owner, the last
    /// administrator.
    LastOfItsKind,
    /// The server refused the input; `field` says which, `detail` is the server's sentence.
    InputRefused,
    /// Too many requests; `retry_after` says how long to wait.
    RateLimited,
    /// The server failed.
    ServerFailed,
    /// The server is down for now.
    ServerUnavailable,
    /// A change was sent and its answer was lost: it may have happened.
    OutcomeUnknown,
    /// A key was made, and its value, which the server shows only once, was lost on the way.
    KeyNotReceived,
    /// This kind of server, or this way of signing in, cannot do that.
    NotSupported,
    // ---- rules checked before anything is sent
    /// A required field is empty.
    Required,
    /// Longer than the server takes.
    TooLong,
    /// Holds control characters or text-direction overrides.
    ForbiddenCharacters,
    /// The telephone number is not of the form `+` country code, digits.
    PhoneInvalid,
    /// The email address is not one.
    EmailInvalid,
    /// There is already an account with this email address.
    EmailTaken,
    /// Another key has this title (compared without case and invisible characters).
    TitleTaken,
    /// The date lies in the past by the server's clock.
    ExpirationPast,
    /// The date lies beyond the longest life the server grants.
    ExpirationTooFar,
    /// The current password is not right.
    CurrentPasswordWrong,
    /// The new password breaks a rule of the server.
    PasswordTooWeak,
    /// What was typed is not the phrase that confirms.
    PhraseMismatch,
    /// The file or answer is no description of an API that Keydesk can read.
    DescriptionNotUnderstood,
    // ---- pictures
    /// The file has 1,000,000 bytes or more.
    AvatarTooLarge,
    /// The content is neither PNG nor JPEG, whatever its name says.
    AvatarNotAnImage,
    /// More than 4096 pixels on a side.
    AvatarTooManyPixels,
    /// The picture is damaged or cut off.
    AvatarDamaged,
    /// The file could not be read, or is no file.
    FileUnreadable,
    // ---- this computer
    /// No keyring is running; the person may keep secrets until they quit.
    KeyringUnavailable,
    /// The keyring is locked, or its prompt was declined.
    KeyringLocked,
    /// The keyring did not answer in time.
    KeyringTimedOut,
    /// The keyring would not store the value.
    KeyringFailed,
    /// The clipboard could not be written.
    ClipboardFailed,
    /// The configuration can only be read (disk, rights, or written by a newer Keydesk).
    ConfigurationReadOnly,
    /// The embedded server could not be started.
    LocalServerFailed,
    /// There is no such instance any more.
    InstanceUnknown,
    /// The person cancelled.
    Cancelled,
    /// A defect of Keydesk itself.
    Internal,
}

/// The field of a form that an error belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Field {
    /// "Server address"
    Address,
    /// "User name"
    LoginName,
    /// "Password" of a sign-in
    Password,
    /// "Authorization"
    Authorization,
    /// "Access-token"
    AccessToken,
    /// "API key" of a sign-in
    ApiKey,
    /// A certificate file or fingerprint
    Certificate,
    /// "First Name"
    FirstName,
    /// "Last Name"
    LastName,
    /// "Email"
    Email,
    /// "Phone"
    Phone,
    /// "Position"
    Position,
    /// "Description"
    Description,
    /// The current password in a change of password
    CurrentPassword,
    /// The new password in a change of password
    NewPassword,
    /// "Username"
    UserName,
    /// "Full Name"
    FullName,
    /// "Display Name"
    DisplayName,
    /// A code of the second factor
    Code,
    /// "Roles"
    Roles,
    /// "Status" of a user
    Status,
    /// The phrase that confirms the deletion of an account
    Phrase,
    /// "Title" of a key
    Title,
    /// What a key is for
    KeyDescription,
    /// "Scopes" of a key
    Scopes,
    /// "Expiration Date" of a key
    Expiration,
    /// The avatar
    Avatar,
    /// The name that a person gives an instance
    Name,
}

/// An error of the domain. Holds no secret: `detail` is built from allow-listed facts
/// (host, port, fingerprint, dates) or the server's own sentence, scrubbed and shortened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What the interface acts on.
    pub code: ErrorCode,
    /// A stable English label, for logs and support.
    pub message: Cow<'static, str>,
    /// The field that the error belongs to.
    pub field: Option<Field>,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
    /// Copyable facts for support; no secret.
    pub detail: Option<String>,
}

impl Error {
    /// An error of this code with its label.
    pub fn new(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            message: message.into(),
            field: None,
            retry_after: None,
            detail: None,
        }
    }

    /// Names the field that the error belongs to.
    #[must_use]
    pub fn in_field(mut self, field: Field) -> Self {
        self.field = Some(field);
        self
    }

    /// Adds copyable facts. The caller has made sure that they hold no secret.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds how long to wait.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Whether a new sign-in (by whatever means the instance has) would help.
    pub fn asks_for_sign_in(&self) -> bool {
        matches!(
            self.code,
            ErrorCode::SignedOut | ErrorCode::ApiKeyRefused | ErrorCode::CloudTokensRefused
        )
    }
}

impl From<VaultError> for Error {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Unavailable => {
                Self::new(ErrorCode::KeyringUnavailable, "no keyring is running")
            }
            VaultError::Locked => Self::new(ErrorCode::KeyringLocked, "the keyring is locked"),
            VaultError::Denied => Self::new(
                ErrorCode::KeyringLocked,
                "access to the keyring was declined",
            ),
            VaultError::TimedOut => Self::new(
                ErrorCode::KeyringTimedOut,
                "the keyring did not answer in time",
            ),
            VaultError::TooLong => Self::new(
                ErrorCode::KeyringFailed,
                "the value is too long for the keyring",
            ),
            VaultError::Corrupt => Self::new(ErrorCode::KeyringFailed, "the keyring is damaged"),
            VaultError::Failed => Self::new(ErrorCode::KeyringFailed, "the keyring failed"),
        }
    }
}
