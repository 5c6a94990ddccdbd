//! What a refusal means for the operation at hand, as a code that a person can act on.
//!
//! Fields and codes are asked first, words second: what an IDMP server says in a refusal is not
//! published. The interface never sees the words but as the server's own sentence.

use keydesk_core::{Error, ErrorCode, Field};

use super::call::{Api, Call};
use super::operations::Name;
use crate::http::Answer;
use crate::refusal::{self, Refusal};

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

/// What the meaning of an answer depends on.
pub(super) struct Context<'a>(refusal::Context<'a, Name>);

impl<'a> Context<'a> {
    pub(super) fn new(api: &'a Api, call: &Call<'a>) -> Self {
        use Name::{CopyKey, CreateKey, EditExpiration, ListKeys, Probe, SignIn};
        let mut context = refusal::Context::new(api, call);
        context.is_greeting = matches!(call.name, SignIn | Probe);
        context.hands_out_secrets = matches!(
            call.name,
            SignIn | ListKeys | CreateKey | CopyKey | EditExpiration
        );
        Self(context)
    }

    /// The error of a refusal.
    pub(super) fn refused(&self, refusal: &Refusal, answer: &Answer) -> Error {
        self.special(refusal).unwrap_or_else(|| {
            let mut error = self.0.general(refusal, answer);
            if error.code == ErrorCode::InputRefused {
                error.field = field(&refusal.field);
            }
            error
        })
    }

    /// An answer that is not what the contract describes.
    pub(super) fn unexpected(&self, answer: &Answer, missing: &str) -> Error {
        self.0.unexpected(answer, missing)
    }

    /// What only this operation can mean by it.
    fn special(&self, refusal: &Refusal) -> Option<Error> {
        let refused_input = matches!(refusal.status, 400 | 409 | 422);
        let says = |code, label: &'static str| Some(self.0.error(code, label, refusal));
        match self.0.operation.row.name {
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
        let says = |code, label, field| Some(self.0.error(code, label, refusal).in_field(field));
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
        let says = |code, label, field| Some(self.0.error(code, label, refusal).in_field(field));
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
        if self.0.operation.row.name != Name::CreateKey {
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
