//! What goes over the wire in more than one operation.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

pub(super) use crate::secret_text::SecretText;

use crate::accounts::Page;
use crate::clock::UnixMillis;
use crate::store::users::User;

/// The envelope of most answers.
#[derive(Serialize, ToSchema)]
pub(super) struct Envelope<T> {
    /// 0: it was done.
    #[schema(example = 0)]
    code: u16,
    /// `success`.
    #[schema(example = "success")]
    message: &'static str,
    /// What was asked for.
    data: T,
}

/// Puts an answer into its envelope.
pub(super) fn enveloped<T>(data: T) -> Json<Envelope<T>> {
    Json(Envelope {
        code: 0,
        message: "success",
        data,
    })
}

/// The envelope of operations that only do something.
#[derive(Serialize, ToSchema)]
pub(super) struct Done {
    /// 0: it was done.
    #[schema(example = 0)]
    code: u16,
    /// `success`.
    #[schema(example = "success")]
    message: &'static str,
}

/// The answer of operations that only do something.
pub(super) fn done() -> Json<Done> {
    Json(Done {
        code: 0,
        message: "success",
    })
}

/// A part of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct PageBody<T> {
    /// The page, starting at 1.
    current: u32,
    /// Rows a page.
    size: u32,
    /// Rows on all pages.
    total: u64,
    /// The rows of this page.
    rows: Vec<T>,
}

impl<T> PageBody<T> {
    pub(super) fn of<R>(page: Page<R>, row: impl Fn(R) -> T) -> Self {
        Self {
            current: page.request.current,
            size: page.request.size,
            total: page.total,
            rows: page.rows.into_iter().map(row).collect(),
        }
    }
}

/// How an account signs in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum LoginType {
    /// With a password of this server.
    Local,
    /// At an identity provider.
    OAuth,
}

impl LoginType {
    fn of(user: &User) -> Self {
        if user.password_hash.is_some() {
            Self::Local
        } else {
            Self::OAuth
        }
    }
}

/// The signed-in user.
#[derive(Serialize, ToSchema)]
pub(super) struct UserBody {
    id: String,
    first_name: String,
    last_name: String,
    /// The address with which the account signs in; it cannot be changed.
    email: String,
    phone: String,
    position: String,
    description: String,
    login_type: LoginType,
    role: String,
    /// When the account was made.
    create_time: UnixMillis,
}

impl From<User> for UserBody {
    fn from(user: User) -> Self {
        Self {
            login_type: LoginType::of(&user),
            id: user.id,
            first_name: user.profile.first_name,
            last_name: user.profile.last_name,
            email: user.email,
            phone: user.profile.phone,
            position: user.profile.position,
            description: user.profile.description,
            role: user.role,
            create_time: user.create_time,
        }
    }
}

/// A user as others see them.
#[derive(Serialize, ToSchema)]
pub(super) struct DirectoryEntry {
    id: String,
    first_name: String,
    last_name: String,
    email: String,
    position: String,
    login_type: LoginType,
}

impl From<User> for DirectoryEntry {
    fn from(user: User) -> Self {
        Self {
            login_type: LoginType::of(&user),
            id: user.id,
            first_name: user.profile.first_name,
            last_name: user.profile.last_name,
            email: user.email,
            position: user.profile.position,
        }
    }
}
