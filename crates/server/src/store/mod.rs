//! The database: one `SQLite` file, one connection, one module per thing that is kept.
//!
//! Every change is one transaction, written through to the disk before it is answered. The
//! command line changes the same file while a server runs, so nothing is cached here. What
//! may be stored is decided in `accounts`; the modules here only read and write rows.

pub(crate) mod api_keys;
pub(crate) mod avatars;
pub(crate) mod idempotency;
pub(crate) mod login_failures;
pub(crate) mod organizations;
pub(crate) mod people;
pub(crate) mod portal_roles;
pub(crate) mod second_factors;
pub(crate) mod security_log;
pub(crate) mod sessions;
pub(crate) mod usage;
pub(crate) mod users;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::Type;
use rusqlite::{Connection, ErrorCode, Row, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

use crate::vocabulary::Named;

/// How long one process waits for another that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The changes of the schema, in their order. What was released stays as it is.
fn migrations() -> Migrations<'static> {
    let write_names = |transaction: &Transaction<'_>| Ok(users::write_name_keys(transaction)?);
    Migrations::new(vec![
        M::up(include_str!("schema_1.sql")),
        M::up(include_str!("schema_2.sql")),
        M::up_with_hook(include_str!("schema_3.sql"), write_names),
    ])
}

/// Why the database could not do its part.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk, or the limit set for the database, is full. Reading still works.
    #[error("the disk is full")]
    Full,
    /// Another process kept the database locked for longer than the wait.
    #[error("the database is in use by another process")]
    Busy,
    /// `SQLite`'s own check found damage.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The database is of a newer release, or its schema could not be brought up to date.
    #[error("the database cannot be used by this release: {0}")]
    Schema(rusqlite_migration::Error),
    /// The work was ended in the middle; its transaction is rolled back.
    #[error("the work was interrupted")]
    Interrupted,
    /// Any other refusal of `SQLite`.
    #[error("the database refused: {0}")]
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged(error.to_string())
            }
            _ => Self::Sqlite(error),
        }
    }
}

/// What a failing database means to whoever asked for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outage {
    /// There is no room. Reading still works.
    Full,
    /// Somebody else is writing: it passes.
    Busy,
    /// Nobody outside can do anything about it.
    Broken,
}

impl StoreError {
    /// What it means; what only an administrator can mend is logged.
    pub(crate) fn outage(&self) -> Outage {
        match self {
            Self::Full => Outage::Full,
            Self::Busy => Outage::Busy,
            Self::Damaged(_) | Self::Schema(_) | Self::Interrupted | Self::Sqlite(_) => {
                tracing::error!(error = %self, "the database failed");
                Outage::Broken
            }
        }
    }
}

/// The open database. Clones share the connection.
#[derive(Clone)]
pub(crate) struct Store {
    connection: Arc<Mutex<Connection>>,
}

impl Store {
    /// Opens the file, checks it, and brings its schema up to date.
    ///
    /// `limit` is the most bytes that the database may grow to.
    pub(crate) fn open(path: &Path, limit: Option<u64>) -> Result<Self, StoreError> {
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        // What is deleted is overwritten: a removed key leaves nothing in a stolen file.
        connection.pragma_update(None, "secure_delete", true)?;
        let health: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if health != "ok" {
            return Err(StoreError::Damaged(health));
        }
        migrations()
            .to_latest(&mut connection)
            .map_err(StoreError::Schema)?;
        if let Some(limit) = limit {
            let page_size: u64 = connection.query_row("PRAGMA page_size", [], |row| row.get(0))?;
            let pages = i64::try_from(limit / page_size.max(1)).unwrap_or(i64::MAX);
            connection.pragma_update(None, "max_page_count", pages.max(1))?;
        }
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
        })
    }

    /// Reads, in one consistent view.
    pub(crate) async fn read<T, E>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.run(TransactionBehavior::Deferred, move |transaction| {
            work(transaction)
        })
        .await
    }

    /// Changes, all or nothing: an error of `work` undoes everything that it did.
    pub(crate) async fn write<T, E>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.run(TransactionBehavior::Immediate, work).await
    }

    async fn run<T, E>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let connection = Arc::clone(&self.connection);
        tokio::task::spawn_blocking(move || {
            // A panic elsewhere rolled its transaction back; the connection is sound.
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            let transaction = connection
                .transaction_with_behavior(behavior)
                .map_err(|error| E::from(error.into()))?;
            let value = work(&transaction)?;
            transaction
                .commit()
                .map_err(|error| E::from(error.into()))?;
            Ok(value)
        })
        .await
        .unwrap_or_else(|_| Err(E::from(StoreError::Interrupted)))
    }
}

/// Whether `SQLite` refused because the row would break a UNIQUE rule.
pub(crate) fn breaks_uniqueness(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error(),
        Some(cause) if cause.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
            || cause.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
    )
}

/// The member of a closed list whose name stands in this column.
fn named<T: Named>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let name: String = row.get(column)?;
    T::named(&name).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            Type::Text,
            format!("a release that does not know {name:?} reads it").into(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Dialect;

    #[test]
    fn the_migrations_are_sound() {
        assert!(migrations().validate().is_ok());
    }

    const USER: &str = "INSERT INTO users (id, email, email_key, login_name_mac, first_name, \
        last_name, role, create_time) VALUES ('ada', 'a', 'a', x'00', 'A', 'L', 'user', 0)";

    #[test]
    fn keys_of_the_first_schema_become_those_of_their_dialect() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection
            .pragma_update(None, "foreign_keys", true)
            .unwrap();
        let migrations = migrations();
        migrations.to_version(&mut connection, 1).unwrap();
        connection.execute_batch(USER).unwrap();
        let key = "INSERT INTO api_keys (number, id, user_id, title, title_key, secret_hash, \
            secret_tail, sealed_value, create_time) \
            VALUES (7, 'one', 'ada', 'CI', 'ci', x'01', 'tail', x'02', 5)";
        connection.execute_batch(key).unwrap();
        migrations.to_latest(&mut connection).unwrap();
        let found: (i64, String, bool, Vec<u8>) = connection
            .query_row(
                "SELECT number, dialect, organization_id IS NULL, sealed_value \
                 FROM api_keys WHERE id = 'one'",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
            )
            .unwrap();
        assert_eq!(found, (7, "idmp".to_owned(), true, vec![2]));
        let violations = connection
            .prepare("PRAGMA foreign_key_check")
            .unwrap()
            .exists([])
            .unwrap();
        assert!(!violations);
    }

    #[test]
    fn calls_and_names_of_the_second_schema_are_found_in_the_third() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection
            .pragma_update(None, "foreign_keys", true)
            .unwrap();
        let migrations = migrations();
        migrations.to_version(&mut connection, 2).unwrap();
        connection.execute_batch(USER).unwrap();
        connection
            .execute_batch(
                "UPDATE users SET first_name = 'Zo\u{eb}', last_name = 'LOVELACE'; \
                 INSERT INTO api_keys (id, user_id, dialect, title, title_key, secret_hash, \
                     secret_tail, create_time) \
                     VALUES ('one', 'ada', 'portal', 'CI', 'ci', x'01', 'tail', 5); \
                 INSERT INTO api_key_usage VALUES ('one', 20000, 3)",
            )
            .unwrap();
        migrations.to_latest(&mut connection).unwrap();
        let name: String = connection
            .query_row("SELECT name_key FROM users", [], |row| row.get(0))
            .unwrap();
        assert_eq!(name, "zo\u{eb} lovelace");
        let list = api_keys::KeyList {
            user_id: "ada".to_owned(),
            dialect: Dialect::Portal,
            organization_id: None,
        };
        let deleted = api_keys::delete(&connection, &list, "one").unwrap();
        assert_eq!(deleted.as_deref(), Some("CI"));
        assert_eq!(usage::calls_on(&connection, &list, 20_000).unwrap(), 3);
        users::delete(&connection, "ada").unwrap();
        assert_eq!(usage::calls_on(&connection, &list, 20_000).unwrap(), 0);
    }

    #[test]
    fn what_others_see_of_a_user_makes_a_new_version() {
        let mut connection = Connection::open_in_memory().unwrap();
        let migrations = migrations();
        migrations.to_latest(&mut connection).unwrap();
        connection.execute_batch(USER).unwrap();
        let version = || -> i64 {
            connection
                .query_row("SELECT version FROM users", [], |row| row.get(0))
                .unwrap()
        };
        let mut known = version();
        for (change, is_seen) in [
            ("UPDATE users SET display_name = 'Ada'", true),
            ("UPDATE users SET active = 0", true),
            ("INSERT INTO portal_roles VALUES ('ada', 'admin')", true),
            ("DELETE FROM portal_roles", true),
            ("UPDATE users SET last_login_time = 1", false),
            ("UPDATE users SET password_hash = 'x'", false),
        ] {
            connection.execute_batch(change).unwrap();
            assert_eq!(version() > known, is_seen, "{change}");
            known = version();
        }
    }

    #[test]
    fn a_damaged_database_is_not_opened() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keydesk.db");
        std::fs::write(&path, vec![b'x'; 8192]).unwrap();
        assert!(matches!(
            Store::open(&path, None),
            Err(StoreError::Damaged(_))
        ));
    }

    #[test]
    fn a_database_of_a_newer_release_is_not_opened() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("keydesk.db");
        drop(Store::open(&path, None).unwrap());
        let connection = Connection::open(&path).unwrap();
        connection
            .pragma_update(None, "user_version", 1000)
            .unwrap();
        drop(connection);
        assert!(matches!(
            Store::open(&path, None),
            Err(StoreError::Schema(_))
        ));
    }

    #[tokio::test]
    async fn an_error_undoes_the_whole_change() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("keydesk.db"), None).unwrap();
        let outcome: Result<(), StoreError> = store
            .write(|transaction| {
                transaction.execute("INSERT INTO login_failures VALUES (x'00', 1, 0, 0)", [])?;
                Err(StoreError::Busy)
            })
            .await;
        assert!(outcome.is_err());
        let count: i64 = store
            .read(|connection| {
                Ok::<_, StoreError>(connection.query_row(
                    "SELECT count(*) FROM login_failures",
                    [],
                    |row| row.get(0),
                )?)
            })
            .await
            .unwrap();
        assert_eq!(count, 0);
    }
}
