//! How much one client may take: connections, time, bytes. Named here, applied in `serve`.

use std::time::Duration;

/// Connections at once; further ones wait to be accepted. With the database's files it stays
/// below the 1,024 that a process may usually have open.
pub(crate) const MAX_CONNECTIONS: usize = 900;
/// For the head of a request to arrive, and for a connection to stay idle. Longer than clients
/// keep an idle connection, ten seconds in ours: a change that is sent into one which is being
/// closed has an unknown outcome.
pub(crate) const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// The most bytes of a request's head.
pub(crate) const MAX_HEADER_BYTES: usize = 32 * 1024;
/// For the body to arrive and the answer to be made.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// For a connection as a whole: one that never reads its answers does not stay for ever.
pub(crate) const CONNECTION_LIFE: Duration = Duration::from_mins(10);
/// The most bytes of a request's body.
pub(crate) const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;
/// For requests under way to finish when the server ends.
pub(crate) const SHUTDOWN_GRACE: Duration = Duration::from_secs(5);
