//! A second factor: an authenticator app, and codes for the day on which it is lost.
//!
//! Not here: computing a code. That is the app's task, and Keydesk must not be both factors.

use keydesk_vault::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;
use zeroize::Zeroizing;

use crate::time::Timestamp;
use crate::{Error, ErrorCode, Field, Result};

/// The longest code that is sent: recovery codes are longer than an app's six digits.
const CODE_LENGTH: usize = 64;

/// What the server says of the account's second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SecondFactor {
    /// Whether sign-in asks for it.
    pub enabled: bool,
    /// Since when, where the server tells.
    pub since: Option<Timestamp>,
    /// How many recovery codes are left, where the server has them.
    pub recovery_codes_left: Option<u32>,
}

/// A second factor that is being set up: what the authenticator app must learn.
#[derive(Debug)]
pub struct Enrolment {
    /// `otpauth://…`, for the QR code.
    pub uri: SecretString,
    /// The same secret in letters and digits, to be typed.
    pub secret: SecretString,
}

/// What proves that a change of the second factor is the person's own. Empty where the server
/// does not ask for it.
#[derive(Debug)]
pub struct Proof {
    /// The account's password.
    pub password: SecretString,
    /// A code of the app, or a recovery code; empty as well while no second factor is in force.
    pub code: SecretString,
}

/// A code without the spaces that apps show for reading.
///
/// # Errors
/// `Required`, or `SecondFactorRefused` for what no code is, each with its field
pub fn typed_code(typed: &SecretString) -> Result<SecretString> {
    let bare: Zeroizing<String> = Zeroizing::new(
        typed
            .expose()
            .chars()
            .filter(|character| !character.is_whitespace())
            .collect(),
    );
    if bare.is_empty() {
        return Err(
            Error::new(ErrorCode::Required, "a required field is empty").in_field(Field::Code)
        );
    }
    if bare.len() > CODE_LENGTH {
        return Err(
            Error::new(ErrorCode::SecondFactorRefused, "no code is that long")
                .in_field(Field::Code),
        );
    }
    Ok(SecretString::from(bare.as_str().to_owned()))
}
