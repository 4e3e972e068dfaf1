//! Revisions. A cell keeps its variable through all releases unless it was shown to change, or is known to us to have changed;
//! then it is another cell from there on, and both sets of sums hold side by side. So what an outsider learns by taking every
//! hidden cell for unchanged is in the system.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::cell::Cell;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Table};

use super::{Standing, Standings, System, form_of, lines, time};
use crate::cells::{CellId, Measure, cell_of, measure};
use crate::request::Request;

/// The variable that each cell has in the present state of publication.
#[derive(Debug, Default)]
pub struct Names {
    vintage: BTreeMap<CellId, u32>,
    /// Cells that no table writes change with what is written around them.
    unseen: BTreeMap<(Measure, Period), u32>,
    written: BTreeSet<CellId>,
}

impl Names {
    /// The present name of a cell as a table names it.
    pub fn name(&self, cell: CellId) -> CellId {
        let vintage = if self.written.contains(&cell) {
            self.vintage.get(&cell).copied()
        } else {
            self.unseen.get(&(cell.measure.clone(), cell.period)).copied()
        };
        CellId { vintage: vintage.unwrap_or(0), ..cell }
    }
}

/// A table in a state of publication: what is seen of it, and the figures behind it.
#[derive(Clone, Copy)]
struct Version<'a> {
    shown: &'a Table,
    national: Option<&'a Table>,
    is_open: bool,
}

impl Version<'_> {
    fn truth(&self, key: &Key) -> Option<i64> {
        let figure = |table: &Table| table.cell(key).and_then(count);
        self.national.and_then(figure).or_else(|| figure(self.shown))
    }
}

fn count(cell: &Cell) -> Option<i64> {
    match cell {
        Cell::NotApplicable | Cell::CountedElsewhere => Some(0),
        cell => cell.as_count().and_then(|count| i64::try_from(count).ok()),
    }
}

type State<'a> = BTreeMap<(FormCode, Period), Version<'a>>;

/// The system of a request, with the present names of its cells.
pub fn build(request: &Request<'_>) -> (System, Names) {
    let mut history =
        History { system: System::default(), names: Names::default(), state: State::new(), hidden: BTreeMap::new() };
    let mut releases: BTreeMap<u32, Vec<Version<'_>>> = BTreeMap::new();
    for earlier in request.ledger {
        let version = Version { shown: &earlier.shown, national: earlier.national.as_ref(), is_open: false };
        releases.entry(earlier.release).or_default().push(version);
    }
    for versions in releases.into_values() {
        history.publish(versions);
    }
    let open = request.national.iter().filter(|table| request.releasing.contains(&(table.form.clone(), table.period)));
    history.publish(open.map(|table| Version { shown: table, national: Some(table), is_open: true }).collect());
    history.emit();
    let History { mut system, names, .. } = history;
    // Figures of tables that do not leave now say what is true of cells that follow, and of cells that were hidden before.
    for table in request.national {
        let Some(form) = form_of(table) else { continue };
        for (key, cell) in &table.cells {
            let at = system.index.get(&names.name(cell_of(table, form, key))).copied();
            if let (Some(at), Some(count)) = (at, count(cell)) {
                system.truth[at].get_or_insert(count);
            }
        }
    }
    system.complete_truth();
    system.complete_knowledge();
    (system, names)
}

struct History<'a> {
    system: System,
    names: Names,
    state: State<'a>,
    /// Cells that are hidden at present, with what "fewer than" says of them.
    hidden: BTreeMap<CellId, Option<i64>>,
}

impl<'a> History<'a> {
    /// A release: cells that change get a new variable, and what is shown is known from here on.
    fn publish(&mut self, versions: Vec<Version<'a>>) {
        let changed = self.changed(&versions);
        if !changed.is_empty() {
            self.emit();
        }
        for cell in &changed {
            *self.names.vintage.entry(cell.clone()).or_default() += 1;
            *self.names.unseen.entry((cell.measure.clone(), cell.period)).or_default() += 1;
        }
        for version in versions {
            let Some(form) = form_of(version.shown) else { continue };
            self.state.insert((version.shown.form.clone(), version.shown.period), version);
            let cells = version.shown.cells.keys().map(|key| cell_of(version.shown, form, key));
            self.names.written.extend(cells.collect::<Vec<_>>());
            for (key, shown) in &version.shown.cells {
                self.learn(&version, key, shown, cell_of(version.shown, form, key));
            }
        }
    }

    fn learn(&mut self, version: &Version<'_>, key: &Key, shown: &Cell, cell: CellId) {
        let at = self.system.variable(self.names.name(cell.clone()));
        if let Some(truth) = version.truth(key) {
            self.system.truth[at].get_or_insert(truth);
        }
        let was = self.system.standing[at];
        let next = match (shown, count(shown)) {
            _ if matches!(was, Standing::Known(_)) => was,
            (Cell::Embargoed | Cell::Withheld, _) if version.is_open => Standing::Open,
            (Cell::NotApplicable | Cell::CountedElsewhere, _) => Standing::Known(0),
            // The pattern is sticky: what was hidden before stays hidden, also where it changed.
            (_, Some(_)) if version.is_open => {
                self.hidden.get(&cell).map_or(Standing::Open, |most| Standing::Hole(*most))
            }
            (_, Some(count)) => Standing::Known(count),
            // It leaves as it is written, and says that much.
            (Cell::Fewer { below }, _) => Standing::Hole(Some(i64::from(*below) - 1)),
            (Cell::Suppressed | Cell::Withheld | Cell::Embargoed, _) => Standing::Hole(None),
            _ => was,
        };
        self.system.standing[at] = next;
        match next {
            Standing::Hole(most) => {
                self.hidden.insert(cell, most);
            }
            Standing::Known(_) => {
                self.hidden.remove(&cell);
            }
            _ => {}
        }
    }

    /// The cells of revised tables that are other cells now.
    fn changed(&self, versions: &[Version<'_>]) -> BTreeSet<CellId> {
        let mut changed = BTreeSet::new();
        for version in versions {
            let Some(form) = form_of(version.shown) else { continue };
            let Some(old) = self.state.get(&(version.shown.form.clone(), version.shown.period)) else { continue };
            if measure(old.shown, form) != measure(version.shown, form) {
                continue;
            }
            let keys: BTreeSet<&Key> = old.shown.cells.keys().chain(version.shown.cells.keys()).collect();
            let differs = |key: &Key| match (old.truth(key), version.truth(key)) {
                (Some(old), Some(new)) => Some(old != new),
                _ => None,
            };
            let any = keys.iter().any(|key| differs(key) == Some(true));
            // A hidden cell whose former figure is not at hand is taken for another one where anything around it changed.
            let cells = keys.into_iter().filter(|key| differs(key).unwrap_or(any));
            changed.extend(cells.map(|key| cell_of(version.shown, form, key)));
        }
        changed
    }

    /// Adds the sums of the present state.
    fn emit(&mut self) {
        let tables: Vec<Standings<'_>> =
            self.state.values().filter_map(|version| Some((version.shown, form_of(version.shown)?))).collect();
        lines::add(&mut self.system, &self.names, &tables);
        time::add(&mut self.system, &self.names, &tables);
    }
}
