//! How long and how much: every number of the client in one place.

use std::time::Duration;

/// Until a connection stands, encryption included.
const CONNECT: Duration = Duration::from_secs(10);
/// Between two pieces of an answer, and until its head where no file is sent.
const READ: Duration = Duration::from_secs(15);
/// For a whole operation, its repetitions included.
const TOTAL: Duration = Duration::from_secs(30);
/// For a whole operation that sends a picture.
const UPLOAD: Duration = Duration::from_mins(1);
/// For a question that is only asked out of politeness: the server's version.
const BRIEF: Duration = Duration::from_secs(3);

/// Before the first repetition; doubled each time, up to twice as long by chance.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause of our own choice between two tries.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// How often a safe request is repeated.
pub(super) const REPETITIONS: usize = 2;
/// The longest wait a server may ask for and still be waited for in silence; beyond it the
/// person is told.
const PATIENCE: Duration = Duration::from_secs(10);
/// A server that asks for more than this is not believed.
pub(super) const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// How long an unused connection is kept. Short, since a server or a sleeping computer ends it
/// unseen, and a change that is sent into a dead connection has an unknown outcome.
pub(super) const POOL_IDLE: Duration = Duration::from_secs(10);

/// A JSON answer, counted after decompression.
pub(crate) const JSON_LIMIT: usize = 2 * 1024 * 1024;
/// A server's description of its API.
pub(crate) const DESCRIPTION_LIMIT: usize = 10 * 1024 * 1024;
/// A picture as it is downloaded.
pub(crate) const AVATAR_LIMIT: usize = 1024 * 1024;

/// Deadlines and pauses of one provider. The defaults are what the app uses; a test shortens
/// them to see a deadline pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Until a connection stands, encryption included.
    pub connect: Duration,
    /// Between two pieces of an answer, and until its head where no file is sent.
    pub read: Duration,
    /// For a whole operation, its repetitions included.
    pub total: Duration,
    /// For a whole operation that sends a picture.
    pub upload: Duration,
    /// For the question after the server's version.
    pub brief: Duration,
    /// Before the first repetition of a safe request.
    pub first_pause: Duration,
    /// The longest wait asked for by a server that is waited for in silence.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: CONNECT,
            read: READ,
            total: TOTAL,
            upload: UPLOAD,
            brief: BRIEF,
            first_pause: FIRST_PAUSE,
            patience: PATIENCE,
        }
    }
}
