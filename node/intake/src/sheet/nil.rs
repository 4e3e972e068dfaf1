//! Nothing to report: an answer for a form that has no figure, which says why. It becomes canonical CSV like everything that
//! is typed, and is taken in by the same intake.
//!
//! The rule it keeps: missing is never zero. A zero is written only where the person said that none occurred, and only in the
//! cells on which the form rests.

use vrs_protocol::catalogue::{Catalogue, Form};
use vrs_protocol::cell::Cell;
use vrs_protocol::id::{Code, FormCode, ParticipantCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::Key;

use crate::canonical::{heading, quoted};
use crate::figures;

/// Why a form has no figure, or that its figure is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nil {
    /// Nobody counts it.
    NotCollected,
    /// It is counted, and not known yet.
    NotKnown,
    /// The question does not arise in this state.
    NotApplicable,
    /// It is inside another form's figure; the comment says which.
    CountedElsewhere,
    /// It was counted, and the count is zero.
    NoneOccurred,
}

impl Nil {
    /// All of them, in the order in which pages offer them.
    pub const ALL: [Self; 5] =
        [Self::NotCollected, Self::NotKnown, Self::NotApplicable, Self::CountedElsewhere, Self::NoneOccurred];

    /// The word in forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotCollected => "not-collected",
            Self::NotKnown => "not-known",
            Self::NotApplicable => "not-applicable",
            Self::CountedElsewhere => "counted-elsewhere",
            Self::NoneOccurred => "none-occurred",
        }
    }

    /// The answer of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|nil| nil.word() == word)
    }

    /// What stands in a cell.
    #[must_use]
    pub fn cell(self) -> Cell {
        match self {
            Self::NotCollected => Cell::NotCollected,
            Self::NotKnown => Cell::NotKnown,
            Self::NotApplicable => Cell::NotApplicable,
            Self::CountedElsewhere => Cell::CountedElsewhere,
            Self::NoneOccurred => Cell::count(0),
        }
    }

    /// Whether it can be said of a form: zero is a number of something, and a route or a text has none.
    #[must_use]
    pub fn fits(self, form: &Form) -> bool {
        self != Self::NoneOccurred || form.kind.counts()
    }
}

/// What was said of one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NilAnswer {
    /// The form.
    pub form: FormCode,
    /// Why it has no figure.
    pub nil: Nil,
    /// A comment for whoever reads the table; empty: none.
    pub comment: String,
}

/// The cells that are written: those on which the form rests; where it rests on none, the widest there are.
#[must_use]
pub fn keys(form: &Form, catalogue: &Catalogue) -> Vec<Key> {
    if !form.core.is_empty() {
        return form.core.clone();
    }
    let mut keys = vec![Vec::new()];
    for dimension in &form.dimensions {
        let codes = widest(catalogue, &dimension.list);
        keys = keys
            .into_iter()
            .flat_map(|key: Vec<Code>| {
                codes.iter().map(move |code| [key.as_slice(), std::slice::from_ref(code)].concat())
            })
            .collect();
    }
    keys.into_iter().map(Key).collect()
}

/// The code of a list that stands for everything; where it has none, "not known"; where it has neither, each of its values,
/// or of free numbers the first.
fn widest(catalogue: &Catalogue, name: &str) -> Vec<Code> {
    let Some(list) = catalogue.list(name) else { return Vec::new() };
    let reserved = [Code::TOTAL, Code::UNKNOWN]
        .into_iter()
        .find_map(|wanted| list.reserved.iter().find(|code| code.as_str() == wanted));
    match reserved {
        Some(code) => vec![code.clone()],
        None if list.entries.is_empty() => Code::parse("1").into_iter().collect(),
        None => list.entries.iter().map(|entry| entry.id.clone()).collect(),
    }
}

/// The answer as canonical CSV.
#[must_use]
pub fn csv(form: &Form, nil: Nil, period: Period, participant: &ParticipantCode, catalogue: &Catalogue) -> String {
    let mut text = heading(form).join(",") + "\n";
    let cell = nil.cell();
    let (status, conf) = cell.codes();
    for key in keys(form, catalogue) {
        let mut values = vec![String::new(); figures::columns(form.kind).len()];
        for (place, printed) in values.iter_mut().zip(figures::print(&cell, form.kind)) {
            *place = printed;
        }
        let before = [form.code.to_string(), period.to_string(), participant.to_string()].into_iter();
        let codes = key.0.iter().map(ToString::to_string);
        let fields = before.chain(codes).chain(values).chain([status.to_owned(), conf.to_owned()]);
        text += &fields.map(|field| quoted(&field)).collect::<Vec<_>>().join(",");
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{HowCounted, read_canonical};
    use vrs_protocol::table::Core;

    #[test]
    fn every_form_takes_every_answer_that_fits_it_and_keeps_its_meaning() {
        let catalogue = Catalogue::bundled();
        let participant = ParticipantCode::parse("AUS").unwrap();
        for form in catalogue.forms() {
            for nil in Nil::ALL.into_iter().filter(|nil| nil.fits(form)) {
                let text = csv(form, nil, Period::parse("2021").unwrap(), &participant, catalogue);
                let read = read_canonical(text.as_bytes(), &HowCounted::default(), catalogue, &participant);
                let read = read.unwrap_or_else(|problems| panic!("{} {}: {problems}", form.code, nil.word()));
                let table = &read.tables[0].table;
                assert!(
                    !table.cells.is_empty() && table.cells.values().all(|cell| *cell == nil.cell()),
                    "{}",
                    form.code
                );
                if !form.core.is_empty() {
                    // Only who says that none occurred has answered the question.
                    let answers = if nil == Nil::NoneOccurred { Core::Values } else { Core::Missing };
                    assert_eq!(table.core(form), answers, "{} {}", form.code, nil.word());
                }
            }
        }
    }

    #[test]
    fn a_form_without_counts_has_no_zero() {
        let catalogue = Catalogue::bundled();
        let form = |code: &str| catalogue.form(&FormCode::parse(code).unwrap()).unwrap();
        assert!(Nil::NoneOccurred.fits(form("IE_CIT")));
        for code in ["RT_CTY", "MF_FEE", "GC_CMT"] {
            assert!(!Nil::NoneOccurred.fits(form(code)) && Nil::NotCollected.fits(form(code)));
        }
        assert_eq!(keys(form("RT_CTY"), catalogue)[0].to_string(), "_T / 1 / 1");
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        assert!(Nil::ALL.into_iter().all(|nil| Nil::parse(nil.word()) == Some(nil)));
        assert_eq!(Nil::parse("zero"), None);
    }
}
