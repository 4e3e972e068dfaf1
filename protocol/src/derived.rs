//! Rule 6: the longer period from the shorter ones, for forms that add over time. The parts are tables as released; the
//! derived table names them as its sources and falls with them.

use std::collections::{BTreeMap, BTreeSet};

use crate::audience::Audience;
use crate::catalogue::{Catalogue, Dimension, Form, Kind};
use crate::cell::{COUNT_MAX, Cell, Figure, Status, TEXT_BYTES_MAX};
use crate::id::{Code, FormCode};
use crate::period::Period;
use crate::table::{Key, Metadata, Table};

/// Why a table cannot be derived.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeriveError {
    /// The form does not add.
    #[error("{0} does not add over time")]
    DoesNotAdd(FormCode),
    /// The tables are not exactly the parts.
    #[error("{0} is made of {1}, and not of the tables given")]
    NotTheParts(Period, String),
    /// The parts count different things.
    #[error("the parts count different units: {0}")]
    Units(String),
}

/// Adds the parts of a period cell by cell. A cell is a value only where each part has one; a row of a list that one part
/// does not write is folded into `_O`, because it may be in that part's `_O`. Everywhere else a gap stays a gap.
pub fn derive(form: &Form, whole: Period, parts: &[&Table]) -> Result<Table, DeriveError> {
    if !form.adds_over_time || !form.kind.counts() {
        return Err(DeriveError::DoesNotAdd(form.code.clone()));
    }
    let mut periods: Vec<Period> = parts.iter().map(|part| part.period).collect();
    periods.sort();
    if periods != whole.parts() || whole.parts().is_empty() || parts.iter().any(|part| part.form != form.code) {
        let names: Vec<String> = whole.parts().iter().map(Period::to_string).collect();
        return Err(DeriveError::NotTheParts(whole, names.join(", ")));
    }
    let units: BTreeSet<&str> = parts.iter().map(|part| part.unit(form)).collect();
    if units.len() > 1 {
        return Err(DeriveError::Units(units.into_iter().collect::<Vec<_>>().join(", ")));
    }
    let mut table = Table { form: form.code.clone(), period: whole, metadata: metadata(parts), cells: BTreeMap::new() };
    let keys: BTreeSet<&Key> = parts.iter().flat_map(|part| part.cells.keys()).collect();
    let mut folded: BTreeMap<Key, Vec<&Cell>> = BTreeMap::new();
    for key in keys {
        let cells: Option<Vec<Cell>> = parts.iter().map(|part| part.answer(form, key)).collect();
        match cells {
            Some(cells) => {
                table.cells.insert(key.clone(), add(&cells));
            }
            // A total or the remainder itself, where one part does not answer it, is not known; it is part of nothing else.
            None => match remainder(form, key) {
                Some(other) => folded.entry(other).or_default().extend(parts.iter().filter_map(|part| part.cell(key))),
                None => {
                    table.cells.insert(key.clone(), Cell::NotKnown);
                }
            },
        }
    }
    for (key, more) in folded {
        // Where a part has no `_O`, what it has beyond its rows is not known.
        let mut cells: Vec<Cell> =
            parts.iter().map(|part| part.cell(&key).cloned().unwrap_or(Cell::NotKnown)).collect();
        cells.extend(more.into_iter().cloned());
        table.cells.insert(key, add(&cells));
    }
    Ok(table)
}

/// The cell of which a row of a list is a part where it is not written: its growing dimension becomes `_O`. Those whose row
/// is not known are such a row too: where only one member writes them, total less rows and remainder would tell how many.
/// `None` for a key that is no row, and for forms that are no list.
pub(crate) fn remainder(form: &Form, key: &Key) -> Option<Key> {
    let grows = |dimension: &Dimension| Catalogue::everything().list(&dimension.list).is_some_and(|list| list.growable);
    let place = form.dimensions.iter().position(grows).filter(|_| form.kind == Kind::List)?;
    let mut codes = key.0.clone();
    let code = codes.get_mut(place).filter(|code| !code.is_reserved() || code.as_str() == Code::UNKNOWN)?;
    *code = Code::other();
    Some(Key(codes))
}

/// The sum of cells: a value where each is one (or does not apply), else the reason they share, else not known. Hidden
/// parts keep the sum hidden.
fn add(cells: &[Cell]) -> Cell {
    let counts: Option<Vec<u64>> =
        cells.iter().map(|cell| if *cell == Cell::NotApplicable { Some(0) } else { cell.as_count() }).collect();
    if cells.iter().all(|cell| *cell == Cell::NotApplicable) {
        return Cell::NotApplicable;
    }
    if let Some(counts) = counts {
        let sum = counts.iter().sum::<u64>();
        let status = cells.iter().filter_map(Cell::status).fold(Status::Normal, Status::graver);
        return if sum <= COUNT_MAX { Cell::Value { figure: Figure::Count(sum), status } } else { Cell::NotKnown };
    }
    let gaps: Vec<&Cell> = cells.iter().filter(|cell| cell.as_count().is_none()).collect();
    if gaps.iter().any(|cell| matches!(cell, Cell::Suppressed | Cell::Withheld | Cell::Embargoed | Cell::Fewer { .. }))
    {
        return Cell::Suppressed;
    }
    match gaps.first() {
        Some(first) if gaps.len() == cells.len() && gaps.iter().all(|gap| gap == first) => (*first).clone(),
        _ => Cell::NotKnown,
    }
}

/// What is said of the parts, said of the whole. A caveat of one part is one of the sum: it is kept with the part's name.
fn metadata(parts: &[&Table]) -> Metadata {
    let texts = |pick: fn(&Metadata) -> Option<&String>| shared_or_named(parts, pick);
    let answers = |pick: fn(&Metadata) -> Option<bool>, grave: bool| {
        let answers: BTreeSet<Option<bool>> = parts.iter().map(|part| pick(&part.metadata)).collect();
        if answers.contains(&Some(grave)) {
            return Some(grave);
        }
        answers.into_iter().min().flatten()
    };
    Metadata {
        unit: parts.first().and_then(|first| first.metadata.unit.clone()),
        source: texts(|m| m.source.as_ref()),
        legal_basis: texts(|m| m.legal_basis.as_ref()),
        definition_followed: answers(|m| m.definition_followed, false),
        deviation: texts(|m| m.deviation.as_ref()),
        coverage: texts(|m| m.coverage.as_ref()),
        double_counting: answers(|m| m.double_counting, true),
        period_deviation: texts(|m| m.period_deviation.as_ref()),
        comment: Some(format!(
            "Sum of {}.",
            parts.iter().map(|part| part.period.to_string()).collect::<Vec<_>>().join(" and ")
        )),
        list_complete: parts.iter().all(|part| part.metadata.list_complete),
    }
}

/// The text that all parts share; else each part's, with its period before it, as far as a text may be long.
fn shared_or_named(parts: &[&Table], pick: fn(&Metadata) -> Option<&String>) -> Option<String> {
    let texts: BTreeSet<Option<&String>> = parts.iter().map(|part| pick(&part.metadata)).collect();
    if texts.len() < 2 {
        return texts.into_iter().next().flatten().cloned();
    }
    let named = |part: &&Table| pick(&part.metadata).map(|text| format!("{}: {text}", part.period));
    let mut whole = parts.iter().filter_map(named).collect::<Vec<_>>().join("; ");
    whole.truncate(whole.floor_char_boundary(TEXT_BYTES_MAX));
    Some(whole)
}

/// The audience of a derived release: the intersection of those of its parts; `None` without a part or where nobody is left.
pub fn audience<'a>(parts: impl IntoIterator<Item = &'a Audience>) -> Option<Audience> {
    let shared = parts.into_iter().cloned().reduce(|one, other| one.intersection(&other))?;
    match &shared {
        Audience::Named(named) if named.is_empty() => None,
        _ => Some(shared),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(form: &str, period: &str, cells: &[(&str, Cell)]) -> Table {
        let mut table = Table::new(FormCode::parse(form).unwrap(), Period::parse(period).unwrap());
        for (key, cell) in cells {
            let codes = key.split('/').filter(|c| !c.is_empty()).map(|c| Code::parse(c).unwrap()).collect();
            table.cells.insert(Key(codes), cell.clone());
        }
        table
    }
    fn form(code: &str) -> &'static Form {
        Catalogue::bundled().form(&FormCode::parse(code).unwrap()).unwrap()
    }

    #[test]
    fn quarters_add_to_the_semester() {
        let (q1, q2) =
            (table("IE_TOT", "2021-Q1", &[("", Cell::count(10))]), table("IE_TOT", "2021-Q2", &[("", Cell::count(5))]));
        let sum = derive(form("IE_TOT"), Period::parse("2021-S1").unwrap(), &[&q2, &q1]).unwrap();
        assert_eq!(sum.total(), Some(&Cell::count(15)));
    }

    #[test]
    fn a_gap_stays_a_gap_and_never_becomes_a_smaller_sum() {
        for (gap, expected) in [
            (Cell::NotCollected, Cell::NotKnown),
            (Cell::Suppressed, Cell::Suppressed),
            (Cell::Fewer { below: 5 }, Cell::Suppressed),
        ] {
            let (q1, q2) =
                (table("IE_TOT", "2021-Q1", &[("", Cell::count(10))]), table("IE_TOT", "2021-Q2", &[("", gap)]));
            let sum = derive(form("IE_TOT"), Period::parse("2021-S1").unwrap(), &[&q1, &q2]).unwrap();
            assert_eq!(sum.total(), Some(&expected));
        }
        let both = [
            table("IE_TOT", "2021-Q1", &[("", Cell::NotCollected)]),
            table("IE_TOT", "2021-Q2", &[("", Cell::NotCollected)]),
        ];
        let sum = derive(form("IE_TOT"), Period::parse("2021-S1").unwrap(), &[&both[0], &both[1]]).unwrap();
        assert_eq!(sum.total(), Some(&Cell::NotCollected));
    }

    #[test]
    fn a_caveat_of_one_part_is_a_caveat_of_the_sum() {
        let (mut q1, q2) =
            (table("IE_TOT", "2021-Q1", &[("", Cell::count(5))]), table("IE_TOT", "2021-Q2", &[("", Cell::count(7))]));
        q1.cells.insert(Key(vec![]), Cell::Value { figure: Figure::Count(5), status: Status::LowReliability });
        q1.metadata.coverage = Some("Without POLICE.".into());
        q1.metadata.double_counting = Some(true);
        let sum = derive(form("IE_TOT"), Period::parse("2021-S1").unwrap(), &[&q1, &q2]).unwrap();
        assert_eq!(sum.total(), Some(&Cell::Value { figure: Figure::Count(12), status: Status::LowReliability }));
        assert_eq!(sum.metadata.coverage.as_deref(), Some("2021-Q1: Without POLICE."));
        assert_eq!(sum.metadata.double_counting, Some(true));
    }

    #[test]
    fn a_complete_list_without_its_total_has_no_total_of_zero() {
        let mut q1 = table("IE_CIT", "2021-Q1", &[("AFG", Cell::count(6))]);
        q1.metadata.list_complete = true;
        let q2 = table("IE_CIT", "2021-Q2", &[("_T", Cell::count(10)), ("AFG", Cell::count(5))]);
        let sum = derive(form("IE_CIT"), Period::parse("2021-S1").unwrap(), &[&q1, &q2]).unwrap();
        assert_eq!(sum.total(), Some(&Cell::NotKnown));
        assert_eq!(sum.core(form("IE_CIT")), crate::table::Core::Missing);
    }

    #[test]
    fn a_row_only_one_part_writes_falls_into_other() {
        let q1 = table(
            "IE_CIT",
            "2021-Q1",
            &[("_T", Cell::count(10)), ("AFG", Cell::count(6)), ("SYR", Cell::count(3)), ("_O", Cell::count(1))],
        );
        let q2 = table("IE_CIT", "2021-Q2", &[("_T", Cell::count(8)), ("AFG", Cell::count(5)), ("_O", Cell::count(3))]);
        let sum = derive(form("IE_CIT"), Period::parse("2021-S1").unwrap(), &[&q1, &q2]).unwrap();
        let at = |code: &str| sum.cell(&Key(vec![Code::parse(code).unwrap()])).cloned();
        assert_eq!(
            (at("_T"), at("AFG"), at("SYR"), at("_O")),
            (Some(Cell::count(18)), Some(Cell::count(11)), None, Some(Cell::count(7)))
        );
    }

    #[test]
    fn a_total_that_one_part_does_not_answer_is_not_known() {
        let q1 = table(
            "IE_CIT",
            "2021-Q1",
            &[("_T", Cell::count(10)), ("AFG", Cell::count(6)), ("_O", Cell::count(3)), ("_U", Cell::count(1))],
        );
        let q2 = table("IE_CIT", "2021-Q2", &[("AFG", Cell::count(5)), ("_O", Cell::count(3))]);
        let sum = derive(form("IE_CIT"), Period::parse("2021-S1").unwrap(), &[&q1, &q2]).unwrap();
        let at = |code: &str| sum.cell(&Key(vec![Code::parse(code).unwrap()])).cloned();
        assert_eq!((at("_T"), at("_U")), (Some(Cell::NotKnown), None));
        assert_eq!((at("AFG"), at("_O")), (Some(Cell::count(11)), Some(Cell::count(7))));
    }

    #[test]
    fn a_point_only_one_part_writes_falls_into_the_other_points_of_its_direction() {
        let q1 = table(
            "SM_PNT",
            "2021-Q1",
            &[("_T/_T", Cell::count(9)), ("GBDVR/ENTRY", Cell::count(6)), ("_O/ENTRY", Cell::count(3))],
        );
        let q2 = table("SM_PNT", "2021-Q2", &[("_T/_T", Cell::count(2)), ("_O/ENTRY", Cell::count(2))]);
        let sum = derive(form("SM_PNT"), Period::parse("2021-S1").unwrap(), &[&q1, &q2]).unwrap();
        assert_eq!(crate::check::fits(&sum, form("SM_PNT"), Catalogue::bundled(), 5), Ok(()));
        assert_eq!(sum.cell(&Key(vec![Code::other(), Code::parse("ENTRY").unwrap()])), Some(&Cell::count(11)));
    }

    #[test]
    fn only_exactly_the_parts_make_the_whole() {
        let (q1, q3) =
            (table("IE_TOT", "2021-Q1", &[("", Cell::count(1))]), table("IE_TOT", "2021-Q3", &[("", Cell::count(1))]));
        assert!(matches!(
            derive(form("IE_TOT"), Period::parse("2021-S1").unwrap(), &[&q1, &q3]),
            Err(DeriveError::NotTheParts(..))
        ));
        let fee = table("MF_FEE", "2021-Q1", &[]);
        assert!(matches!(
            derive(form("MF_FEE"), Period::parse("2021-S1").unwrap(), &[&fee]),
            Err(DeriveError::DoesNotAdd(_))
        ));
    }
}
