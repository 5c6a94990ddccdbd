//! Sentences for people that every dialect says alike, and the header that says when to come
//! again. What a refusal is called on a wire, and with which status it goes, is said there.

use std::time::Duration;

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderValue};

use crate::accounts::{AvatarProblem, MAX_AVATAR_BYTES, MAX_AVATAR_SIDE, Problem};
use crate::guard::Interruption;
use crate::json_body::BodyRefusal;
use crate::store::Outage;

/// Why a request ended before anything answered it.
pub(crate) fn of_interruption(interruption: Interruption) -> &'static str {
    match interruption {
        Interruption::HostMalformed => "The request must name exactly one host.",
        Interruption::NotThisServer => "This server is not known by that name.",
        Interruption::ForeignOrigin => "Web pages of other servers may not use this one.",
        Interruption::TooSlow => "The request took too long and was given up.",
        Interruption::NoSuchRoute => "There is nothing at this path.",
        Interruption::NoSuchMethod => "This path does not know that method.",
        Interruption::Panicked => "The server met an error of its own.",
    }
}

/// Why a body was not taken.
pub(crate) fn of_body(refusal: &BodyRefusal) -> &'static str {
    match refusal {
        BodyRefusal::NotJson => "The body must be JSON, and its content type application/json.",
        BodyRefusal::TooLarge => "The body is too large.",
        BodyRefusal::Incomplete => "The body did not arrive whole.",
        BodyRefusal::Malformed => "The body is not well-formed JSON.",
        BodyRefusal::Misfit(misfit) if misfit.path.is_empty() => {
            "The body must be an object with each entry once."
        }
        BodyRefusal::Misfit(misfit) if misfit.is_missing => "This may not be left out.",
        BodyRefusal::Misfit(_) => "This is not of the right form.",
    }
}

/// Why the database did not do its part.
pub(crate) fn of_outage(outage: Outage) -> &'static str {
    match outage {
        Outage::Full => "The server's disk is full: nothing was changed.",
        Outage::Busy => "The server's database is in use: nothing was changed.",
        Outage::Broken => "The server met an error of its own.",
    }
}

/// What is wrong with an entry.
pub(crate) fn of_problem(problem: Problem) -> String {
    match problem {
        Problem::Empty => "This may not be empty.".to_owned(),
        Problem::TooShort { min } => format!("This needs at least {min} characters."),
        Problem::TooLong { max } => format!("This may have at most {max} characters."),
        Problem::ForbiddenCharacter => {
            "This holds control characters, or characters that turn text around.".to_owned()
        }
        Problem::Malformed => "This is not of the right form.".to_owned(),
        Problem::NotInTheFuture => "This must be later than now.".to_owned(),
        Problem::TooFar => "This is later than it may be.".to_owned(),
        Problem::UnknownValue => "There is no such value.".to_owned(),
        Problem::OutOfRange => "This is out of range.".to_owned(),
        Problem::TooCommon => "This password is too easily guessed.".to_owned(),
        Problem::Wrong => "This is not right.".to_owned(),
    }
}

/// Why a picture was not taken.
pub(crate) fn of_picture(problem: AvatarProblem) -> String {
    match problem {
        AvatarProblem::TooManyBytes => {
            format!("A picture has at most {MAX_AVATAR_BYTES} bytes.")
        }
        AvatarProblem::NotAPicture => "Only JPG, JPEG and PNG pictures are taken.".to_owned(),
        AvatarProblem::Damaged => "The picture is damaged and cannot be decoded.".to_owned(),
        AvatarProblem::TooManyPixels => {
            format!("A picture has at most {MAX_AVATAR_SIDE} pixels a side.")
        }
    }
}

/// Says when to come again, in whole seconds, rounded up: whoever comes at that time is let in.
pub(crate) fn retry_after(headers: &mut HeaderMap, wait: Duration) {
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
        headers.insert(RETRY_AFTER, value);
    }
}
