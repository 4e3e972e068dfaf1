//! Sums over time, for forms that add: a quarter is its months, a semester its quarters, a year its semesters. Periods between
//! two that left are variables although nobody released them, because their figures follow.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::period::Period;

use super::{Standings, System, vintages::Names};
use crate::cells::{CellId, Measure, measure};

/// Adds the sums over time between the cells of one state of publication.
pub(super) fn add(system: &mut System, names: &Names, tables: &[Standings<'_>]) {
    let adding: BTreeSet<(Measure, Period)> = tables
        .iter()
        .filter(|(_, form)| form.adds_over_time)
        .map(|(table, form)| (measure(table, form), table.period))
        .collect();
    // One series of periods for each cell; remainders of lists are other rows in each period and make none.
    let mut series: BTreeMap<(CellId, u16), BTreeSet<Period>> = BTreeMap::new();
    for cell in system.cells.iter().filter(|cell| cell.list.is_none()) {
        if adding.contains(&(cell.measure.clone(), cell.period)) {
            let year = Period::year_of(cell.period.year()).unwrap_or(cell.period);
            let plain = CellId { vintage: 0, ..cell.at(year) };
            series.entry((plain, cell.period.year())).or_default().insert(cell.period);
        }
    }
    for ((cell, _), periods) in series.into_iter().filter(|(_, periods)| periods.len() > 1) {
        Series { names, cell: &cell, periods: &periods }.add(system, cell.period, false);
    }
}

struct Series<'a> {
    names: &'a Names,
    cell: &'a CellId,
    periods: &'a BTreeSet<Period>,
}

impl Series<'_> {
    /// Adds what a period and those inside it say; whether the period is a variable afterwards. `inside` says that a longer
    /// period around it is one.
    fn add(&self, system: &mut System, whole: Period, inside: bool) -> bool {
        let has = self.periods.contains(&whole);
        let parts = whole.parts();
        let mut any = false;
        for part in &parts {
            any |= self.add(system, *part, inside || has);
        }
        if any && (has || inside) {
            let parts = parts.iter().map(|part| system.variable(self.names.name(self.cell.at(*part)))).collect();
            let whole = system.variable(self.names.name(self.cell.at(whole)));
            system.sum(whole, parts);
        }
        has || any && inside
    }
}
