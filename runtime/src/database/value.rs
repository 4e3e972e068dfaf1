//! What goes into a statement.
//!
//! The rule it keeps: three kinds only, whole numbers of 64 bits, text and bytes, each possibly absent. They are what
//! both engines store without loss. What comes out again is in [`super::row`]; domain types are not here, a store turns
//! them into these and back.

use sqlx::Arguments;
use sqlx::any::AnyArguments;

use super::error::DatabaseError;

/// A value bound to a `$1` of a statement. Absent values keep their kind, because PostgreSQL asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value {
    /// A whole number, for BIGINT columns. Truth is 0 or 1.
    Integer(Option<i64>),
    /// Text, for TEXT columns.
    Text(Option<String>),
    /// Bytes, for BYTES columns.
    Bytes(Option<Vec<u8>>),
    /// A number that BIGINT cannot hold. The statement it is bound to fails instead of storing something else.
    TooLarge(u64),
}

impl Value {
    /// Adds the value to the arguments of a statement.
    pub(crate) fn bind(self, arguments: &mut AnyArguments, during: &'static str) -> Result<(), DatabaseError> {
        let added = match self {
            Self::Integer(number) => arguments.add(number),
            // PostgreSQL cannot store it and SQLite's own functions stop at it, so it is refused on both.
            Self::Text(Some(text)) if text.contains('\0') => {
                let cause = "a text holds a NUL character; leave it out and send it again".to_owned();
                return Err(DatabaseError::Unstorable { during, cause });
            }
            Self::Text(text) => arguments.add(text),
            Self::Bytes(bytes) => arguments.add(bytes),
            Self::TooLarge(number) => Err(format!("the number {number} is too large to be stored").into()),
        };
        added.map_err(|cause| DatabaseError::Defect { during, cause: cause.to_string() })
    }
}

/// The values of a statement: `values![id, name, Some(bytes)]`.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { ::std::vec![$($crate::database::Value::from($value)),*] };
}

macro_rules! numbers {
    ($($kind:ty),*) => { $(
        impl From<$kind> for Value {
            fn from(number: $kind) -> Self { Self::Integer(Some(number.into())) }
        }
        impl From<Option<$kind>> for Value {
            fn from(number: Option<$kind>) -> Self { Self::Integer(number.map(Into::into)) }
        }
    )* };
}
numbers!(i64, i32, u32, u16, u8, bool);

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        i64::try_from(number).map_or(Self::TooLarge(number), |number| Self::Integer(Some(number)))
    }
}

impl From<Option<u64>> for Value {
    fn from(number: Option<u64>) -> Self {
        number.map_or(Self::Integer(None), Self::from)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::from(number as u64)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(Some(text.clone()))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(str::to_owned))
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Some(bytes))
    }
}

impl From<&Vec<u8>> for Value {
    fn from(bytes: &Vec<u8>) -> Self {
        Self::Bytes(Some(bytes.clone()))
    }
}

impl From<Option<Vec<u8>>> for Value {
    fn from(bytes: Option<Vec<u8>>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}

impl From<Option<&[u8]>> for Value {
    fn from(bytes: Option<&[u8]>) -> Self {
        Self::Bytes(bytes.map(<[u8]>::to_vec))
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Bytes(Some(bytes.to_vec()))
    }
}

impl<const N: usize> From<Option<[u8; N]>> for Value {
    fn from(bytes: Option<[u8; N]>) -> Self {
        Self::Bytes(bytes.map(|bytes| bytes.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_beyond_bigint_is_not_stored_as_something_else() {
        assert_eq!(Value::from(u64::MAX), Value::TooLarge(u64::MAX));
        assert_eq!(Value::from(i64::MAX as u64), Value::Integer(Some(i64::MAX)));
        let mut arguments = AnyArguments::default();
        assert!(Value::from(u64::MAX).bind(&mut arguments, "test").is_err());
        assert!(Value::from("a\0b").bind(&mut arguments, "test").is_err());
    }
}
