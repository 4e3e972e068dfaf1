//! The name of a cell in the system of a topic, and the reader of tables. The same cell in two tables has one name: what is
//! counted, the period, and the codes other than the total. This is all that the engine and the verifier share.

use std::collections::BTreeSet;
use std::fmt;

use vrs_protocol::catalogue::{Catalogue, Form};
use vrs_protocol::id::{Code, FormCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Table};

/// What a form counts: the form whose total it repeats, and the unit. Documents and persons, persons and detections never add.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Measure {
    /// The form that holds the total: the form itself where it repeats no other's.
    pub total: FormCode,
    /// The unit counted.
    pub unit: String,
}

/// One cell of a topic, whatever tables show it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellId {
    /// When.
    pub period: Period,
    /// What is counted.
    pub measure: Measure,
    /// Name of a dimension and code, without those whose code is the total; in the order of the names.
    pub codes: Vec<(String, Code)>,
    /// The remainder of a list belongs to the form whose rows it leaves.
    pub list: Option<FormCode>,
    /// Which state of publication: 0 is the one before any cell was revised. A cell that was shown to change is another cell.
    pub vintage: u32,
}

/// What no table of a topic itemises: the part of every remainder that is the same, whatever rows a list writes. No list has
/// this code.
pub const REST: &str = "_R";

/// The code of [`REST`].
pub fn rest_code() -> Code {
    // Five characters of a code's alphabet; the alternative is never taken and would only merge the rest with `_O`.
    Code::parse(REST).unwrap_or_else(|_| Code::other())
}

impl CellId {
    /// The cell of a code in a dimension in place of the one that stands there; the total removes the dimension.
    #[must_use]
    pub fn with(&self, dimension: &str, code: &Code) -> Self {
        let mut cell = self.clone();
        cell.codes.retain(|(name, _)| name != dimension);
        if code.as_str() != Code::TOTAL {
            cell.codes.push((dimension.to_owned(), code.clone()));
            cell.codes.sort();
        }
        cell
    }
    /// The same cell of another period.
    #[must_use]
    pub fn at(&self, period: Period) -> Self {
        Self { period, ..self.clone() }
    }
}

impl fmt::Display for CellId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.measure.total, self.period)?;
        if self.codes.is_empty() {
            return f.write_str(" total");
        }
        for (dimension, code) in &self.codes {
            match code.as_str() {
                REST => write!(f, " {dimension}=(not itemised)")?,
                _ => write!(f, " {dimension}={code}")?,
            }
        }
        if self.vintage > 0 {
            write!(f, " (revised {})", self.vintage)?;
        }
        Ok(())
    }
}

/// What a table counts.
pub fn measure(table: &Table, form: &Form) -> Measure {
    Measure { total: form.total_of.clone().unwrap_or_else(|| form.code.clone()), unit: table.unit(form).to_owned() }
}

/// Names of a form's dimensions whose list the respondent grows.
pub fn growing(form: &Form) -> BTreeSet<&str> {
    let grows = |list: &str| Catalogue::everything().list(list).is_some_and(|list| list.growable);
    form.dimensions.iter().filter(|dimension| grows(&dimension.list)).map(|dimension| dimension.code.as_str()).collect()
}

/// The name of a cell of a table.
pub fn cell_of(table: &Table, form: &Form, key: &Key) -> CellId {
    let mut codes: Vec<(String, Code)> = form
        .dimensions
        .iter()
        .zip(&key.0)
        .filter(|(_, code)| code.as_str() != Code::TOTAL)
        .map(|(dimension, code)| (dimension.code.clone(), code.clone()))
        .collect();
    codes.sort();
    let growing = growing(form);
    let is_remainder = codes.iter().any(|(name, code)| code.as_str() == Code::OTHER && growing.contains(name.as_str()));
    let list = is_remainder.then(|| form.code.clone());
    CellId { period: table.period, measure: measure(table, form), codes, list, vintage: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(form: &str, key: &[&str]) -> CellId {
        let form = Catalogue::bundled().form(&FormCode::parse(form).unwrap()).unwrap();
        let table = Table::new(form.code.clone(), Period::parse("2021").unwrap());
        cell_of(&table, form, &Key(key.iter().map(|code| Code::parse(code).unwrap()).collect()))
    }

    #[test]
    fn a_margin_is_the_same_cell_in_every_table_that_shows_it() {
        assert_eq!(named("IE_MOD", &["_T", "AFG"]), named("IE_LEX", &["AFG"]));
        assert_eq!(named("IE_MOD", &["_T", "_T"]), named("IE_TOT", &[]));
        assert_ne!(named("IE_CIT", &["AFG"]), named("IE_LEX", &["AFG"]));
    }

    #[test]
    fn remainders_of_two_lists_are_two_cells() {
        assert_ne!(named("IE_MOD", &["_T", "_O"]), named("IE_LEX", &["_O"]));
    }

    #[test]
    fn documents_and_their_users_are_not_one_total() {
        assert_ne!(named("FD_TOT", &[]), named("FD_CIT", &["_T"]));
        assert_eq!(named("FD_PER", &[]), named("FD_CIT", &["_T"]));
    }
}
