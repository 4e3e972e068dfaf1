//! Can all shown figures be true at once? Compared are lowest and highest possible counts, so that gaps never make a table
//! infeasible: parts under their total, the same total in every table of a topic, and parts of time under the whole.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalogue::{Catalogue, CodeList, Form, Kind};
use crate::cell::Cell;
use crate::id::Code;
use crate::period::Period;
use crate::table::{Key, Table};

/// Figures that cannot all be true.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{form} for {period} at {key}: {cause}")]
pub struct Infeasible {
    /// The form.
    pub form: String,
    /// The period.
    pub period: Period,
    /// The cell that is contradicted.
    pub key: Key,
    /// By what.
    pub cause: String,
}

/// A total of a table and what its parts add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumIn {
    /// The cell that holds the total.
    pub total: Key,
    /// Lowest and highest count of the total.
    pub total_range: (u64, Option<u64>),
    /// Lowest sum of the written parts.
    pub parts_low: u64,
    /// Highest sum of the written parts.
    pub parts_high: Option<u64>,
    /// `_O` is among the parts.
    pub with_other: bool,
    /// Each code of the list is written.
    pub every_part: bool,
}

/// Every total of a table with the sum of its parts, along every dimension and level of its lists.
pub fn sums_in(table: &Table, form: &Form, catalogue: &Catalogue) -> Vec<SumIn> {
    let mut sums = Vec::new();
    for (d, dimension) in form.dimensions.iter().enumerate() {
        let Some(list) = catalogue.list(&dimension.list) else { continue };
        let mut lines: BTreeMap<Key, Vec<(&Code, &Cell)>> = BTreeMap::new();
        for (key, cell) in &table.cells {
            let mut line = key.clone();
            line.0[d] = Code::total();
            lines.entry(line).or_default().push((&key.0[d], cell));
        }
        for (line, cells) in lines {
            sums.extend(sums_of_line(&line, d, list, &cells));
        }
    }
    sums
}

/// The total and the inner nodes of one line of cells along one dimension.
fn sums_of_line(line: &Key, d: usize, list: &CodeList, cells: &[(&Code, &Cell)]) -> Vec<SumIn> {
    let at: BTreeMap<&Code, &Cell> = cells.iter().copied().collect();
    let cell = |code: &Code| at.get(code).copied();
    let mut parents: BTreeSet<Code> = list.entries.iter().filter_map(|entry| entry.parent.clone()).collect();
    parents.insert(Code::total());
    let mut sums = Vec::new();
    for parent in parents {
        let Some(total) = cell(&parent) else { continue };
        let is_top = parent.as_str() == Code::TOTAL;
        let mut parts: Vec<Code> = if list.growable {
            cells.iter().map(|(code, _)| (*code).clone()).filter(|code| !code.is_reserved()).collect()
        } else {
            list.children((!is_top).then_some(&parent)).map(|entry| entry.id.clone()).collect()
        };
        if is_top {
            parts.extend([Code::other(), Code::unknown()]);
        }
        let written: Vec<&Cell> = parts.iter().filter_map(cell).collect();
        if written.is_empty() {
            continue;
        }
        let mut key = line.clone();
        key.0[d] = parent.clone();
        let with_other = is_top && cell(&Code::other()).is_some();
        let every_part = !list.growable && parts.iter().all(|part| cell(part).is_some() || part.is_reserved());
        sums.push(SumIn {
            total: key,
            total_range: total.range(),
            parts_low: written.iter().map(|cell| cell.range().0).sum(),
            parts_high: written.iter().map(|cell| cell.range().1).sum::<Option<u64>>(),
            with_other,
            every_part,
        });
    }
    sums
}

/// Whether the shown figures of one author about one topic can all be true. Give it the table in question and the other
/// current tables of the topic whose periods overlap.
pub fn feasible(tables: &[&Table], catalogue: &Catalogue) -> Result<(), Infeasible> {
    for table in tables {
        let Some(form) = catalogue.form(&table.form).filter(|form| form.kind.counts()) else { continue };
        within(table, form, catalogue)?;
        across(table, form, tables, catalogue)?;
        over_time(table, form, tables)?;
    }
    Ok(())
}

fn infeasible(table: &Table, key: Key, cause: String) -> Infeasible {
    Infeasible { form: table.form.to_string(), period: table.period, key, cause }
}

fn within(table: &Table, form: &Form, catalogue: &Catalogue) -> Result<(), Infeasible> {
    // Several grounds may apply to one person: such parts may add up to more than the total.
    if form.several {
        return Ok(());
    }
    for sum in sums_in(table, form, catalogue) {
        if let Some(high) = sum.total_range.1
            && sum.parts_low > high
        {
            return Err(infeasible(
                table,
                sum.total,
                format!("its parts add up to at least {}, the total is at most {high}", sum.parts_low),
            ));
        }
        let complete = form.exhaustive && sum.every_part
            || form.kind == Kind::List && sum.with_other && table.metadata.list_complete;
        if complete
            && let Some(high) = sum.parts_high
            && high < sum.total_range.0
        {
            return Err(infeasible(
                table,
                sum.total,
                format!("its parts add up to at most {high}, the total is at least {}", sum.total_range.0),
            ));
        }
    }
    Ok(())
}

/// The total of a breakdown is the total of its topic, and its parts are no more.
fn across(table: &Table, form: &Form, tables: &[&Table], catalogue: &Catalogue) -> Result<(), Infeasible> {
    let (Some(total_of), Some(here)) = (&form.total_of, table.total()) else { return Ok(()) };
    for other in tables.iter().filter(|other| other.form == *total_of && other.period == table.period) {
        let same_unit = catalogue.form(total_of).is_some_and(|total| other.unit(total) == table.unit(form));
        let Some(there) = other.total().filter(|_| same_unit) else { continue };
        let (low, high) = here.range();
        // What is hidden in the total shows in its parts.
        let parts = sums_in(table, form, catalogue).into_iter().filter(|sum| sum.total.is_total() && !form.several);
        let low = parts.map(|sum| sum.parts_low).fold(low, u64::max);
        let (other_low, other_high) = there.range();
        let apart = high.is_some_and(|high| high < other_low) || other_high.is_some_and(|other| other < low);
        if apart {
            let cause = match here.range().0 < low {
                true => format!("its parts add up to at least {low}, {total_of} says {}", there.in_words()),
                false => format!("its total is {}, {total_of} says {}", here.in_words(), there.in_words()),
            };
            return Err(infeasible(table, Key::total(form.dimensions.len()), cause));
        }
    }
    Ok(())
}

/// Parts of time are under the whole. Parts that count another unit say nothing about it: more detections than persons are no
/// contradiction. That they make up the whole where all are there is asked in [`super::findings`]: a person may be found
/// in two quarters.
fn over_time(table: &Table, form: &Form, tables: &[&Table]) -> Result<(), Infeasible> {
    if !form.adds_over_time {
        return Ok(());
    }
    let comparable = |t: &Table| t.form == table.form && t.unit(form) == table.unit(form);
    let inside: Vec<&&Table> = tables
        .iter()
        .filter(|t| comparable(t) && t.period != table.period && table.period.contains(t.period))
        .collect();
    if inside.is_empty() {
        return Ok(());
    }
    for (key, cell) in &table.cells {
        // Only the coarsest disjoint parts count: a semester and its own quarters are not added.
        let parts: Vec<&&Table> = inside
            .iter()
            .filter(|part| {
                part.cell(key).is_some()
                    && !inside.iter().any(|wider| {
                        wider.period != part.period && wider.period.contains(part.period) && wider.cell(key).is_some()
                    })
            })
            .copied()
            .collect();
        let low: u64 = parts.iter().filter_map(|part| part.cell(key)).map(|cell| cell.range().0).sum();
        if let Some(high) = cell.range().1
            && low > high
            // The remainder of a list is a different set of countries in each period.
            && !key.0.iter().any(|code| code.as_str() == Code::OTHER)
        {
            let names: Vec<String> = parts.iter().map(|part| part.period.to_string()).collect();
            return Err(infeasible(
                table,
                key.clone(),
                format!("{} add up to at least {low}, the whole is at most {high}", names.join(", ")),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::FormCode;

    fn table(form: &str, period: &str, cells: &[(&str, Cell)]) -> Table {
        let mut table = Table::new(FormCode::parse(form).unwrap(), Period::parse(period).unwrap());
        for (key, cell) in cells {
            table.cells.insert(
                Key(key.split('/').filter(|c| !c.is_empty()).map(|c| Code::parse(c).unwrap()).collect()),
                cell.clone(),
            );
        }
        table
    }
    fn ok(tables: &[&Table]) -> bool {
        feasible(tables, Catalogue::bundled()).is_ok()
    }

    #[test]
    fn parts_stay_under_their_total() {
        assert!(ok(&[&table(
            "IE_CIT",
            "2021",
            &[("_T", Cell::count(10)), ("AFG", Cell::count(6)), ("_O", Cell::count(4))]
        )]));
        assert!(ok(&[&table(
            "IE_CIT",
            "2021",
            &[("_T", Cell::count(10)), ("AFG", Cell::Suppressed), ("_O", Cell::count(4))]
        )]));
        assert!(!ok(&[&table(
            "IE_CIT",
            "2021",
            &[("_T", Cell::count(10)), ("AFG", Cell::count(7)), ("_O", Cell::count(4))]
        )]));
        assert!(!ok(&[&table("IE_CIT", "2021", &[("_T", Cell::Fewer { below: 5 }), ("AFG", Cell::count(5))])]));
    }

    #[test]
    fn ages_are_not_added_to_their_own_groups() {
        let cells = [("_T/_T", 10), ("_T/Y0T17", 4), ("_T/Y0T13", 1), ("_T/Y14T17", 3), ("_T/Y18T", 6)]
            .map(|(k, n)| (k, Cell::count(n)));
        assert!(ok(&[&table("IE_SXA", "2021", &cells)]));
        let cells =
            [("_T/_T", 10), ("_T/Y0T17", 4), ("_T/Y0T13", 3), ("_T/Y14T17", 3)].map(|(k, n)| (k, Cell::count(n)));
        assert!(!ok(&[&table("IE_SXA", "2021", &cells)]));
    }

    #[test]
    fn a_topic_has_one_total_and_time_adds_up() {
        let (total, cit) =
            (table("IE_TOT", "2021", &[("", Cell::count(9))]), table("IE_CIT", "2021", &[("_T", Cell::count(10))]));
        assert!(!ok(&[&cit, &total]));
        let hidden = table("IE_TOT", "2021", &[("", Cell::Suppressed)]);
        assert!(ok(&[&cit, &hidden]));
        let (q1, q2) =
            (table("IE_TOT", "2021-Q1", &[("", Cell::count(5))]), table("IE_TOT", "2021-Q2", &[("", Cell::count(5))]));
        assert!(!ok(&[&total, &q1, &q2]));
        assert!(ok(&[&table("IE_TOT", "2021", &[("", Cell::count(10))]), &q1, &q2]));
        let mut detections = q2.clone();
        detections.metadata.unit = Some("detections".into());
        assert!(ok(&[&total, &q1, &detections]), "another unit is no part of the whole");
    }
}
