//! The bytes of a backup.
//!
//! ```text
//! magic      8 bytes, "VRSBAK" 0x00 0x01
//! body       one zstd frame of the records below
//! checksum   32 bytes, SHA-256 of everything before it
//!
//! records, integers unsigned and most significant byte first unless said otherwise:
//! header     length (4 bytes), then that much JSON: see [`Header`]
//! for each table, in the order of the header:
//!   row      0x01, then one value for each column
//!   end      0x00, then the number of rows (8 bytes)
//! end        0xFF, then nothing
//!
//! value      0x00                                     NULL
//!            0x01, 8 bytes, signed                    integer
//!            0x02, length (4 bytes), UTF-8            text
//!            0x03, length (4 bytes), bytes            bytes
//! ```

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::BackupError;
use crate::database::{Applied, Stored};

/// What the file begins with; the last byte is the version of the format.
pub(super) const MAGIC: [u8; 8] = *b"VRSBAK\0\x01";

/// As many of its first bytes are the same in every version.
pub(super) const NAME_BYTES: usize = 6;

/// Length of the checksum at its end.
pub(super) const CHECKSUM_BYTES: u64 = 32;

/// The header names tables and columns; a thousand tables fit.
const HEADER_BYTES_MAX: u32 = 1024 * 1024;

/// The largest value. SQLite and PostgreSQL stop at a gigabyte; ours are a few megabytes at the most.
const VALUE_BYTES_MAX: u32 = 256 * 1024 * 1024;

/// What a backup says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    /// Seconds since 1970.
    pub(super) made_at: u64,
    /// The migrations that made the tables, in their order.
    pub(super) migrations: Vec<Applied>,
    /// The tables, in the order of their rows.
    pub(super) tables: Vec<TableHeader>,
}

/// A table in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableHeader {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
    /// The last number that its `ID_COLUMN` gave away, so that none comes back after a restore.
    pub(super) last_number: Option<i64>,
}

/// A value on its way out of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Loaded {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

pub(super) fn write_header(out: &mut impl Write, header: &Header) -> io::Result<()> {
    let json = serde_json::to_vec(header).map_err(io::Error::other)?;
    write_sized(out, &json)
}

pub(super) fn read_header(from: &mut impl Read) -> Result<Header, BackupError> {
    let json = read_sized(from, HEADER_BYTES_MAX)?;
    serde_json::from_slice(&json).map_err(|_| BackupError::Malformed("its header"))
}

pub(super) fn write_row_begin(out: &mut impl Write) -> io::Result<()> {
    out.write_all(&[1])
}

pub(super) fn write_table_end(out: &mut impl Write, rows: u64) -> io::Result<()> {
    out.write_all(&[0])?;
    out.write_all(&rows.to_be_bytes())
}

pub(super) fn write_end(out: &mut impl Write) -> io::Result<()> {
    out.write_all(&[0xFF])
}

/// Whether another row follows in a table of which `rows` have been read.
pub(super) fn read_row_begin(from: &mut impl Read, rows: u64) -> Result<bool, BackupError> {
    match read_array::<1>(from)? {
        [1] => Ok(true),
        [0] if u64::from_be_bytes(read_array(from)?) == rows => Ok(false),
        [0] => Err(BackupError::Malformed("the number of its rows")),
        _ => Err(BackupError::Malformed("the beginning of a row")),
    }
}

pub(super) fn read_end(from: &mut impl Read) -> Result<(), BackupError> {
    if read_array::<1>(from)? != [0xFF] {
        return Err(BackupError::Malformed("its end"));
    }
    let more = from.read(&mut [0]).map_err(|_| BackupError::Malformed("its end"))?;
    if more == 0 { Ok(()) } else { Err(BackupError::Malformed("what follows its end")) }
}

pub(super) fn write_value(out: &mut impl Write, value: Stored<'_>) -> io::Result<()> {
    match value {
        Stored::Null => out.write_all(&[0]),
        Stored::Integer(number) => {
            out.write_all(&[1])?;
            out.write_all(&number.to_be_bytes())
        }
        Stored::Text(text) => {
            out.write_all(&[2])?;
            write_sized(out, text.as_bytes())
        }
        Stored::Bytes(bytes) => {
            out.write_all(&[3])?;
            write_sized(out, bytes)
        }
    }
}

pub(super) fn read_value(from: &mut impl Read) -> Result<Loaded, BackupError> {
    Ok(match read_array::<1>(from)? {
        [0] => Loaded::Null,
        [1] => Loaded::Integer(i64::from_be_bytes(read_array(from)?)),
        [2] => {
            let text = String::from_utf8(read_sized(from, VALUE_BYTES_MAX)?);
            Loaded::Text(text.map_err(|_| BackupError::Malformed("a text"))?)
        }
        [3] => Loaded::Bytes(read_sized(from, VALUE_BYTES_MAX)?),
        _ => return Err(BackupError::Malformed("the kind of a value")),
    })
}

fn write_sized(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= VALUE_BYTES_MAX);
    let length = length.ok_or_else(|| io::Error::other("a value is too large for a backup"))?;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(bytes)
}

fn read_sized(from: &mut impl Read, bytes_max: u32) -> Result<Vec<u8>, BackupError> {
    let length = u32::from_be_bytes(read_array(from)?);
    if length > bytes_max {
        return Err(BackupError::Malformed("the length of a value"));
    }
    // Grows with what is there, not with what is announced.
    let mut bytes = Vec::new();
    let read = from.take(length.into()).read_to_end(&mut bytes);
    match read {
        Ok(read) if read == length as usize => Ok(bytes),
        _ => Err(BackupError::Malformed("it ends early")),
    }
}

fn read_array<const N: usize>(from: &mut impl Read) -> Result<[u8; N], BackupError> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes).map_err(|_| BackupError::Malformed("it ends early"))?;
    Ok(bytes)
}

/// Hashes what passes through.
pub(super) struct Hashing<T> {
    pub(super) inner: T,
    pub(super) hash: Sha256,
}

impl<T> Hashing<T> {
    pub(super) fn new(inner: T) -> Self {
        Self { inner, hash: Sha256::new() }
    }
}

impl<T: Write> Write for Hashing<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
