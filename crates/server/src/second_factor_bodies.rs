//! Bodies about the second factor, which are the same in every dialect that has one. How it
//! stands, and how recovery codes are called, differs; that is said there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::SecondFactorSetUp;
use crate::secret_text::SecretText;

/// Who begins a second factor.
#[derive(Deserialize, ToSchema)]
pub(crate) struct StartRequest {
    #[schema(value_type = String, format = Password)]
    pub(crate) password: SecretText,
    /// Where one is enabled already, a code of it: the new one takes its place.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "123456")]
    pub(crate) code: Option<SecretText>,
}

/// What an authenticator app needs. It is in this one answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct SetUpBody {
    /// For typing, in Base32.
    #[schema(value_type = String)]
    secret: SecretText,
    /// For a QR code: an `otpauth` address.
    #[schema(value_type = String)]
    uri: SecretText,
}

impl From<SecondFactorSetUp> for SetUpBody {
    fn from(set_up: SecondFactorSetUp) -> Self {
        Self {
            secret: SecretText(set_up.secret),
            uri: SecretText(set_up.uri),
        }
    }
}

/// A code of the authenticator app.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CodeRequest {
    #[schema(value_type = String, example = "123456")]
    pub(crate) code: SecretText,
}

/// Who changes what guards the account.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ProofRequest {
    #[schema(value_type = String, format = Password)]
    pub(crate) password: SecretText,
    /// A code of the authenticator app, or a recovery code.
    #[schema(value_type = String, example = "123456")]
    pub(crate) code: SecretText,
}
