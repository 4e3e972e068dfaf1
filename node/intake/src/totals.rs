//! Totals and remainders of a table: where `_T` comes from, which rows of a list stand by themselves, and what `_O` is.
//!
//! With a total of its own, the remainder is what the kept rows leave of it, so that the table adds up whatever the
//! source left out or rounded. Without one, the total is the sum of the rows and the remainder the sum of the rest.

use vrs_protocol::catalogue::{Catalogue, CodeList, Form};
use vrs_protocol::cell::{Cell, Figure, Status};
use vrs_protocol::id::Code;
use vrs_protocol::table::Key;

use super::gather::{Cells, add_up};
use super::mapping::{Gaps, TotalRules, TotalSource};
use super::problems::{Flaw, Problem};

/// Puts the total into the cells, where it is not a row of the file already.
pub(super) fn add_total(
    cells: &mut Cells,
    form: &Form,
    rules: &TotalRules,
    gaps: Gaps,
    beside: Option<(Cell, u64)>,
    catalogue: &Catalogue,
) -> Result<(), Problem> {
    let total = Key::total(form.dimensions.len());
    match rules.from {
        TotalSource::Row if cells.contains_key(&total) => Ok(()),
        TotalSource::Row => Err(Problem::of_file(
            Flaw::Missing(format!("{} needs a row for its total", form.code)),
            "a label that stands for _T in the mapping, or total.from = \"sum\"",
        )),
        TotalSource::Beside => match beside {
            Some(cell) => {
                cells.insert(total, cell);
                Ok(())
            }
            None => Err(Problem::of_file(
                Flaw::Missing(format!("the file beside has no total for {}", form.code)),
                "one row for each period",
            )),
        },
        TotalSource::Sum => add_margins(cells, form, gaps, catalogue),
    }
}

/// Adds every total over one or several dimensions. One of which the file knows nothing but the total is not added over.
fn add_margins(cells: &mut Cells, form: &Form, gaps: Gaps, catalogue: &Catalogue) -> Result<(), Problem> {
    let is_total = |key: &Key, i: usize| key.0.get(i).is_some_and(|code| code.as_str() == Code::TOTAL);
    let added: Vec<usize> = (0..form.dimensions.len()).filter(|i| !cells.keys().all(|key| is_total(key, *i))).collect();
    let has_total = |key: &Key| added.iter().any(|i| is_total(key, *i));
    if let Some((key, (_, line))) = cells.iter().find(|(key, _)| has_total(key) || added.is_empty()) {
        let flaw = Flaw::Mapping("total.from is \"sum\", and the file has a total of its own".into());
        return Err(Problem::at(*line, "", &key.to_string(), flaw, "total.from = \"row\""));
    }
    for (i, dimension) in form.dimensions.iter().enumerate() {
        let Some(list) = catalogue.list(&dimension.list) else { continue };
        let written = |code: &Code| cells.keys().any(|key| key.0.get(i) == Some(code));
        let inside = cells
            .iter()
            .find_map(|(key, (_, line))| Some((parent(list, key.0.get(i)?).filter(|parent| written(parent))?, *line)));
        if let Some((parent, line)) = inside {
            let flaw =
                Flaw::Sum(format!("{parent} is in the file beside its own parts, and a sum would count them twice"));
            return Err(Problem::at(line, &dimension.code, "", flaw, "one depth of the list, or a total of its own"));
        }
    }
    for mask in 1..1_usize << added.len() {
        let over: Vec<usize> =
            added.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, i)| *i).collect();
        let target = |key: &Key| {
            Key(key
                .0
                .iter()
                .enumerate()
                .map(|(i, code)| if over.contains(&i) { Code::total() } else { code.clone() })
                .collect())
        };
        let base = cells.iter().filter(|(key, _)| !has_total(key));
        let sums = add_up(base, target, gaps)?;
        cells.extend(sums.into_iter().map(|(key, cell)| (key, (cell, 0))));
    }
    Ok(())
}

/// The wider code of which a code is a part, at any height.
fn parent<'l>(list: &'l CodeList, code: &Code) -> Option<&'l Code> {
    list.entry(code)?.parent.as_ref()
}

/// Keeps the largest rows of each list of the table; the rest goes into `_O`. `own_total` says that `_T` is not the sum
/// of the rows: then `_O` is what the kept rows and `_U` leave of it. Answers whether some `_O` stands for more than before:
/// a country that went into it is no longer written, and not zero.
pub(super) fn keep(
    cells: &mut Cells,
    form: &Form,
    largest: usize,
    own_total: bool,
    rounded_to: u64,
    catalogue: &Catalogue,
) -> Result<bool, Problem> {
    let Some(dimension) = growable(form, catalogue) else {
        let flaw =
            Flaw::Mapping(format!("{} has no list that a respondent grows, so there is nothing to keep", form.code));
        return Err(Problem::of_file(flaw, "a mapping of this form without keep"));
    };
    let mut groups: Vec<Key> = cells.keys().map(|key| with(key, dimension, Code::total())).collect();
    groups.dedup();
    groups.sort();
    groups.dedup();
    let mut moved = false;
    for group in groups {
        let list = List {
            total: group.clone(),
            other: with(&group, dimension, Code::other()),
            unknown: with(&group, dimension, Code::unknown()),
            dimension,
        };
        let (before, other, silent) = (list.counted(cells), list.others(cells), list.silent(cells).len());
        list.keep(cells, largest);
        if own_total && cells.contains_key(&list.total) {
            list.remainder(cells, before, rounded_to)?;
        }
        moved |= list.others(cells) != other || list.silent(cells).len() != silent;
    }
    Ok(moved)
}

/// The dimension that the respondent grows: of two, the one that is a list of countries.
fn growable(form: &Form, catalogue: &Catalogue) -> Option<usize> {
    let grows = |list: &str| catalogue.list(list).is_some_and(|list| list.growable);
    let country = form.dimensions.iter().position(|dimension| dimension.list == "country");
    country.or_else(|| form.dimensions.iter().position(|dimension| grows(&dimension.list)))
}

fn with(key: &Key, dimension: usize, code: Code) -> Key {
    let mut key = key.clone();
    if let Some(place) = key.0.get_mut(dimension) {
        *place = code;
    }
    key
}

/// One list of a table: the rows that differ in the growable dimension only.
struct List {
    total: Key,
    other: Key,
    unknown: Key,
    dimension: usize,
}

impl List {
    /// Its rows, without the reserved codes.
    fn rows<'c>(&self, cells: &'c Cells) -> impl Iterator<Item = (&'c Key, &'c Cell)> {
        let (total, dimension) = (self.total.clone(), self.dimension);
        let of_list = move |key: &Key| {
            with(key, dimension, Code::total()) == total && key.0.get(dimension).is_some_and(|code| !code.is_reserved())
        };
        cells.iter().filter(move |(key, _)| of_list(key)).map(|(key, (cell, _))| (key, cell))
    }

    /// Its rows without a count.
    fn silent(&self, cells: &Cells) -> Vec<Key> {
        self.rows(cells).filter(|(_, cell)| cell.as_count().is_none()).map(|(key, _)| key.clone()).collect()
    }

    /// How many `_O` stands for, nobody where it is not written; `None` where nobody knows.
    fn others(&self, cells: &Cells) -> Option<u64> {
        cells.get(&self.other).map_or(Some(0), |(cell, _)| cell.as_count())
    }

    /// The sum of all of its parts, and how many they are.
    fn counted(&self, cells: &Cells) -> (u64, u64) {
        let reserved = [&self.other, &self.unknown].into_iter().filter_map(|key| cells.get(key)).map(|(cell, _)| cell);
        let counts = self.rows(cells).map(|(_, cell)| cell).chain(reserved).filter_map(Cell::as_count);
        counts.fold((0, 0), |(sum, many), count| (sum + count, many + 1))
    }

    /// Moves what is not among the largest into `_O`. Rows without a count stay: they are part of no sum.
    fn keep(&self, cells: &mut Cells, largest: usize) {
        let mut rows: Vec<(u64, Key)> =
            self.rows(cells).filter_map(|(key, cell)| Some((cell.as_count()?, key.clone()))).collect();
        // Largest first; of equal ones, the first in the order of codes.
        rows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let kept = rows.iter().take(largest).take_while(|(count, _)| *count > 0).count();
        if rows.is_empty() || cells.get(&self.other).is_some_and(|(cell, _)| cell.as_count().is_none()) {
            return;
        }
        // A remainder of nobody is as sure as the rows that leave it.
        let nobody = self.status(cells);
        let moved = rows.into_iter().skip(kept).map(|(_, key)| key).chain([self.other.clone()]);
        let mut other: Option<(u64, Status)> = None;
        for (cell, _) in moved.filter_map(|key| cells.remove(&key)) {
            if let Cell::Value { figure: Figure::Count(count), status } = cell {
                other = Some(other.map_or((count, status), |(sum, so_far)| (sum + count, so_far.graver(status))));
            }
        }
        let (count, status) = other.unwrap_or((0, nobody));
        cells.insert(self.other.clone(), (Cell::Value { figure: Figure::Count(count), status }, 0));
    }

    /// Sets `_O` to what the kept rows leave of the total, and drops rows without a count: the remainder covers them.
    fn remainder(&self, cells: &mut Cells, (parts, many): (u64, u64), rounded_to: u64) -> Result<(), Problem> {
        let Some((total_cell, line)) = cells.get(&self.total).cloned() else { return Ok(()) };
        let silent = self.silent(cells);
        let Some(total) = total_cell.as_count() else {
            // Without a total there is no remainder; rows without a count are of the same kind, and one cell says it for all.
            silent.iter().for_each(|key| drop(cells.remove(key)));
            let reason = if matches!(total_cell, Cell::Fewer { .. }) { Cell::NotKnown } else { total_cell };
            cells.insert(self.other.clone(), (reason, line));
            return Ok(());
        };
        // Each of the parts and the total may be off by half of what it is rounded to.
        let slack = rounded_to * (many + 1) / 2;
        let kept: u64 = self.rows(cells).filter_map(|(_, cell)| cell.as_count()).sum();
        let unknown = cells.get(&self.unknown).map(|(cell, _)| cell.clone());
        let stays = kept + unknown.as_ref().and_then(Cell::as_count).unwrap_or(0);
        let refused = |cause: String, accepted: &str| {
            Err(Problem::at(line, "", &self.total.to_string(), Flaw::Sum(cause), accepted))
        };
        if parts > total + slack {
            let cause = format!("the rows add up to {parts}, which is more than their total of {total}");
            return refused(cause, "a total at least as large as its parts");
        }
        // The remainder takes up what rounding explains. Where nothing goes into it, a total smaller than its parts would
        // stand in the table, and that is never stored.
        let Some(left) = total.checked_sub(stays) else {
            let cause = format!(
                "rounding explains that the rows add up to {parts} with a total of {total}, but the rows that stay make {stays} of it"
            );
            return refused(
                cause,
                "fewer rows in keep.largest, so that the remainder takes the difference up; or total.from = \"sum\"",
            );
        };
        silent.iter().for_each(|key| drop(cells.remove(key)));
        let status = self.status(cells);
        let other = match unknown {
            // Nobody can tell the two apart.
            Some(cell) if cell.as_count().is_none() => Cell::NotKnown,
            _ => Cell::Value { figure: Figure::Count(left), status },
        };
        cells.insert(self.other.clone(), (other, 0));
        Ok(())
    }

    /// The status of a difference between the total and the rows.
    fn status(&self, cells: &Cells) -> Status {
        let total = cells.get(&self.total).map(|(cell, _)| cell);
        self.rows(cells).map(|(_, cell)| cell).chain(total).fold(Status::Normal, |status, cell| match cell {
            Cell::Value { status: own, .. } => status.graver(*own),
            _ => status,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use vrs_protocol::id::FormCode;

    fn form(code: &str) -> &'static Form {
        Catalogue::bundled().form(&FormCode::parse(code).unwrap()).unwrap()
    }
    fn cells(rows: &[(&str, Cell)]) -> Cells {
        let key = |codes: &str| Key(codes.split(' ').map(|code| Code::parse(code).unwrap()).collect());
        rows.iter().zip(2..).map(|((codes, cell), line)| (key(codes), (cell.clone(), line))).collect()
    }
    fn shown(cells: &Cells) -> String {
        cells.iter().map(|(key, (cell, _))| format!("{key}={}", cell.in_words())).collect::<Vec<_>>().join(", ")
    }
    fn kept(rows: &[(&str, Cell)], largest: usize, own_total: bool) -> Result<String, Problem> {
        let mut cells = cells(rows);
        keep(&mut cells, form("IE_CIT"), largest, own_total, 0, Catalogue::bundled())?;
        Ok(shown(&cells))
    }
    const C: fn(u64) -> Cell = Cell::count;

    #[test]
    fn the_rest_of_a_list_goes_into_other() {
        let rows =
            [("_O", C(1)), ("_T", C(36)), ("_U", C(5)), ("AFG", C(10)), ("IRQ", C(10)), ("SYR", C(10)), ("TUR", C(0))];
        assert_eq!(kept(&rows, 2, false).unwrap(), "AFG=10, IRQ=10, _O=11, _T=36, _U=5");
        assert_eq!(kept(&rows, 9, false).unwrap(), "AFG=10, IRQ=10, SYR=10, _O=1, _T=36, _U=5");
    }

    #[test]
    fn with_a_total_of_its_own_the_remainder_makes_the_table_add_up() {
        let rows =
            [("_T", C(100)), ("_U", C(7)), ("AFG", C(50)), ("IRQ", C(20)), ("SYR", C(3)), ("TUR", Cell::NotKnown)];
        assert_eq!(kept(&rows, 2, true).unwrap(), "AFG=50, IRQ=20, _O=23, _T=100, _U=7");
    }

    #[test]
    fn a_remainder_that_grows_is_told_of() {
        let moved = |rows: &[(&str, Cell)], largest, own_total| {
            keep(&mut cells(rows), form("IE_CIT"), largest, own_total, 0, Catalogue::bundled()).unwrap()
        };
        let rows = [("_T", C(70)), ("AFG", C(50)), ("IRQ", C(20)), ("TUR", C(0))];
        assert!(moved(&rows, 1, true) && moved(&rows, 1, false));
        assert!(!moved(&rows, 2, true) && !moved(&rows, 2, false), "a row of zero may go without a word");
        assert!(moved(&[("_T", C(71)), ("AFG", C(50)), ("IRQ", C(20))], 2, true), "the total tells of others");
        assert!(moved(&[("_T", C(50)), ("AFG", C(50)), ("IRQ", Cell::NotKnown)], 2, true));
    }

    #[test]
    fn a_row_without_a_count_is_kept_where_nothing_covers_it() {
        let rows = [("_T", C(70)), ("AFG", C(50)), ("IRQ", C(20)), ("TUR", Cell::NotKnown)];
        assert_eq!(kept(&rows, 1, false).unwrap(), "AFG=50, TUR=not known, _O=20, _T=70");
    }

    #[test]
    fn a_table_that_is_not_known_says_so_once_for_all_rows() {
        let rows = [("_T", Cell::NotKnown), ("_U", Cell::NotKnown), ("AFG", Cell::NotKnown), ("IRQ", Cell::NotKnown)];
        assert_eq!(kept(&rows, 20, true).unwrap(), "_O=not known, _T=not known, _U=not known");
    }

    #[test]
    fn a_total_smaller_than_its_parts_is_refused_beyond_what_rounding_explains() {
        let rows = [("_T", C(100)), ("AFG", C(50)), ("IRQ", C(45)), ("SYR", C(10))];
        assert!(
            kept(&rows, 2, true)
                .unwrap_err()
                .to_string()
                .contains("add up to 105, which is more than their total of 100")
        );
        let mut rounded = cells(&rows);
        keep(&mut rounded, form("IE_CIT"), 2, true, 5, Catalogue::bundled()).unwrap();
        assert_eq!(shown(&rounded), "AFG=50, IRQ=45, _O=5, _T=100");
        // Rounding cannot be taken up by a remainder into which nothing goes.
        let mut all = cells(&rows);
        let refused = keep(&mut all, form("IE_CIT"), 20, true, 5, Catalogue::bundled()).unwrap_err().to_string();
        assert!(
            refused.contains("the rows that stay make 105 of it; accepted: fewer rows in keep.largest"),
            "{refused}"
        );
    }

    #[test]
    fn every_margin_of_a_cross_table_is_summed() {
        let mut table = cells(&[("F Y0T17", C(1)), ("F Y18T", C(2)), ("M Y18T", C(4))]);
        let sum = TotalRules { from: TotalSource::Sum, ..TotalRules::default() };
        add_total(&mut table, form("IE_SXA"), &sum, Gaps::Refuse, None, Catalogue::bundled()).unwrap();
        assert_eq!(
            shown(&table),
            "F / Y0T17=1, F / Y18T=2, F / _T=3, M / Y18T=4, M / _T=4, _T / Y0T17=1, _T / Y18T=6, _T / _T=7"
        );
        let mut twice = cells(&[("F Y0T17", C(1)), ("F Y0T13", C(1))]);
        assert!(
            add_total(&mut twice, form("IE_SXA"), &sum, Gaps::Refuse, None, Catalogue::bundled())
                .unwrap_err()
                .to_string()
                .contains("twice")
        );
    }
}
