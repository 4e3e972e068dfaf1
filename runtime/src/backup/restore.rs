//! From a file into an empty database.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use sha2::{Digest, Sha256};
use zstd::stream::read::Decoder;

use super::format::{
    CHECKSUM_BYTES, Header, Loaded, MAGIC, NAME_BYTES, TableHeader, read_end, read_header, read_row_begin, read_value,
};
use super::shape::{Column, Kind, Table, is_empty, quoted, sequence, tables};
use super::{BackupError, Summary};
use crate::clock::Clock;
use crate::database::{Database, Engine, Migration, Transaction, Value, apply, check_history, create_record};
use crate::files::FileError;
use crate::progress::Progress;
use crate::values;

/// The largest window the decoder keeps in memory, as a power of two. The encoder uses far less.
const WINDOW_LOG_MAX: u32 = 24;

/// Restores a backup into an empty database and brings its tables up to date.
///
/// First the checksum of the whole file is compared. Then everything happens in one transaction: the migrations the
/// backup was made with, its rows, its numbers. Migrations that came later run afterwards, as at any start.
///
/// # Errors
/// See [`BackupError`]; the database is then as empty as before, unless one of the later migrations failed.
pub async fn restore(
    path: &Path,
    database: &Database,
    migrations: &[Migration],
    clock: &Clock,
    progress: &mut Progress,
) -> Result<Summary, BackupError> {
    let mut from = verified(path)?;
    let header = read_header(&mut from)?;
    check_history(&header.migrations, migrations).map_err(|error| BackupError::OtherVersion(error.to_string()))?;

    let mut restore = database.begin("restore").await?;
    if !is_empty(&mut restore, database.engine()).await? {
        return Err(BackupError::NotEmpty);
    }
    create_record(&mut restore, database).await?;
    for (position, applied) in header.migrations.iter().enumerate() {
        // `check_history` has found each of them.
        if let Some(migration) = migrations.iter().find(|migration| migration.name == applied.name) {
            apply(&mut restore, database, migration, position, clock).await?;
        }
    }
    let shapes = matched(&header, tables(&mut restore, database.engine()).await?)?;
    let links = loosen(&mut restore, database.engine()).await?;
    let mut all = 0;
    for (table, columns) in header.tables.iter().zip(&shapes) {
        all += load(&mut restore, &mut from, table, columns, progress).await?;
    }
    read_end(&mut from)?;
    for table in &header.tables {
        set_last_number(&mut restore, database.engine(), table).await?;
    }
    tighten(&mut restore, links).await?;
    restore.commit().await?;
    database.migrate(migrations, clock).await?;
    Ok(Summary { made_at: header.made_at, tables: header.tables.len() as u64, rows: all })
}

/// Opens the file, compares its checksum and stands at the beginning of its records. One handle for both readings, so
/// that it is the same file.
fn verified(path: &Path) -> Result<impl Read, BackupError> {
    let at = |cause: std::io::Error| FileError::at(path, cause);
    let mut file = File::open(path).map_err(at)?;
    let length = file.metadata().map_err(at)?.len();
    let mut magic = [0; MAGIC.len()];
    let content = length.checked_sub(CHECKSUM_BYTES).filter(|content| *content >= MAGIC.len() as u64);
    let content = content.ok_or(BackupError::NotABackup)?;
    file.read_exact(&mut magic).map_err(at)?;
    if magic[..NAME_BYTES] != MAGIC[..NAME_BYTES] {
        return Err(BackupError::NotABackup);
    }
    if magic != MAGIC {
        return Err(BackupError::OtherVersion("the backup was made by a newer version of this program".to_owned()));
    }
    let mut hash = Sha256::new_with_prefix(magic);
    let mut left = content - magic.len() as u64;
    let mut block = vec![0; 256 * 1024];
    while left > 0 {
        let part = block.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        file.read_exact(&mut block[..part]).map_err(at)?;
        hash.update(&block[..part]);
        left -= part as u64;
    }
    let mut checksum = [0; CHECKSUM_BYTES as usize];
    file.read_exact(&mut checksum).map_err(at)?;
    if hash.finalize()[..] != checksum {
        return Err(BackupError::Damaged);
    }
    file.seek(SeekFrom::Start(magic.len() as u64)).map_err(at)?;
    let mut decoder = Decoder::with_buffer(BufReader::new(file.take(content - magic.len() as u64))).map_err(at)?;
    decoder.window_log_max(WINDOW_LOG_MAX).map_err(at)?;
    Ok(BufReader::new(decoder.single_frame()))
}

/// The columns of the tables of the backup, in its order, as the migrations have made them here.
fn matched(header: &Header, shapes: Vec<Table>) -> Result<Vec<Vec<Column>>, BackupError> {
    if header.tables.len() != shapes.len() {
        return Err(BackupError::Malformed("its list of tables"));
    }
    let find = |table: &TableHeader| {
        let shape = shapes.iter().find(|shape| shape.name == table.name)?;
        let columns =
            table.columns.iter().map(|name| shape.columns.iter().find(|column| column.name == *name).cloned());
        let columns: Vec<_> = columns.collect::<Option<_>>()?;
        (columns.len() == shape.columns.len()).then_some(columns)
    };
    let columns: Option<Vec<_>> = header.tables.iter().map(find).collect();
    columns.ok_or(BackupError::Malformed("its list of columns"))
}

async fn load(
    restore: &mut Transaction,
    from: &mut impl Read,
    table: &TableHeader,
    columns: &[Column],
    progress: &mut Progress,
) -> Result<u64, BackupError> {
    let names: Vec<_> = columns.iter().map(|column| quoted(&column.name)).collect();
    let places: Vec<_> = (1..=columns.len()).map(|place| format!("${place}")).collect();
    let sql = format!("INSERT INTO {} ({}) VALUES ({})", quoted(&table.name), names.join(", "), places.join(", "));
    let mut rows = 0;
    while read_row_begin(from, rows)? {
        let mut values = Vec::with_capacity(columns.len());
        for column in columns {
            values.push(value(read_value(from)?, column.kind)?);
        }
        restore.execute_text(sql.clone(), values).await?;
        rows += 1;
        progress.advance(1);
    }
    Ok(rows)
}

fn value(loaded: Loaded, kind: Kind) -> Result<Value, BackupError> {
    Ok(match (loaded, kind) {
        (Loaded::Null, Kind::Integer) => Value::Integer(None),
        (Loaded::Null, Kind::Text) => Value::Text(None),
        (Loaded::Null, Kind::Bytes) => Value::Bytes(None),
        (Loaded::Integer(number), Kind::Integer) => Value::Integer(Some(number)),
        (Loaded::Text(text), Kind::Text) => Value::Text(Some(text)),
        (Loaded::Bytes(bytes), Kind::Bytes) => Value::Bytes(Some(bytes)),
        _ => return Err(BackupError::Malformed("a value in the wrong column")),
    })
}

/// A foreign key that was taken off a table while its rows come in.
struct Link {
    table: String,
    name: String,
    definition: String,
}

/// Lets rows point to rows that come later. SQLite can wait until the commit; PostgreSQL can do so only for keys that
/// were declared so, therefore its keys are taken off and put on again, which checks them all.
async fn loosen(restore: &mut Transaction, engine: Engine) -> Result<Vec<Link>, BackupError> {
    if engine == Engine::Sqlite {
        restore.execute("PRAGMA defer_foreign_keys = ON", vec![]).await?;
        return Ok(Vec::new());
    }
    let sql = "SELECT CAST(c.relname AS TEXT) AS owner, CAST(k.conname AS TEXT) AS name,
        pg_get_constraintdef(k.oid) AS definition
      FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype = 'f' AND n.nspname = current_schema() ORDER BY k.oid";
    let mut links = Vec::new();
    for row in restore.rows(sql, vec![]).await? {
        links.push(Link { table: row.read("owner")?, name: row.read("name")?, definition: row.read("definition")? });
    }
    for link in &links {
        let drop = format!("ALTER TABLE {} DROP CONSTRAINT {}", quoted(&link.table), quoted(&link.name));
        restore.execute_text(drop, vec![]).await?;
    }
    Ok(links)
}

async fn tighten(restore: &mut Transaction, links: Vec<Link>) -> Result<(), BackupError> {
    for Link { table, name, definition } in links {
        let add = format!("ALTER TABLE {} ADD CONSTRAINT {} {definition}", quoted(&table), quoted(&name));
        restore.execute_text(add, vec![]).await?;
    }
    Ok(())
}

/// Numbers that were given away before the backup must not come back, also those whose rows are gone.
async fn set_last_number(restore: &mut Transaction, engine: Engine, table: &TableHeader) -> Result<(), BackupError> {
    let Some(last) = table.last_number.filter(|last| *last > 0) else { return Ok(()) };
    match engine {
        Engine::Sqlite => {
            let update = "UPDATE sqlite_sequence SET seq = $2 WHERE name = $1";
            if restore.execute(update, values![&table.name, last]).await? == 0 {
                let insert = "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)";
                restore.execute_exactly(1, insert, values![&table.name, last]).await?;
            }
        }
        Engine::Postgres => {
            let sequence = sequence(restore, &table.name).await?;
            let sequence = sequence.ok_or(BackupError::Malformed("a last number without its column"))?;
            restore.row("SELECT setval(CAST($1 AS regclass), $2) AS last", values![sequence, last]).await?;
        }
    }
    Ok(())
}
