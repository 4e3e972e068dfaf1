//! A named transaction: the only way to the tables.
//!
//! The rule it keeps: on both engines writing transactions run strictly one after another, so a store may read the
//! last number and write the next one without a race. After an error the transaction is over, because PostgreSQL
//! does it so; what is dropped without [`Transaction::commit`] has not happened.

use std::sync::Arc;
use std::time::Instant;

use futures::stream::{BoxStream, StreamExt};
use sqlx::any::AnyArguments;
use sqlx::{Any, Executor};

use super::constraint::ConstraintNames;
use super::error::DatabaseError;
use super::row::Row;
use super::value::Value;

/// Rows in one statement; SQLite takes 32,766 values in one.
const ROWS_MAX: usize = 64;
/// So many rows go in one statement as they are, more in powers of two: the engine then has few texts to prepare.
const ROWS_FEW: usize = 8;

/// A transaction with a name for the log and for errors. Rolls back when dropped.
pub struct Transaction {
    inner: sqlx::Transaction<'static, Any>,
    name: &'static str,
    writes: bool,
    names: Arc<ConstraintNames>,
    begun: Instant,
    failed: bool,
}

impl Transaction {
    pub(super) fn new(
        inner: sqlx::Transaction<'static, Any>,
        name: &'static str,
        writes: bool,
        names: Arc<ConstraintNames>,
    ) -> Self {
        Self { inner, name, writes, names, begun: Instant::now(), failed: false }
    }

    /// The name it was begun with.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Runs a statement that changes rows and says how many. Check it with [`super::changed`].
    ///
    /// # Errors
    /// See [`DatabaseError`]; the transaction is over then.
    pub async fn execute(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, DatabaseError> {
        let arguments = self.prepare(values)?;
        let done = (&mut *self.inner).execute(sqlx::query_with(sql, arguments)).await;
        self.keep(done).map(|done| done.rows_affected())
    }

    /// Runs a statement and checks that it changed exactly `expected` rows.
    ///
    /// # Errors
    /// [`DatabaseError::Conflict`] over [`super::ROWS_CHANGED`] when it did not; the transaction is over then.
    pub async fn execute_exactly(
        &mut self,
        expected: u64,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<(), DatabaseError> {
        let rows = self.execute(sql, values).await?;
        super::changed(rows, expected, self.name).inspect_err(|_| self.failed = true)
    }

    /// Adds rows with a few statements: each costs a way to the engine and back, however little it does. `sql` is an
    /// `INSERT INTO table (columns) VALUES`, and each row has a value for each column.
    ///
    /// # Errors
    /// See [`DatabaseError`]; the transaction is over then.
    pub async fn insert(&mut self, sql: &'static str, rows: Vec<Vec<Value>>) -> Result<(), DatabaseError> {
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let count = if rows.len() <= ROWS_FEW { rows.len() } else { (1 << rows.len().ilog2()).min(ROWS_MAX) };
            let some: Vec<Vec<Value>> = rows.by_ref().take(count).collect();
            let text = with_places(sql, some.iter().map(Vec::len));
            let inserted = self.execute_text(text, some.into_iter().flatten().collect()).await?;
            super::changed(inserted, count as u64, self.name).inspect_err(|_| self.failed = true)?;
        }
        Ok(())
    }

    /// All rows of an answer. For answers that are bounded; see [`Self::stream`] for the others.
    ///
    /// # Errors
    /// See [`DatabaseError`]; the transaction is over then.
    pub async fn rows(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, DatabaseError> {
        let arguments = self.prepare(values)?;
        let rows = (&mut *self.inner).fetch_all(sqlx::query_with(sql, arguments)).await;
        let during = self.name;
        self.keep(rows).map(|rows| rows.into_iter().map(|row| Row { row, sql, during }).collect())
    }

    /// The first row of an answer, if there is one.
    ///
    /// # Errors
    /// See [`DatabaseError`]; the transaction is over then.
    pub async fn optional_row(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Option<Row>, DatabaseError> {
        let arguments = self.prepare(values)?;
        let row = (&mut *self.inner).fetch_optional(sqlx::query_with(sql, arguments)).await;
        let during = self.name;
        self.keep(row).map(|row| row.map(|row| Row { row, sql, during }))
    }

    /// The row of an answer that always has one: `SELECT COUNT(*) …`, `INSERT … RETURNING id`.
    ///
    /// # Errors
    /// [`DatabaseError::Defect`] when there is none, else see [`DatabaseError`]; the transaction is over then.
    pub async fn row(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Row, DatabaseError> {
        let row = self.optional_row(sql, values).await?;
        row.ok_or_else(|| DatabaseError::Defect { during: self.name, cause: "a row was expected".into() })
    }

    /// The rows of an answer one by one, with bounded memory.
    pub fn stream(&mut self, sql: &'static str, values: Vec<Value>) -> BoxStream<'_, Result<Row, DatabaseError>> {
        let arguments = match self.prepare(values) {
            Ok(arguments) => arguments,
            Err(error) => return futures::stream::once(std::future::ready(Err(error))).boxed(),
        };
        let (during, names) = (self.name, self.names.clone());
        let failed = &mut self.failed;
        (&mut *self.inner)
            .fetch(sqlx::query_with(sql, arguments))
            .map(move |row| match row {
                Ok(row) => Ok(Row { row, sql, during }),
                Err(error) => {
                    *failed = true;
                    Err(DatabaseError::sort(&error, during, &names))
                }
            })
            .boxed()
    }

    /// Makes everything durable.
    ///
    /// # Errors
    /// [`DatabaseError::Unavailable`] when the engine did not confirm it. On PostgreSQL a connection lost in this
    /// very moment leaves it open whether the transaction happened: ask again before writing again.
    pub async fn commit(self) -> Result<(), DatabaseError> {
        self.usable()?;
        let Self { inner, name, names, begun, .. } = self;
        inner.commit().await.map_err(|error| DatabaseError::sort(&error, name, &names))?;
        tracing::debug!(transaction = name, duration_ms = millis(begun), "transaction committed");
        Ok(())
    }

    /// Runs text of ours that is not known at compile time: migrations, backups, settings of a connection.
    pub(crate) async fn execute_text(&mut self, sql: String, values: Vec<Value>) -> Result<u64, DatabaseError> {
        let arguments = self.prepare(values)?;
        let done = (&mut *self.inner).execute(sqlx::query_with(sqlx::AssertSqlSafe(sql), arguments)).await;
        self.keep(done).map(|done| done.rows_affected())
    }

    /// Runs several statements of ours.
    pub(crate) async fn execute_script(&mut self, sql: String) -> Result<(), DatabaseError> {
        self.usable()?;
        let done = (&mut *self.inner).execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sql))).await;
        self.keep(done).map(drop)
    }

    /// Streams the answer of text of ours that is not known at compile time.
    pub(crate) fn stream_text(&mut self, sql: String) -> BoxStream<'_, Result<Row, DatabaseError>> {
        let (during, names) = (self.name, self.names.clone());
        (&mut *self.inner)
            .fetch(sqlx::query(sqlx::AssertSqlSafe(sql)))
            .map(move |row| match row {
                Ok(row) => Ok(Row { row, sql: "", during }),
                Err(error) => Err(DatabaseError::sort(&error, during, &names)),
            })
            .boxed()
    }

    fn prepare(&self, values: Vec<Value>) -> Result<AnyArguments, DatabaseError> {
        self.usable()?;
        let mut arguments = AnyArguments::default();
        for value in values {
            value.bind(&mut arguments, self.name)?;
        }
        Ok(arguments)
    }

    fn usable(&self) -> Result<(), DatabaseError> {
        if !self.failed {
            return Ok(());
        }
        // SQLite would go on here and PostgreSQL would not, so neither does.
        Err(DatabaseError::Defect { during: self.name, cause: "the transaction was used after an error".into() })
    }

    fn keep<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T, DatabaseError> {
        done.map_err(|error| {
            self.failed = true;
            match DatabaseError::sort(&error, self.name, &self.names) {
                // A reading transaction that writes is our mistake; a database that refuses to be written is not.
                DatabaseError::Unavailable { during, cause } if !self.writes && is_refused_write(&error) => {
                    DatabaseError::Defect { during, cause }
                }
                sorted => sorted,
            }
        })
    }
}

/// The statement with a place for each value of rows of these lengths: `… VALUES ($1, $2), ($3, $4)`.
fn with_places(sql: &str, lengths: impl Iterator<Item = usize>) -> String {
    let mut text = sql.to_owned();
    let mut place = 0;
    for length in lengths {
        text.push_str(if place == 0 { " (" } else { ", (" });
        for column in 0..length {
            place += 1;
            text.push_str(if column == 0 { "$" } else { ", $" });
            text.push_str(&place.to_string());
        }
        text.push(')');
    }
    text
}

/// SQLITE_READONLY or PostgreSQL's read_only_sql_transaction.
fn is_refused_write(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code == "8" || code == "25006")
}

fn millis(begun: Instant) -> u64 {
    begun.elapsed().as_millis() as u64
}
