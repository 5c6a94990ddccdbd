//! Saving an edit of the account, field by field, without undoing what someone else did meanwhile.

use std::sync::{Mutex, PoisonError};

use keydesk_core::credential::Credential;
use keydesk_core::profile::{Profile, ProfileEdit};
use keydesk_core::{Error, ErrorCode, Result};
use reqwest::header::{HeaderValue, IF_MATCH};

use super::call::{Api, Call};
use super::operations::Name;
use super::wire::{self, Persona};

/// How often an edit is made again because the account has changed in another field meanwhile.
const TRIES: usize = 4;

/// An account as it was read, and the server's name of that state.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) profile: Profile,
    pub(super) persona: Persona,
    entity_tag: Option<HeaderValue>,
}

/// What the person saw last: the edit begins from there.
#[derive(Debug, Default)]
pub(super) struct LastSeen(Mutex<Option<Seen>>);

impl LastSeen {
    pub(super) fn set(&self, seen: &Seen) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen.clone());
    }

    /// Someone else may sign in: what was seen is no beginning any more.
    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn get(&self) -> Option<Seen> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// The fields of an edit that this server may have, by its names.
fn fields(edit: &ProfileEdit) -> [(&'static str, &str); 4] {
    [
        ("firstName", &edit.first_name),
        ("lastName", &edit.last_name),
        ("displayName", &edit.full_name),
        ("email", &edit.email),
    ]
}

/// The account as it is.
pub(super) async fn read(api: &Api, credential: &Credential) -> Result<Seen> {
    ask(api, &Call::by(Name::Account, credential)).await
}

/// Saves what the edit changes of what was seen. Where the account has changed since, the edit is
/// made on top of that, unless it is about the same field.
///
/// # Errors
/// `Conflict` where someone else has given one of these fields another value.
pub(super) async fn update(
    api: &Api,
    credential: &Credential,
    last_seen: &LastSeen,
    edit: &ProfileEdit,
) -> Result<Seen> {
    let mut seen = match last_seen.get() {
        Some(seen) => seen,
        None => read(api, credential).await?,
    };
    let before = ProfileEdit::of(&seen.profile);
    let changes: Vec<_> = fields(&before)
        .into_iter()
        .zip(fields(edit))
        .filter(|((_, before), (_, after))| before != after)
        .map(|((name, before), (_, after))| (name, before, after))
        .collect();
    for _ in 0..TRIES {
        let now = ProfileEdit::of(&seen.profile);
        let is_now = |name, value| fields(&now).contains(&(name, value));
        let contradicts = changes
            .iter()
            .any(|&(name, before, after)| !is_now(name, before) && !is_now(name, after));
        if contradicts {
            return Err(Error::new(
                ErrorCode::Conflict,
                "this field was changed elsewhere meanwhile",
            ));
        }
        let to_do: Vec<_> = changes
            .iter()
            .filter(|&&(name, _, after)| !is_now(name, after))
            .collect();
        if to_do.is_empty() {
            return Ok(seen);
        }
        let mut call = Call::by(Name::UpdateAccount, credential);
        if let Some(tag) = &seen.entity_tag {
            call = call.header(IF_MATCH, tag.clone());
        }
        for &&(name, _, after) in &to_do {
            call = call.field(name, after);
        }
        match ask(api, &call).await {
            Err(error) if error.code == ErrorCode::Conflict => {
                seen = read(api, credential).await?;
            }
            saved => return saved,
        }
    }
    Err(Error::new(
        ErrorCode::Conflict,
        "the account changes all the time",
    ))
}

async fn ask(api: &Api, call: &Call<'_>) -> Result<Seen> {
    let reply = api.ask(call).await?;
    let (Some(profile), Some(persona)) = (wire::profile(reply.body()), wire::persona(reply.body()))
    else {
        return Err(api.unexpected(call, &reply, "no account"));
    };
    let tag = reply.answer.entity_tag.as_deref();
    Ok(Seen {
        profile,
        persona,
        entity_tag: tag.and_then(|tag| HeaderValue::from_str(tag).ok()),
    })
}
