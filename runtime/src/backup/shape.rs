//! What tables and columns a database has, read from the engine's own catalogue.

use super::BackupError;
use crate::database::{DatabaseError, Engine, RECORD_TABLE, Transaction};
use crate::values;

/// A table as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

/// A column as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// The three kinds of values we store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Text,
    Bytes,
}

const SQLITE_TABLES: &str =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY name";
const SQLITE_COLUMNS: &str = "SELECT name, type FROM pragma_table_info($1) ORDER BY cid";

const POSTGRES_TABLES: &str = "SELECT CAST(c.relname AS TEXT) AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname = current_schema() ORDER BY CAST(c.relname AS TEXT) COLLATE \"C\"";
const POSTGRES_COLUMNS: &str = "SELECT CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS type
  FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position";

/// Whether the database has no table at all.
pub(super) async fn is_empty(look: &mut Transaction, engine: Engine) -> Result<bool, DatabaseError> {
    Ok(names(look, engine).await?.is_empty())
}

/// All tables but the record of migrations, by name.
pub(super) async fn tables(look: &mut Transaction, engine: Engine) -> Result<Vec<Table>, BackupError> {
    let mut tables = Vec::new();
    for name in names(look, engine).await? {
        if name != RECORD_TABLE {
            let columns = columns(look, engine, &name).await?;
            tables.push(Table { name, columns });
        }
    }
    Ok(tables)
}

/// The last number an `ID_COLUMN` of the table gave away; none when it has no such column.
pub(super) async fn last_number(
    look: &mut Transaction,
    engine: Engine,
    table: &str,
) -> Result<Option<i64>, DatabaseError> {
    match engine {
        Engine::Sqlite => {
            let numbers = "SELECT name FROM sqlite_master WHERE name = 'sqlite_sequence'";
            if look.optional_row(numbers, vec![]).await?.is_none() {
                return Ok(None);
            }
            let sql = "SELECT seq FROM sqlite_sequence WHERE name = $1";
            look.optional_row(sql, values![table]).await?.map(|row| row.read("seq")).transpose()
        }
        Engine::Postgres => {
            let Some(sequence) = sequence(look, table).await? else { return Ok(None) };
            let sql = "SELECT CAST(CASE WHEN pg_sequence_last_value(CAST($1 AS regclass)) IS NULL THEN 0 \
                       ELSE pg_sequence_last_value(CAST($1 AS regclass)) END AS BIGINT) AS last";
            look.row(sql, values![sequence]).await?.read("last").map(Some)
        }
    }
}

/// The sequence behind the identity column of a PostgreSQL table.
pub(super) async fn sequence(look: &mut Transaction, table: &str) -> Result<Option<String>, DatabaseError> {
    let sql = "SELECT pg_get_serial_sequence(quote_ident($1), column_name) AS sequence
      FROM information_schema.columns
      WHERE table_schema = current_schema() AND table_name = $1 AND is_identity = 'YES'";
    look.optional_row(sql, values![table]).await?.map(|row| row.read("sequence")).transpose()
}

async fn names(look: &mut Transaction, engine: Engine) -> Result<Vec<String>, DatabaseError> {
    let sql = if engine == Engine::Sqlite { SQLITE_TABLES } else { POSTGRES_TABLES };
    look.rows(sql, vec![]).await?.iter().map(|row| row.read("name")).collect()
}

async fn columns(look: &mut Transaction, engine: Engine, table: &str) -> Result<Vec<Column>, BackupError> {
    let sql = if engine == Engine::Sqlite { SQLITE_COLUMNS } else { POSTGRES_COLUMNS };
    let mut columns = Vec::new();
    for row in look.rows(sql, values![table]).await? {
        let (name, kind): (String, String) = (row.read("name")?, row.read("type")?);
        let kind = match kind.to_ascii_lowercase().as_str() {
            "int" | "integer" | "bigint" => Kind::Integer,
            "text" => Kind::Text,
            "blob" | "bytea" => Kind::Bytes,
            _ => return Err(BackupError::UnknownKind { table: table.to_owned(), column: name, kind }),
        };
        columns.push(Column { name, kind });
    }
    Ok(columns)
}

/// A name inside a statement. Names come from our own migrations; quoting them keeps unusual ones whole.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
