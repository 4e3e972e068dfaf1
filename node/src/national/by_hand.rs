//! Figures that a person sets by hand in the national table, on top of its rule: which, why, and what the agencies answered
//! when it was set. Once they answer something else it is *stale*: it still stands, but nothing is released over it before
//! somebody looked again.

use vrs_protocol::catalogue::Form;
use vrs_protocol::cell::{Cell, Figure, Status};
use vrs_protocol::table::Key;
use vrs_protocol::time::Timestamp;

use super::{AgencyCode, AgencyTable};
use crate::intake::numbers;
use crate::sheet::csv::code_in;
use crate::sheet::fields::{Typed, reason};

/// What an agency answered, as a person would type it.
pub type Answered = (AgencyCode, String);

/// A figure that was set by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// The national answer.
    pub cell: Cell,
    /// What the agencies answered when it was set.
    pub under: Vec<Answered>,
    /// Who set it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

impl ByHand {
    /// Whether an agency answers something else by now.
    #[must_use]
    pub fn is_stale(&self, tables: &[AgencyTable], key: &Key) -> bool {
        self.under != answers(tables, key)
    }
}

/// What each agency writes at a key. Texts of other forms than counts are told apart by their words.
#[must_use]
pub fn answers(tables: &[AgencyTable], key: &Key) -> Vec<Answered> {
    let printed = |cell: &Cell| match cell {
        Cell::Value { figure: Figure::Count(_), .. } => Typed::print(cell),
        Cell::Value { .. } => cell.in_words(),
        _ => Typed::print(cell),
    };
    tables.iter().filter_map(|own| Some((own.agency.clone(), printed(own.table.cell(key)?)))).collect()
}

/// Reads the codes of a cell as they are typed: `AFG`, `SEA/AFG`, `Afghanistan (AFG)`; nothing or `total` where the form has one
/// figure.
///
/// # Errors
/// A sentence with what is accepted.
pub fn read_key(text: &str, form: &Form) -> Result<Key, String> {
    let text = text.trim();
    if form.dimensions.is_empty() && matches!(text, "" | "_T" | "total") {
        return Ok(Key::default());
    }
    let codes: Option<Vec<_>> = text.split('/').map(code_in).collect();
    codes.filter(|codes| codes.len() == form.dimensions.len()).map(Key).ok_or_else(|| {
        let names: Vec<&str> = form.dimensions.iter().map(|dimension| dimension.code.as_str()).collect();
        let accepted = if names.is_empty() {
            "total, for it has one figure".to_owned()
        } else {
            format!("a code of {}, such as {}", names.join(" and one of "), vec!["_T"; names.len()].join("/"))
        };
        format!("{:?} names no cell of {}; write {accepted}", text.chars().take(60).collect::<String>(), form.code)
    })
}

/// Reads a figure as it is typed into a sheet: `1 234`, `1 234 P`, `<5`, or the letter of a reason.
///
/// # Errors
/// A sentence with what is accepted.
pub fn read_figure(text: &str) -> Result<Cell, String> {
    if let Some(reason) = reason(text) {
        return Ok(reason);
    }
    let Typed { value, status, .. } = Typed::read(text);
    if let Some(below) = value.strip_prefix('<') {
        let bound = below.trim().parse().ok().filter(|below| *below >= 2);
        return bound.map(|below| Cell::Fewer { below }).ok_or_else(|| "a bound is written <5, from <2 on".to_owned());
    }
    let count = numbers::count(&value).map_err(|flaw| {
        format!(
            "{flaw}; write {}, or L not collected, O not known, M not applicable, K counted elsewhere, Q withheld",
            numbers::ACCEPTED
        )
    })?;
    Ok(Cell::Value { figure: Figure::Count(count), status: Status::of_letter(status).unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use vrs_protocol::catalogue::Catalogue;
    use vrs_protocol::id::FormCode;

    #[test]
    fn cells_are_named_by_their_codes_or_as_pages_offer_them() {
        let form = |code: &str| Catalogue::bundled().form(&FormCode::parse(code).unwrap()).unwrap();
        let read = |text: &str, code: &str| read_key(text, form(code)).map(|key| key.to_string());
        assert_eq!(read("AFG", "IE_CIT").unwrap(), "AFG");
        assert_eq!(read("Afghanistan (AFG)", "IE_CIT").unwrap(), "AFG");
        assert_eq!(read(" SEA / AFG ", "IE_MOD").unwrap(), "SEA / AFG");
        assert_eq!(read("", "IE_TOT").unwrap(), "total");
        assert!(read("SEA", "IE_MOD").unwrap_err().contains("a code of mode and one of"));
        assert!(read("no code", "IE_CIT").unwrap_err().contains("names no cell of IE_CIT"));
        assert!(read("AFG", "IE_TOT").is_err());
    }

    #[test]
    fn every_answer_is_typed_and_nothing_else() {
        assert_eq!(read_figure("1 234").unwrap(), Cell::count(1234));
        assert_eq!(read_figure("7 e").unwrap(), Cell::Value { figure: Figure::Count(7), status: Status::Estimated });
        assert_eq!(read_figure("<5").unwrap(), Cell::Fewer { below: 5 });
        assert_eq!(read_figure("k").unwrap(), Cell::CountedElsewhere);
        for text in ["", "-1", "1.5", "<1", "about 3"] {
            assert!(read_figure(text).is_err(), "{text}");
        }
    }
}
