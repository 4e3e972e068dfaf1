//! What the fields of a row may hold. A count is typed with its status or its reason in one field, because a list of sixty
//! countries is typed without a mouse: `1 234`, `1 234 P` (provisional), `<5`, `L` (not collected).

use vrs_protocol::catalogue::{Catalogue, Form, Kind};
use vrs_protocol::cell::{Cell, Figure, Status};

use crate::figures;

/// The status letters that a person writes behind a number, beside "normal".
pub const WITH_VALUE: [Status; 4] = [Status::Provisional, Status::Estimated, Status::LowReliability, Status::Break];

/// The reasons a person may give in place of a number.
pub const REASONS: [Cell; 5] =
    [Cell::NotCollected, Cell::NotKnown, Cell::NotApplicable, Cell::CountedElsewhere, Cell::Withheld];

/// Reasons that come from files. They are not offered, and stay as they are in a sheet that is opened and completed.
const FROM_FILES: [Cell; 2] = [Cell::Suppressed, Cell::Embargoed];

/// How a reason is written: its SDMX status, for the reasons of files with the confidentiality behind it.
#[must_use]
pub fn letter(reason: &Cell) -> &'static str {
    match reason {
        Cell::Suppressed => "QC",
        Cell::Embargoed => "QE",
        other => other.codes().0,
    }
}

/// One value column of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// A count, with its status or its reason.
    Count,
    /// An amount of money in whole units.
    Amount,
    /// A country by name or code.
    Country,
    /// One code of a list, or of these.
    One(Vec<String>),
    /// Several codes of a list, between spaces.
    Several(Vec<String>),
    /// A code of a list too long to choose from.
    Code,
    /// Words.
    Text,
}

/// The value columns of a form: name as in canonical CSV, and what they hold.
#[must_use]
pub fn of(form: &Form, catalogue: &Catalogue) -> Vec<(&'static str, Field)> {
    let listed = |list: &str| -> Vec<String> {
        catalogue.list(list).into_iter().flat_map(|list| &list.entries).map(|entry| entry.id.to_string()).collect()
    };
    let own = |codes: &[&str]| codes.iter().map(ToString::to_string).collect();
    let field = |column: &'static str| match (form.kind, column) {
        (Kind::Fees, "min" | "typical" | "max") => Field::Amount,
        (Kind::Fees, "currency") => Field::Code,
        (Kind::Fees, "basis") => Field::One(own(&["PERSON", "GROUP"])),
        (Kind::Fees, "includes") => Field::Several(listed("fee_included")),
        (Kind::Fees, "paid") => Field::Several(listed("fee_payment")),
        (Kind::Routes, "country") => Field::Country,
        (Kind::Routes, "type") => Field::One(own(&["ORIGIN", "TRANSIT", "DESTINATION"])),
        (Kind::Routes, "mode") => Field::One(listed("mode")),
        (Kind::Narrative, "choices") => {
            let choices = form.choices.as_deref().map(listed).unwrap_or_default();
            if form.several { Field::Several(choices) } else { Field::One(choices) }
        }
        (Kind::Number | Kind::List | Kind::Cross, _) => Field::Count,
        _ => Field::Text,
    };
    figures::columns(form.kind).iter().map(|column| (*column, field(column))).collect()
}

/// A count field as the columns of canonical CSV: value, status, conf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The number or bound; empty where a reason stands.
    pub value: String,
    /// SDMX status.
    pub status: &'static str,
    /// SDMX confidentiality.
    pub conf: &'static str,
}

impl Typed {
    /// Reads a count field. What is no reason is taken for a number, and the intake says what is wrong with it.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = text.trim();
        if let Some(reason) = reason(text) {
            let (status, conf) = reason.codes();
            return Self { value: String::new(), status, conf };
        }
        if text.starts_with('<') {
            return Self { value: text.to_owned(), status: "Q", conf: "C" };
        }
        let said = text.chars().next_back().and_then(|last| {
            let status = Status::of_letter(&last.to_ascii_uppercase().to_string())?;
            // A letter alone says nothing about a number that is not there.
            let number = text.get(..text.len() - last.len_utf8())?.trim_end();
            number.ends_with(|c: char| c.is_ascii_digit()).then(|| (number.to_owned(), status))
        });
        let (value, status) = said.unwrap_or_else(|| (text.to_owned(), Status::Normal));
        Self { value, status: status.letter(), conf: "F" }
    }

    /// A cell as a person would have typed it; [`Typed::read`] is the inverse.
    #[must_use]
    pub fn print(cell: &Cell) -> String {
        match cell {
            Cell::Value { figure: Figure::Count(count), status: Status::Normal } => count.to_string(),
            Cell::Value { figure: Figure::Count(count), status } => format!("{count} {}", status.letter()),
            Cell::Fewer { below } => format!("<{below}"),
            reason => letter(reason).to_owned(),
        }
    }
}

/// The reason that a letter stands for, in either case.
#[must_use]
pub fn reason(text: &str) -> Option<Cell> {
    REASONS.into_iter().chain(FROM_FILES).find(|reason| letter(reason).eq_ignore_ascii_case(text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_a_status_and_a_reason_are_typed_in_one_field() {
        let read = |text: &str| {
            let Typed { value, status, conf } = Typed::read(text);
            (value, status, conf)
        };
        assert_eq!(read("0"), ("0".into(), "A", "F"));
        assert_eq!(read(" 1 234 "), ("1 234".into(), "A", "F"));
        assert_eq!(read("1 234 P"), ("1 234".into(), "P", "F"));
        assert_eq!(read("12e"), ("12".into(), "E", "F"));
        assert_eq!(read("<5"), ("<5".into(), "Q", "C"));
        assert_eq!(read("l"), (String::new(), "L", "F"));
        assert_eq!(read("Q"), (String::new(), "Q", "N"));
        // What is neither is left for the intake to refuse, as it was typed.
        assert_eq!(read("about 12"), ("about 12".into(), "A", "F"));
        assert_eq!(read("P"), ("P".into(), "A", "F"));
    }

    #[test]
    fn what_is_printed_is_read_again() {
        let cells = [
            Cell::count(0),
            Cell::Value { figure: Figure::Count(7), status: Status::Estimated },
            Cell::Fewer { below: 5 },
            Cell::NotCollected,
            Cell::NotKnown,
            Cell::NotApplicable,
            Cell::CountedElsewhere,
            Cell::Withheld,
            Cell::Suppressed,
            Cell::Embargoed,
        ];
        for cell in cells {
            let typed = Typed::read(&Typed::print(&cell));
            assert_eq!((typed.status, typed.conf), cell.codes(), "{cell:?}");
        }
    }
}
