//! What a refusal means for the operation at hand, as a code that a person can act on.
//!
//! Fields and codes are asked first, words second: what an IDMP server says in a refusal is not
//! published. The interface never sees the words but as the server's own sentence.

use keydesk_core::instance::SignInMethod;
use keydesk_core::provider::RestsOn;
use keydesk_core::{Error, ErrorCode, Field};

use super::operations::Name;
use super::refusal::Refusal;
use crate::http::{Answer, Effect, Scrubber};
use crate::operations::Operation;

const CAPTCHA: [&str; 2] = ["captcha", "验证码"];
const ALREADY_THERE: [&str; 7] = [
    "exist",
    "duplicate",
    "taken",
    "unique",
    "already",
    "已存在",
    "重复",
];
const TITLE: [&str; 3] = ["title", "name", "标题"];
const EXPIRATION: [&str; 3] = ["expir", "过期", "有效期"];
const PAST: [&str; 4] = ["past", "later than", "future", "过去"];
const NEW_PASSWORD: [&str; 7] = [
    "new_password",
    "newpassword",
    "new password",
    "weak",
    "policy",
    "too short",
    "新密码",
];
const CURRENT_PASSWORD: [&str; 9] = [
    "old_password",
    "oldpassword",
    "old password",
    "current_password",
    "currentpassword",
    "current password",
    "original password",
    "旧密码",
    "原密码",
];
const PASSWORD: [&str; 2] = ["password", "密码"];
const WRONG: [&str; 5] = ["incorrect", "wrong", "mismatch", "not match", "错误"];

/// Everything that the meaning of an answer depends on.
pub(super) struct Context<'a> {
    pub(super) operation: &'a Operation<Name>,
    /// By which means the request was signed in; `None` where it was not.
    pub(super) method: Option<SignInMethod>,
    /// Host and port.
    pub(super) server: String,
    pub(super) scrubber: Scrubber<'a>,
}

impl Context<'_> {
    /// The error of a refusal.
    pub(super) fn refused(&self, refusal: &Refusal, answer: &Answer) -> Error {
        self.special(refusal)
            .unwrap_or_else(|| self.general(refusal, answer))
    }

    /// An answer that is not what the contract describes.
    pub(super) fn unexpected(&self, answer: &Answer, missing: &str) -> Error {
        let asks_who_is_there = matches!(self.operation.row.name, Name::SignIn | Name::Probe);
        let (code, label) = if answer.is_html() && asks_who_is_there {
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
        if !self.hands_out_secrets() && !answer.body.is_empty() {
            let body = String::from_utf8_lossy(&answer.body);
            detail = format!("{detail}: {}", self.scrubber.text(&body));
        }
        Error::new(code, label).with_detail(detail)
    }

    fn hands_out_secrets(&self) -> bool {
        matches!(
            self.operation.row.name,
            Name::SignIn | Name::ListKeys | Name::CreateKey | Name::CopyKey | Name::EditExpiration
        )
    }

    /// What only this operation can mean by it.
    fn special(&self, refusal: &Refusal) -> Option<Error> {
        let refused_input = matches!(refusal.status, 400 | 409 | 422);
        let says = |code, label: &'static str| Some(self.error(code, label, refusal));
        match self.operation.row.name {
            Name::SignIn if refusal.status < 500 && refusal.mentions(&CAPTCHA) => {
                says(ErrorCode::CaptchaRequired, "the server asks for a captcha")
            }
            Name::SignIn
                if matches!(refusal.status, 400 | 401 | 422)
                    || refusal.status == 404 && refusal.is_json =>
            {
                says(
                    ErrorCode::WrongCredentials,
                    "user name or password is wrong",
                )
            }
            Name::ChangePassword if refused_input || matches!(refusal.status, 401 | 403) => {
                self.password(refusal, refused_input)
            }
            Name::UploadAvatar => match refusal.status {
                413 => says(ErrorCode::AvatarTooLarge, "the picture is too large"),
                415 => says(ErrorCode::AvatarNotAnImage, "not a picture for the server"),
                _ if refused_input => says(ErrorCode::InputRefused, "the picture was refused"),
                _ => None,
            }
            .map(|error| error.in_field(Field::Avatar)),
            Name::CreateKey | Name::EditExpiration if refused_input => self.key(refusal),
            _ => None,
        }
    }

    fn password(&self, refusal: &Refusal, refused_input: bool) -> Option<Error> {
        let says = |code, label, field| Some(self.error(code, label, refusal).in_field(field));
        let about_new = match refusal.field.as_str() {
            "newpassword" => true,
            "oldpassword" | "currentpassword" => false,
            _ if refusal.mentions(&NEW_PASSWORD) => true,
            _ if refusal.mentions(&CURRENT_PASSWORD)
                || refusal.mentions(&PASSWORD) && refusal.mentions(&WRONG) =>
            {
                false
            }
            _ => return None,
        };
        if about_new && refused_input {
            let label = "the new password breaks a rule";
            return says(ErrorCode::PasswordTooWeak, label, Field::NewPassword);
        }
        (!about_new).then_some(())?;
        let label = "the current password is wrong";
        says(
            ErrorCode::CurrentPasswordWrong,
            label,
            Field::CurrentPassword,
        )
    }

    fn key(&self, refusal: &Refusal) -> Option<Error> {
        let says = |code, label, field| Some(self.error(code, label, refusal).in_field(field));
        let about_expiration = matches!(
            refusal.field.as_str(),
            "expiretime" | "expiration" | "expiresat" | "expirationdate"
        ) || refusal.field.is_empty() && refusal.mentions(&EXPIRATION);
        if about_expiration {
            if refusal.mentions(&PAST) {
                let label = "the date lies in the past";
                return says(ErrorCode::ExpirationPast, label, Field::Expiration);
            }
            let label = "the expiration was refused";
            return says(ErrorCode::InputRefused, label, Field::Expiration);
        }
        if self.operation.row.name != Name::CreateKey {
            return None;
        }
        let about_title = refusal.field == "title"
            || refusal.field.is_empty() && refusal.mentions(&TITLE)
            || refusal.status == 409 && refusal.sentence.is_none();
        let taken = refusal.status == 409 || refusal.mentions(&ALREADY_THERE);
        if about_title && taken {
            let label = "another key has this title";
            return says(ErrorCode::TitleTaken, label, Field::Title);
        }
        about_title.then_some(())?;
        says(
            ErrorCode::InputRefused,
            "the title was refused",
            Field::Title,
        )
    }

    /// What a status means everywhere.
    fn general(&self, refusal: &Refusal, answer: &Answer) -> Error {
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
            400..500 => {
                let mut error = says(ErrorCode::InputRefused, "the server refused the input");
                error.field = field(&refusal.field);
                error
            }
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
    fn error(&self, code: ErrorCode, label: &'static str, refusal: &Refusal) -> Error {
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

/// The form's field by the wire's name, in letters only.
fn field(name: &str) -> Option<Field> {
    Some(match name {
        "firstname" => Field::FirstName,
        "lastname" => Field::LastName,
        "email" => Field::Email,
        "phone" => Field::Phone,
        "position" => Field::Position,
        "description" => Field::Description,
        "loginname" => Field::LoginName,
        "oldpassword" | "currentpassword" => Field::CurrentPassword,
        "newpassword" => Field::NewPassword,
        "title" => Field::Title,
        "expiretime" => Field::Expiration,
        "file" | "avatar" => Field::Avatar,
        _ => return None,
    })
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
