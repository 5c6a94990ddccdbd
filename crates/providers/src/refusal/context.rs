//! What a refusal means whoever says it: by its status and by who was asking with what.
//!
//! Not here: fields and words of one kind of server, which it looks at first.

use keydesk_core::credential::Credential;
use keydesk_core::instance::SignInMethod;
use keydesk_core::provider::RestsOn;
use keydesk_core::{Error, ErrorCode, Field};

use super::Refusal;
use crate::http::{Answer, Effect, Scrubber};
use crate::operations::{Api, Call, Name, Operation};

/// Everything that the meaning of an answer depends on.
pub(crate) struct Context<'a, N: Name> {
    pub(crate) operation: &'a Operation<N>,
    /// By which means the request was signed in; `None` where it was not.
    method: Option<SignInMethod>,
    /// Host and port.
    server: String,
    scrubber: Scrubber<'a>,
    /// Whether this asks who is there at all: then a web page means that it is another server.
    pub(crate) is_greeting: bool,
    /// Whether the answer may hold a new secret, which no scrubber knows.
    pub(crate) hands_out_secrets: bool,
}

impl<'a, N: Name> Context<'a, N> {
    pub(crate) fn new(api: &'a Api<N>, call: &Call<'a, N>) -> Self {
        Self {
            operation: api.operations.get(call.name),
            method: call.credential.map(Credential::method),
            server: api.http.server().host_and_port(),
            scrubber: Scrubber::new(call.credential, &call.secrets()),
            is_greeting: false,
            hands_out_secrets: false,
        }
    }

    /// An answer that is not what the contract describes.
    pub(crate) fn unexpected(&self, answer: &Answer, missing: &str) -> Error {
        let (code, label) = if answer.is_html() && self.is_greeting {
            (ErrorCode::NotThisKindOfServer, "a web page, no such server")
        } else {
            (ErrorCode::UnexpectedAnswer, "an unexpected answer")
        };
        let mut detail = format!("{} answered {}", self.server, answer.status);
        if !answer.media_type.is_empty() {
            detail = format!("{detail} ({})", self.scrubber.text(&answer.media_type));
        }
        detail = format!("{detail} to {}: {missing}", self.operation.row.label);
        // What such an answer holds may be a new secret, which no scrubber knows.
        if !self.hands_out_secrets && !answer.body.is_empty() {
            let body = String::from_utf8_lossy(&answer.body);
            detail = format!("{detail}: {}", self.scrubber.text(&body));
        }
        Error::new(code, label).with_detail(detail)
    }

    /// What a status means everywhere.
    pub(crate) fn general(&self, refusal: &Refusal, answer: &Answer) -> Error {
        let says = |code, label: &'static str| self.error(code, label, refusal);
        match refusal.status {
            401 => self.signed_out(refusal, answer),
            403 => says(ErrorCode::Forbidden, "not allowed"),
            404 | 410 => self.not_found(refusal, answer),
            421 => says(
                ErrorCode::NotThisKindOfServer,
                "no such server at this address",
            ),
            405 | 501 => says(ErrorCode::NotSupported, "the server does not know this"),
            408 => says(ErrorCode::TimedOut, "the server gave up waiting"),
            409 | 412 => says(ErrorCode::Conflict, "it contradicts what is there"),
            429 => {
                let error = says(ErrorCode::RateLimited, "too many requests");
                with_wait(error, answer)
            }
            // A gateway that lost the server does not know what the server did.
            502 | 504 if self.operation.effect() == Effect::Changes => {
                says(ErrorCode::OutcomeUnknown, "the answer to a change was lost")
            }
            502..=504 => {
                let error = says(ErrorCode::ServerUnavailable, "the server is down for now");
                with_wait(error, answer)
            }
            500..600 => says(ErrorCode::ServerFailed, "the server failed"),
            400..500 => says(ErrorCode::InputRefused, "the server refused the input"),
            _ => self.unexpected(answer, "a status without a meaning here"),
        }
    }

    /// 401: by the kind of credential that was sent.
    fn signed_out(&self, refusal: &Refusal, answer: &Answer) -> Error {
        match self.method {
            Some(SignInMethod::ApiKey) => self
                .error(ErrorCode::ApiKeyRefused, "the API key was refused", refusal)
                .in_field(Field::ApiKey),
            Some(SignInMethod::CloudTokens) => {
                let label = "the cloud tokens were refused";
                let mut error = self.error(ErrorCode::CloudTokensRefused, label, refusal);
                error.field = refused_token(refusal, &answer.challenges);
                error
            }
            Some(SignInMethod::Password) | None => {
                self.error(ErrorCode::SignedOut, "the session has ended", refusal)
            }
        }
    }

    /// 404: the item is gone, the server does not know the operation, or it is another server.
    fn not_found(&self, refusal: &Refusal, answer: &Answer) -> Error {
        let from_application = refusal.is_json || answer.body.is_empty();
        let assumed = self.operation.rests_on != RestsOn::Documented
            && self.operation.rests_on != RestsOn::Inferred;
        let (code, label) = if self.operation.has_parameters() && from_application {
            (ErrorCode::NotFound, "it is not there")
        } else if assumed {
            (ErrorCode::NotSupported, "the server does not know this")
        } else if refusal.is_json && self.method.is_some() {
            (ErrorCode::NotFound, "it is not there")
        } else {
            (
                ErrorCode::NotThisKindOfServer,
                "no such server at this address",
            )
        };
        self.error(code, label, refusal)
    }

    /// An error with what the server said: alone where it is about the input, else with where and
    /// what.
    pub(crate) fn error(&self, code: ErrorCode, label: &'static str, refusal: &Refusal) -> Error {
        let sentence = refusal
            .sentence
            .as_deref()
            .map(|said| self.scrubber.text(said));
        let sentence = sentence.filter(|said| !said.is_empty());
        let about_input = matches!(code, ErrorCode::InputRefused | ErrorCode::PasswordTooWeak);
        let detail = match sentence {
            Some(sentence) if about_input => sentence,
            Some(sentence) => format!(
                "{} answered {} to {}: {sentence}",
                self.server, refusal.status, self.operation.row.label
            ),
            None => format!(
                "{} answered {} to {}",
                self.server, refusal.status, self.operation.row.label
            ),
        };
        Error::new(code, label).with_detail(detail)
    }
}

fn with_wait(error: Error, answer: &Answer) -> Error {
    match answer.retry_after {
        Some(wait) => error.retry_after(wait),
        None => error,
    }
}

/// Which of the two tokens was refused, where the server tells: by field, by challenge, or by
/// naming one alone. "Access token" with a blank is no hint: so the standard calls the other one.
fn refused_token(refusal: &Refusal, challenges: &str) -> Option<Field> {
    let named = |text: &str| {
        let access_token = text.contains("access-token") || text.contains("access_token");
        match (text.contains("authorization"), access_token) {
            (true, false) => Some(Field::Authorization),
            (false, true) => Some(Field::AccessToken),
            _ => None,
        }
    };
    match refusal.field.as_str() {
        "authorization" => return Some(Field::Authorization),
        "accesstoken" => return Some(Field::AccessToken),
        _ => {}
    }
    if let Some(field) = named(challenges) {
        return Some(field);
    }
    if challenges.contains("bearer") && challenges.contains("error=") {
        return Some(Field::Authorization);
    }
    named(&refusal.words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(field: &str, words: &str) -> Refusal {
        Refusal {
            status: 401,
            sentence: None,
            field: field.to_owned(),
            words: words.to_owned(),
            is_json: true,
        }
    }

    #[test]
    fn the_refused_token_is_named_only_where_the_server_tells() {
        let told = |field, words, challenges| refused_token(&refusal(field, words), challenges);
        assert_eq!(
            told("accesstoken", "authorization", ""),
            Some(Field::AccessToken)
        );
        assert_eq!(
            told("", "", "access-token error=\"x\""),
            Some(Field::AccessToken)
        );
        assert_eq!(
            told(
                "",
                "",
                "bearer error=\"invalid_token\", error_description=\"the access token expired\""
            ),
            Some(Field::Authorization)
        );
        assert_eq!(
            told("", "missing access-token", ""),
            Some(Field::AccessToken)
        );
        assert_eq!(told("", "authorization and access-token", "bearer"), None);
        assert_eq!(told("", "unauthorized", ""), None);
    }
}
