//! Small corrections of what left before: a figure that changes by less than the threshold says of whoever it is about more than
//! either figure does. Such a table may be held back to the next revision, or leave with a mark.
//!
//! The rule it keeps: a figure known to be wrong never leaves without a mark. So where every change of a table is small, the
//! table leaves as it was and all of it is marked as provisional; where others are larger, all of it leaves as it is now, with
//! the same mark.

use vrs_protocol::cell::{Cell, Status};
use vrs_protocol::table::Table;

/// What becomes of a table that revises another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Correction {
    /// No figure changes by a small count.
    NoneSmall,
    /// All changes are small: the figures of before, marked.
    HeldBack(Table),
    /// Some are: the figures of now, marked.
    Shown(Table),
}

/// Compares a table with the figures behind its last release. `below`: the threshold of the policy.
#[must_use]
pub fn correction(before: &Table, now: &Table, below: u32) -> Correction {
    let mut small = false;
    let mut others = before.metadata != now.metadata;
    let keys = before.cells.keys().chain(now.cells.keys().filter(|key| before.cell(key).is_none()));
    for key in keys {
        let (was, is) = (before.cell(key), now.cell(key));
        if figure(was) == figure(is) && was.is_some() == is.is_some() {
            continue;
        }
        match (was.and_then(Cell::as_count), is.and_then(Cell::as_count)) {
            (Some(was), Some(is)) if was.abs_diff(is) < u64::from(below) => small = true,
            _ => others = true,
        }
    }
    match (small, others) {
        (false, _) => Correction::NoneSmall,
        (true, false) => Correction::HeldBack(provisional(before)),
        (true, true) => Correction::Shown(provisional(now)),
    }
}

/// What is answered, however sure it is: a mark alone corrects no figure.
fn figure(cell: Option<&Cell>) -> Option<Cell> {
    cell.map(|cell| cell.as_count().map_or_else(|| cell.clone(), Cell::count))
}

/// A table with every value marked as provisional, those with a graver mark left with it.
fn provisional(table: &Table) -> Table {
    let mut table = table.clone();
    for cell in table.cells.values_mut() {
        if let Cell::Value { status, .. } = cell {
            *status = status.graver(Status::Provisional);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::testing::{key, table};

    #[test]
    fn a_correction_that_is_small_everywhere_is_held_back_under_a_mark() {
        let before = table("IE_CIT", "2021", &[("_T", 100), ("AFG", 60), ("IRQ", 40)]);
        let now = table("IE_CIT", "2021", &[("_T", 103), ("AFG", 60), ("IRQ", 43)]);
        let Correction::HeldBack(held) = correction(&before, &now, 5) else { panic!() };
        assert_eq!(held.cell(&key("IRQ")).unwrap().as_count(), Some(40));
        assert!(held.cells.values().all(|cell| cell.status() == Some(Status::Provisional)));
    }

    #[test]
    fn among_larger_changes_a_small_one_is_shown_under_a_mark() {
        let before = table("IE_CIT", "2021", &[("_T", 100), ("AFG", 60), ("IRQ", 40)]);
        let now = table("IE_CIT", "2021", &[("_T", 123), ("AFG", 80), ("IRQ", 43)]);
        let Correction::Shown(shown) = correction(&before, &now, 5) else { panic!() };
        assert_eq!(shown.cell(&key("AFG")).unwrap().as_count(), Some(80));
        assert!(shown.cells.values().all(|cell| cell.status() == Some(Status::Provisional)));
    }

    #[test]
    fn what_does_not_change_or_changes_by_much_is_left_alone() {
        let before = table("IE_CIT", "2021", &[("_T", 100), ("AFG", 100)]);
        assert_eq!(correction(&before, &before, 5), Correction::NoneSmall);
        let now = table("IE_CIT", "2021", &[("_T", 105), ("AFG", 105)]);
        assert_eq!(correction(&before, &now, 5), Correction::NoneSmall);
        let marked = provisional(&before);
        assert_eq!(correction(&before, &marked, 5), Correction::NoneSmall, "a mark alone corrects nothing");
    }
}
