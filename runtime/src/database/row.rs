//! What comes out of a row.
//!
//! The rule it keeps: a value is read strictly, as the kind it was written as, and an error says where it lies and what
//! was expected, never what was found.

use sqlx::any::{AnyRow, AnyTypeInfoKind};
use sqlx::{Column, Row as _, TypeInfo, ValueRef};

use super::error::DatabaseError;

/// One stored value, as it lies in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored<'a> {
    /// Absent.
    Null,
    /// A whole number; PostgreSQL's truth values come as 0 and 1.
    Integer(i64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// A type that a column can be read as. The error says what was expected, never what was found.
pub trait FromStored: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// A few words on what was expected.
    fn from_stored(value: Stored<'_>) -> Result<Self, String>;
}

impl FromStored for i64 {
    fn from_stored(value: Stored<'_>) -> Result<Self, String> {
        if let Stored::Integer(number) = value { Ok(number) } else { Err("a whole number was expected".into()) }
    }
}

macro_rules! narrower {
    ($($kind:ty),*) => { $(
        impl FromStored for $kind {
            fn from_stored(value: Stored<'_>) -> Result<Self, String> {
                let beyond = concat!("a number within the range of ", stringify!($kind), " was expected");
                Self::try_from(i64::from_stored(value)?).map_err(|_| beyond.to_owned())
            }
        }
    )* };
}
narrower!(u64, u32, u16, u8, i32, usize);

impl FromStored for bool {
    fn from_stored(value: Stored<'_>) -> Result<Self, String> {
        match value {
            Stored::Integer(0) => Ok(false),
            Stored::Integer(1) => Ok(true),
            _ => Err("0 or 1 was expected".into()),
        }
    }
}

impl FromStored for String {
    fn from_stored(value: Stored<'_>) -> Result<Self, String> {
        if let Stored::Text(text) = value { Ok(text.to_owned()) } else { Err("text was expected".into()) }
    }
}

impl FromStored for Vec<u8> {
    fn from_stored(value: Stored<'_>) -> Result<Self, String> {
        if let Stored::Bytes(bytes) = value { Ok(bytes.to_vec()) } else { Err("bytes were expected".into()) }
    }
}

impl<const N: usize> FromStored for [u8; N] {
    fn from_stored(value: Stored<'_>) -> Result<Self, String> {
        let Stored::Bytes(bytes) = value else { return Err("bytes were expected".into()) };
        bytes.try_into().map_err(|_| format!("exactly {N} bytes were expected"))
    }
}

impl<T: FromStored> FromStored for Option<T> {
    fn from_stored(value: Stored<'_>) -> Result<Self, String> {
        if value == Stored::Null { Ok(None) } else { T::from_stored(value).map(Some) }
    }
}

/// One row of an answer.
pub struct Row {
    pub(crate) row: AnyRow,
    /// The statement, from which an error message takes the table.
    pub(crate) sql: &'static str,
    pub(crate) during: &'static str,
}

impl Row {
    /// Reads a column by its name.
    ///
    /// # Errors
    /// [`DatabaseError::Corrupt`] when the value is of another kind, [`DatabaseError::Defect`] when the statement
    /// has no such column.
    pub fn read<T: FromStored>(&self, column: &'static str) -> Result<T, DatabaseError> {
        T::from_stored(self.stored(column)?).map_err(|cause| self.corrupt(column, cause))
    }

    /// Reads a column and gives it to a constructor of the domain.
    ///
    /// # Errors
    /// [`DatabaseError::Corrupt`] when the value is of another kind or the constructor refuses it.
    pub fn parse<T: FromStored, U, E: std::fmt::Display>(
        &self,
        column: &'static str,
        parse: impl FnOnce(T) -> Result<U, E>,
    ) -> Result<U, DatabaseError> {
        parse(self.read(column)?).map_err(|cause| self.corrupt(column, cause.to_string()))
    }

    /// The error for a stored value that makes no sense to the caller.
    #[must_use]
    pub fn corrupt(&self, column: &str, cause: impl Into<String>) -> DatabaseError {
        let row = match self.row.columns().first().map(|first| self.stored_at(first.ordinal())) {
            Some(Ok(Stored::Integer(number))) => number.to_string(),
            Some(Ok(Stored::Text(text))) => text.chars().take(64).collect(),
            Some(Ok(Stored::Bytes(bytes))) => data_encoding::HEXLOWER.encode(&bytes[..bytes.len().min(8)]),
            _ => "?".to_owned(),
        };
        let table = table_of(self.sql).to_owned();
        DatabaseError::Corrupt { table, column: column.to_owned(), row, cause: cause.into() }
    }

    fn stored(&self, column: &'static str) -> Result<Stored<'_>, DatabaseError> {
        let found = self.row.columns().iter().find(|each| each.name() == column);
        let Some(found) = found else {
            let cause = format!("the statement on {} has no column {column}", table_of(self.sql));
            return Err(DatabaseError::Defect { during: self.during, cause });
        };
        self.stored_at(found.ordinal()).map_err(|cause| self.corrupt(column, cause))
    }

    /// The value in the `index`th column.
    pub(crate) fn stored_at(&self, index: usize) -> Result<Stored<'_>, String> {
        let unreadable = |error: sqlx::Error| error.to_string();
        let raw = self.row.try_get_raw(index).map_err(unreadable)?;
        if raw.is_null() {
            return Ok(Stored::Null);
        }
        match raw.type_info().kind() {
            AnyTypeInfoKind::Null => Ok(Stored::Null),
            AnyTypeInfoKind::Bool => {
                self.row.try_get(index).map(|truth: bool| Stored::Integer(truth.into())).map_err(unreadable)
            }
            AnyTypeInfoKind::SmallInt | AnyTypeInfoKind::Integer | AnyTypeInfoKind::BigInt => {
                self.row.try_get(index).map(Stored::Integer).map_err(unreadable)
            }
            AnyTypeInfoKind::Text => self.row.try_get(index).map(Stored::Text).map_err(unreadable),
            AnyTypeInfoKind::Blob => self.row.try_get(index).map(Stored::Bytes).map_err(unreadable),
            AnyTypeInfoKind::Real | AnyTypeInfoKind::Double => {
                Err(format!("{} is not a kind of value we store", raw.type_info().name()))
            }
        }
    }
}

/// The first table a statement names, for error messages.
fn table_of(sql: &'static str) -> &'static str {
    let mut words = sql.split(|letter: char| letter.is_whitespace() || letter == '(' || letter == ')' || letter == ',');
    while let Some(word) = words.next() {
        if ["FROM", "INTO", "UPDATE"].iter().any(|before| word.eq_ignore_ascii_case(before))
            && let Some(table) = words.by_ref().find(|word| !word.is_empty())
        {
            return table;
        }
    }
    "?"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_a_statement_is_found() {
        assert_eq!(table_of("SELECT a, b\nFROM visit v WHERE v.a = $1"), "visit");
        assert_eq!(table_of("insert into visit(a) values ($1)"), "visit");
        assert_eq!(table_of("UPDATE visit SET a = 1"), "visit");
        assert_eq!(table_of("SELECT 1"), "?");
    }

    #[test]
    fn values_are_read_strictly() {
        assert_eq!(u8::from_stored(Stored::Integer(255)), Ok(255));
        assert!(u8::from_stored(Stored::Integer(256)).is_err());
        assert!(u64::from_stored(Stored::Integer(-1)).is_err());
        assert!(bool::from_stored(Stored::Integer(2)).is_err());
        assert!(String::from_stored(Stored::Bytes(b"a")).is_err());
        assert!(<[u8; 2]>::from_stored(Stored::Bytes(b"abc")).is_err());
        assert_eq!(Option::<i64>::from_stored(Stored::Null), Ok(None));
        assert!(i64::from_stored(Stored::Null).is_err());
    }
}
