//! Opening the embedded engine, with every setting that safety rests on read back after it was set.
//!
//! One connection writes and a few read, in each process. Several processes may share the file: the writer takes the
//! lock when its transaction begins (`BEGIN IMMEDIATE`), so that it cannot fail in the middle for want of it.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions, Connection, Executor, Row};

use super::constraint::ConstraintNames;
use super::error::DatabaseError;
use super::{ACQUIRE_WAIT, READERS, may_serve_again};

/// The first release in which a writer racing a checkpoint cannot lose commits.
const OLDEST: (u32, u32, u32) = (3, 51, 3);

/// How long a writer waits for another process before it says that the database is not available.
const BUSY_MS: i64 = 5000;

/// How often switching a new file to write-ahead logging is tried, 100 ms apart: when two processes create it at
/// once, SQLite refuses one of them without waiting.
const SWITCH_ATTEMPTS: u32 = 50;

/// Opens the file, creating it for its owner only.
pub(super) async fn open(path: &Path) -> Result<(AnyPool, AnyPool), DatabaseError> {
    let options = options(&create(path)?)?;
    // Tried alone first, because a pool answers every refusal of `set_up` with a time-out.
    let mut first = AnyConnection::connect_with(&options).await.map_err(|error| refused(path, &error))?;
    set_up(&mut first, false).await.map_err(|error| refused(path, &error))?;
    let writer = pool(1, false).connect_with(options.clone()).await.map_err(|error| refused(path, &error))?;
    let readers = pool(READERS, true).connect_with(options).await.map_err(|error| refused(path, &error))?;
    first.close().await.map_err(|error| refused(path, &error))?;
    Ok((writer, readers))
}

/// The names of its unique constraints.
pub(super) async fn constraint_names(readers: &AnyPool) -> Result<ConstraintNames, sqlx::Error> {
    let sql = "SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name";
    let mut texts = Vec::new();
    for row in readers.fetch_all(sql).await? {
        texts.push((row.try_get::<String, _>(0)?, row.try_get::<String, _>(1)?));
    }
    Ok(ConstraintNames::learn(texts.iter().map(|(table, sql)| (table.as_str(), sql.as_str()))))
}

/// Writes the log into the file and cuts it to nothing. Answers whether that was possible: SQLite reports a reader in its
/// way in the row it returns, and not as an error.
pub(super) async fn cut_log(writer: &AnyPool) -> Result<bool, sqlx::Error> {
    let busy: i64 = writer.fetch_one("PRAGMA wal_checkpoint(TRUNCATE)").await?.try_get(0)?;
    Ok(busy == 0)
}

fn create(path: &Path) -> Result<PathBuf, DatabaseError> {
    let unsuitable = |cause: std::io::Error| DatabaseError::Unsuitable(format!("{}: {cause}", path.display()));
    // SQLite gives its side files the mode of the main one, so setting it once, before it is opened, is enough.
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => {}
        Err(exists) if exists.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(cause) => return Err(unsuitable(cause)),
    }
    fs::canonicalize(path).map_err(unsuitable)
}

fn options(path: &Path) -> Result<AnyConnectOptions, DatabaseError> {
    let unsuitable = |cause: String| DatabaseError::Unsuitable(format!("{}: {cause}", path.display()));
    let text = path.to_str().ok_or_else(|| unsuitable("the name of the database file must be UTF-8".into()))?;
    let mut url = String::from("sqlite://");
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url.push_str("?mode=rw");
    let options = AnyConnectOptions::from_str(&url).map_err(|error| unsuitable(error.to_string()))?;
    Ok(options.disable_statement_logging())
}

fn pool(connections: u32, only_reads: bool) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(ACQUIRE_WAIT)
        // A local file needs no fresh connections, and a closed last writer would cost a checkpoint each time.
        .idle_timeout(None)
        .max_lifetime(None)
        // It was tried when it came back, and nobody can cut it off.
        .test_before_acquire(false)
        .after_connect(move |connection, _| Box::pin(set_up(connection, only_reads)))
        .after_release(|connection, _| Box::pin(may_serve_again(connection)))
}

async fn set_up(connection: &mut AnyConnection, only_reads: bool) -> Result<(), sqlx::Error> {
    let version: String = ask(connection, "SELECT sqlite_version()").await?;
    if !is_new_enough(&version) {
        let (major, minor, patch) = OLDEST;
        return refuse(format!("SQLite {version} can lose commits; {major}.{minor}.{patch} or newer is needed"));
    }
    connection.execute("PRAGMA busy_timeout = 5000").await?;
    write_ahead(connection).await?;
    connection.execute("PRAGMA synchronous = FULL").await?;
    connection.execute("PRAGMA foreign_keys = ON").await?;
    // What is deleted is overwritten with zeros: bodies that must be erased do not stay in free pages.
    connection.execute("PRAGMA secure_delete = ON").await?;
    if only_reads {
        connection.execute("PRAGMA query_only = ON").await?;
    }
    // Settings are read back because SQLite ignores a pragma it does not know or cannot follow, without an error.
    check("journal_mode", ask::<String>(connection, "PRAGMA journal_mode").await?, "wal".to_owned())?;
    check("synchronous", ask(connection, "PRAGMA synchronous").await?, 2)?;
    check("foreign_keys", ask(connection, "PRAGMA foreign_keys").await?, 1)?;
    check("secure_delete", ask(connection, "PRAGMA secure_delete").await?, 1)?;
    check("busy_timeout", ask(connection, "PRAGMA busy_timeout").await?, BUSY_MS)?;
    check("query_only", ask(connection, "PRAGMA query_only").await?, i64::from(only_reads))
}

async fn write_ahead(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    let mut attempt = 1;
    loop {
        match ask::<String>(connection, "PRAGMA journal_mode = WAL").await {
            Err(_) if attempt < SWITCH_ATTEMPTS => attempt += 1,
            done => return done.map(drop),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn ask<T>(connection: &mut AnyConnection, sql: &'static str) -> Result<T, sqlx::Error>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Any> + sqlx::Type<sqlx::Any>,
{
    connection.fetch_one(sql).await?.try_get(0)
}

fn check<T: PartialEq + std::fmt::Display>(setting: &str, is: T, should: T) -> Result<(), sqlx::Error> {
    if is == should { Ok(()) } else { refuse(format!("SQLite keeps {setting} at {is} and not at {should}")) }
}

fn refuse(sentence: String) -> Result<(), sqlx::Error> {
    Err(sqlx::Error::Configuration(sentence.into()))
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next()) >= OLDEST
}

fn refused(path: &Path, error: &sqlx::Error) -> DatabaseError {
    match DatabaseError::sort(error, "open the database", &ConstraintNames::default()) {
        DatabaseError::Unsuitable(sentence) => DatabaseError::Unsuitable(format!("{}: {sentence}", path.display())),
        DatabaseError::Corrupt { cause, .. } => {
            DatabaseError::Unsuitable(format!("{}: this is not our database ({cause})", path.display()))
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_new_enough("3.51.3") && is_new_enough("3.100.0") && is_new_enough("4.0"));
        assert!(!is_new_enough("3.51.2") && !is_new_enough("3.9.9") && !is_new_enough("old"));
    }

    #[tokio::test]
    async fn the_file_and_its_side_files_are_for_their_owner_only() {
        sqlx::any::install_default_drivers();
        let folder = tempfile::tempdir().unwrap();
        let (writer, _readers) = open(&folder.path().join("a name with 100% odd #?letters.db")).await.unwrap();
        writer.execute("CREATE TABLE visit (id INT) STRICT").await.unwrap();
        let mut seen = 0;
        for entry in fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            assert_eq!(entry.metadata().unwrap().mode() & 0o777, 0o600, "{:?}", entry.file_name());
            seen += 1;
        }
        assert_eq!(seen, 3, "the database, its log and its index");
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_refused_by_name() {
        sqlx::any::install_default_drivers();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("letter.db");
        fs::write(&path, "Dear Sir or Madam, this is certainly not a database. ".repeat(40)).unwrap();
        let refused = open(&path).await.unwrap_err();
        assert!(matches!(&refused, DatabaseError::Unsuitable(text) if text.contains("letter.db")), "{refused}");
        assert!(matches!(open(&folder.path().join("no/folder.db")).await, Err(DatabaseError::Unsuitable(_))));
    }
}
