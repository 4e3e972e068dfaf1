//! The database: one portable SQL text on an embedded file or on a server.
//!
//! ```text
//! let database = Database::open("sqlite:vrs.db", dir, &[CONSOLE, HUB].concat(), &clock).await?;
//! let mut accept = database.begin("accept a visit").await?;
//! accept.execute_exactly(1, "INSERT INTO visit (place) VALUES ($1)", values!["harbour"]).await?;
//! accept.commit().await?;
//! ```
//!
//! The rule it keeps: what is committed is durable, what is not has not happened, and both engines answer alike. No
//! table of anybody's and no domain type is here.
//!
//! Habits that keep one SQL text right on both engines:
//!
//! | write | not | because |
//! | --- | --- | --- |
//! | `$1`, each used in order | `?` | PostgreSQL |
//! | `CAST(COALESCE(SUM(x), 0) AS BIGINT)` | `SUM(x)` | PostgreSQL sums into a kind we do not read |
//! | `CAST($1 AS BIGINT)` where nothing else shows the kind | `SELECT $1` | PostgreSQL asks for it |
//! | `ON CONFLICT (a) DO NOTHING` and the number of rows | an insert that may fail, then going on | an error ends the transaction |
//! | `ORDER BY a NULLS LAST` where `a` may be absent | `ORDER BY a` | they put NULL at different ends |
//! | `lower(a) = lower($1)` or `a = $1` | `LIKE` | SQLite's does not look at case |
//! | `CASE WHEN a > b THEN a ELSE b END` | `MAX(a, b)`, `GREATEST` | each is known to one engine only |
//! | small names in `AS` | `AS "Total"` | PostgreSQL folds unquoted names |

mod constraint;
mod dialect;
mod error;
mod migration;
mod postgres;
mod sqlite;
mod transaction;
mod value;
mod words;

pub use dialect::Engine;
pub use error::{DatabaseError, FOREIGN_KEY, ROWS_CHANGED, changed};
pub use migration::Migration;
pub use transaction::Transaction;
pub use value::{FromStored, Row, Stored, Value};

pub(crate) use migration::{Applied, RECORD_TABLE, applied, apply, check_history, create_record};

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use sqlx::{AnyConnection, AnyPool, Connection};

use crate::clock::Clock;
use constraint::ConstraintNames;

/// Connections that read at the same time, in each process. Pages are short; more would only queue on the disk.
const READERS: u32 = 4;

/// How long a caller waits for a free connection before the database counts as not available.
const ACQUIRE_WAIT: Duration = Duration::from_secs(10);

/// Whether a connection may serve again after a transaction.
///
/// When SQLite meets a full disk or a failing one, it rolls back by itself; the library's own rollback then fails and
/// it believes for ever after that a transaction is open, which would lock us out of the only connection that writes.
/// The ping makes sure that a rollback under way has been tried.
async fn may_serve_again(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// An open database. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Database {
    engine: Engine,
    writer: AnyPool,
    readers: AnyPool,
    names: Arc<ArcSwap<ConstraintNames>>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The pools know the address and with it the password.
        out.debug_struct("Database").field("engine", &self.engine).finish_non_exhaustive()
    }
}

impl Database {
    /// Opens the database and brings its tables up to date. `url` is `sqlite:PATH`, relative to `dir`, or
    /// `postgres://…`.
    ///
    /// # Errors
    /// [`DatabaseError::Unsuitable`] with a sentence for the operator when it must not be used as it is.
    pub async fn open(url: &str, dir: &Path, migrations: &[Migration], clock: &Clock) -> Result<Self, DatabaseError> {
        let database = Self::connect(url, dir).await?;
        database.migrate(migrations, clock).await?;
        Ok(database)
    }

    /// Opens the database and leaves its tables as they are.
    ///
    /// # Errors
    /// [`DatabaseError::Unsuitable`] with a sentence for the operator when it must not be used as it is.
    pub async fn connect(url: &str, dir: &Path) -> Result<Self, DatabaseError> {
        sqlx::any::install_default_drivers();
        let (engine, (writer, readers)) = if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path.starts_with(':') || path.contains('?') {
                let sentence = "write the address of an embedded database as sqlite:PATH, without parameters";
                return Err(DatabaseError::Unsuitable(sentence.to_owned()));
            }
            (Engine::Sqlite, sqlite::open(&dir.join(path)).await?)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            (Engine::Postgres, postgres::open(url).await?)
        } else {
            let sentence = "the address of a database begins with sqlite: or postgres://";
            return Err(DatabaseError::Unsuitable(sentence.to_owned()));
        };
        let database = Self { engine, writer, readers, names: Arc::default() };
        database.learn_names().await?;
        Ok(database)
    }

    /// Runs the migrations that have not run yet.
    ///
    /// # Errors
    /// [`DatabaseError::Unsuitable`] when one that ran was edited, is unknown, or fails.
    pub async fn migrate(&self, migrations: &[Migration], clock: &Clock) -> Result<(), DatabaseError> {
        migration::migrate(self, migrations, clock).await?;
        self.learn_names().await
    }

    /// Which engine it runs on. For messages; a store that asks this has two SQL texts.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Begins a transaction that may write. It waits until every other writer, in all processes, has ended.
    ///
    /// # Errors
    /// [`DatabaseError::Unavailable`] when that takes too long or the database is away.
    pub async fn begin(&self, name: &'static str) -> Result<Transaction, DatabaseError> {
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => postgres::BEGIN_WRITE,
        };
        let mut transaction = self.start(&self.writer, begin, name, true).await?;
        if self.engine == Engine::Postgres {
            transaction.execute(postgres::LOCK_WRITERS, vec![]).await?;
        }
        Ok(transaction)
    }

    /// Begins a transaction that only reads and sees one state of the database throughout. It waits for nobody.
    ///
    /// # Errors
    /// [`DatabaseError::Unavailable`] when all reading connections are taken for too long or the database is away.
    pub async fn read(&self, name: &'static str) -> Result<Transaction, DatabaseError> {
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN DEFERRED",
            Engine::Postgres => postgres::BEGIN_READ,
        };
        self.start(&self.readers, begin, name, false).await
    }

    /// Closes all connections, after the transactions that still run have ended.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    async fn start(
        &self,
        pool: &AnyPool,
        begin: &'static str,
        name: &'static str,
        writes: bool,
    ) -> Result<Transaction, DatabaseError> {
        let names = self.names.load_full();
        let inner = pool.begin_with(begin).await.map_err(|error| DatabaseError::sort(&error, name, &names))?;
        Ok(Transaction::new(inner, name, writes, names))
    }

    pub(crate) async fn learn_names(&self) -> Result<(), DatabaseError> {
        if self.engine == Engine::Sqlite {
            let learnt = sqlite::constraint_names(&self.readers).await;
            let sort = |error| DatabaseError::sort(&error, "open the database", &ConstraintNames::default());
            self.names.store(Arc::new(learnt.map_err(sort)?));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
