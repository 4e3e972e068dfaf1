//! From a database into a file.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use futures::StreamExt;
use sha2::Digest;
use zstd::stream::write::Encoder;

use super::format::{
    Hashing, Header, MAGIC, NAME_BYTES, TableHeader, write_end, write_header, write_row_begin, write_table_end,
    write_value,
};
use super::shape::{Table, last_number, quoted, tables};
use super::{BackupError, Summary};
use crate::clock::Clock;
use crate::database::{Database, Transaction, applied};
use crate::files::{Access, FileError, NewFile};
use crate::progress::Progress;

/// Small numbers compress well at once; higher levels cost much time for little.
const COMPRESSION: i32 = 3;

/// Writes all tables, as they are at one moment, into a file for its owner only. An older backup of that name is replaced
/// when the new one is whole, and any other file is not: a slip of the fingers must not cost a database or a key. The
/// database may be in use.
///
/// # Errors
/// See [`BackupError`]; an older file is then untouched.
pub async fn dump(
    database: &Database,
    path: &Path,
    clock: &Clock,
    progress: &mut Progress,
) -> Result<Summary, BackupError> {
    let disk = |cause: std::io::Error| FileError::at(path, cause);
    let replaces = holds_backup(path)?;
    let mut look = database.read("back up").await?;
    let tables = tables(&mut look, database.engine()).await?;
    let header = header(database, &mut look, &tables, clock).await?;

    let mut file = Hashing::new(NewFile::begin(path, Access::Owner)?);
    file.write_all(&MAGIC).map_err(disk)?;
    let mut out = Encoder::new(file, COMPRESSION).map_err(disk)?;
    write_header(&mut out, &header).map_err(disk)?;
    let mut all = 0;
    for table in &tables {
        let rows = write_rows(&mut look, table, &mut out, path, progress).await?;
        write_table_end(&mut out, rows).map_err(disk)?;
        all += rows;
    }
    write_end(&mut out).map_err(disk)?;
    let Hashing { inner: mut file, hash } = out.finish().map_err(disk)?;
    file.write_all(&hash.finalize()).map_err(disk)?;
    // Making a large file durable may take seconds, which must not hold up a server that backs itself up.
    let named = tokio::task::spawn_blocking(move || if replaces { file.replace() } else { file.create() }).await;
    named.map_err(|stopped| disk(std::io::Error::other(stopped)))??;
    Ok(Summary { made_at: header.made_at, tables: tables.len() as u64, rows: all })
}

/// Whether a backup has the name already.
fn holds_backup(path: &Path) -> Result<bool, BackupError> {
    let at = |cause: std::io::Error| FileError::at(path, cause);
    let named = match std::fs::metadata(path) {
        Err(missing) if missing.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        named => named.map_err(at)?,
    };
    if !named.is_file() {
        return Err(FileError::NotAFile(path.to_owned()).into());
    }
    let mut begins = [0; NAME_BYTES];
    match File::open(path).map_err(at)?.read_exact(&mut begins) {
        Ok(()) if begins == MAGIC[..NAME_BYTES] => Ok(true),
        _ => Err(BackupError::NotReplaced(path.to_owned())),
    }
}

async fn header(
    database: &Database,
    look: &mut Transaction,
    tables: &[Table],
    clock: &Clock,
) -> Result<Header, BackupError> {
    let mut headers = Vec::new();
    for table in tables {
        headers.push(TableHeader {
            name: table.name.clone(),
            columns: table.columns.iter().map(|column| column.name.clone()).collect(),
            last_number: last_number(look, database.engine(), &table.name).await?,
        });
    }
    Ok(Header { made_at: clock.now(), migrations: applied(look).await?, tables: headers })
}

async fn write_rows(
    look: &mut Transaction,
    table: &Table,
    out: &mut impl Write,
    path: &Path,
    progress: &mut Progress,
) -> Result<u64, BackupError> {
    let disk = |cause: std::io::Error| FileError::at(path, cause);
    let columns: Vec<_> = table.columns.iter().map(|column| quoted(&column.name)).collect();
    let mut stream = look.stream_text(format!("SELECT {} FROM {}", columns.join(", "), quoted(&table.name)));
    let mut rows = 0;
    while let Some(row) = stream.next().await {
        let row = row?;
        write_row_begin(out).map_err(disk)?;
        for (index, column) in table.columns.iter().enumerate() {
            let value = row.stored_at(index).map_err(|cause| row.corrupt(&column.name, cause))?;
            write_value(out, value).map_err(disk)?;
        }
        rows += 1;
        progress.advance(1);
    }
    Ok(rows)
}
