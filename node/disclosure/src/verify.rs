//! The audit, by addition. Reads the tables as they would stand after the release and checks that each witness is a complete
//! table in whole numbers that satisfies every sum, agrees with every shown value and respects the bound of hidden cells, and
//! that two of them differ by enough in each cell that must be protected. No solver, and nothing of the engine but the reader
//! of tables: what is proven here does not depend on how it was found.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::catalogue::{Catalogue, Form, Kind};
use vrs_protocol::cell::Cell;
use vrs_protocol::id::Code;
use vrs_protocol::period::Period;
use vrs_protocol::table::Table;

use crate::cells::{CellId, cell_of, growing, measure, rest_code};
use crate::decision::Audit;

/// What the audit finds wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A hidden cell has no figure in the witnesses.
    #[error("no witness says anything of {0}")]
    Missing(CellId),
    /// A witness is below what outsiders know of a hidden cell, or above what "fewer than" says.
    #[error("witness {witness}: {cell} is {figure}")]
    OutOfBounds {
        /// Number of the witness.
        witness: usize,
        /// The cell.
        cell: CellId,
        /// What it says.
        figure: i64,
    },
    /// A sum does not hold in a witness.
    #[error("witness {witness}: the parts of {whole} add up to {parts}, not to {figure}")]
    Sum {
        /// Number of the witness.
        witness: usize,
        /// The whole.
        whole: CellId,
        /// What its parts add up to.
        parts: i64,
        /// What it is.
        figure: i64,
    },
    /// A cell that must be protected has no two witnesses that differ by enough.
    #[error("{0} is not proven uncertain")]
    NotProven(CellId),
    /// The engine itself names cells that it could not prove.
    #[error("{0} was found open: {1}")]
    Open(CellId, String),
}

/// Checks an audit against the tables as they would stand: those released now, and the earlier ones that still stand. `must`
/// are the cells to be protected with the width demanded; `least` is what hidden cells are known to be at least.
pub fn verify(tables: &[Table], audit: &Audit, must: &BTreeMap<CellId, i64>, least: i64) -> Result<(), Vec<Flaw>> {
    let mut flaws: Vec<Flaw> =
        audit.unproven.iter().map(|one| Flaw::Open(one.cell.clone(), one.derivation.clone())).collect();
    let reading = Reading::of(tables, audit, least, &mut flaws);
    let sums = reading.sums(tables);
    // Sums are read here between cells without their vintage.
    let plain = |cell: &CellId| CellId { vintage: 0, ..cell.clone() };
    let sorted = |sum: &Vec<CellId>| sum.iter().map(plain).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
    let set_aside: BTreeSet<Vec<CellId>> = audit.set_aside.iter().map(sorted).collect();
    for (number, witness) in audit.tables.iter().enumerate() {
        reading.check(number, witness, &sums, &set_aside, &mut flaws);
    }
    let proven: BTreeMap<&CellId, i64> = audit
        .proofs
        .iter()
        .filter_map(|proof| {
            let far = |table: usize| audit.tables.get(table).and_then(|table| table.get(proof.cell));
            Some((audit.cells.get(proof.cell)?, far(proof.high)? - far(proof.low)?))
        })
        .collect();
    let unproven = must.iter().filter(|(cell, width)| proven.get(cell).is_none_or(|far| far < width));
    flaws.extend(unproven.map(|(cell, _)| Flaw::NotProven(cell.clone())));
    if flaws.is_empty() { Ok(()) } else { Err(flaws) }
}

/// A figure in the tables: shown, or a place in the witnesses.
#[derive(Clone, Copy)]
enum Figure {
    Shown(i64),
    Hidden(usize),
}

struct Reading {
    figures: BTreeMap<CellId, Figure>,
    bounds: BTreeMap<usize, (CellId, i64, i64)>,
    rows: BTreeMap<(String, String, u16, String), BTreeSet<Code>>,
}

type Sum = (CellId, Figure, Vec<CellId>, Vec<Figure>);

impl Reading {
    fn of(tables: &[Table], audit: &Audit, least: i64, flaws: &mut Vec<Flaw>) -> Self {
        let mut figures: BTreeMap<CellId, Figure> = BTreeMap::new();
        // The witnesses' names carry the vintage; the present one of a cell is the greatest.
        for (at, cell) in audit.cells.iter().enumerate() {
            figures.insert(CellId { vintage: 0, ..cell.clone() }, Figure::Hidden(at));
        }
        let (mut bounds, mut rows) = (BTreeMap::new(), BTreeMap::new());
        for (table, form) in tables.iter().filter_map(|table| Some((table, counting(table)?))) {
            for (key, cell) in &table.cells {
                let id = cell_of(table, form, key);
                for (dimension, code) in &id.codes {
                    if code.as_str() != Code::OTHER {
                        let names = (id.measure.total.to_string(), id.measure.unit.clone());
                        let rows: &mut BTreeSet<Code> =
                            rows.entry((names.0, names.1, id.period.year(), dimension.clone())).or_default();
                        rows.insert(code.clone());
                    }
                }
                match (cell, cell.as_count(), figures.get(&id)) {
                    (_, Some(count), _) => {
                        figures.insert(id, Figure::Shown(i64::try_from(count).unwrap_or(i64::MAX)));
                    }
                    (Cell::NotApplicable | Cell::CountedElsewhere, ..) => {
                        figures.insert(id, Figure::Shown(0));
                    }
                    (Cell::Suppressed | Cell::Fewer { .. }, _, Some(Figure::Hidden(at))) => {
                        let most = if let Cell::Fewer { below } = cell { i64::from(*below) - 1 } else { i64::MAX };
                        bounds.insert(*at, (id, least, most));
                    }
                    (Cell::Suppressed | Cell::Fewer { .. }, _, None) => flaws.push(Flaw::Missing(id)),
                    _ => {}
                }
            }
        }
        Self { figures, bounds, rows }
    }

    fn sums(&self, tables: &[Table]) -> Vec<Sum> {
        let mut sums = Vec::new();
        for (table, form) in tables.iter().filter_map(|table| Some((table, counting(table)?))) {
            if !form.several {
                self.lines(table, form, &mut sums);
            }
        }
        // Over time: a whole with all its parts, whatever table shows them.
        let adds: BTreeSet<_> = tables
            .iter()
            .filter_map(|table| Some((table, counting(table).filter(|form| form.adds_over_time)?)))
            .map(|(table, form)| (measure(table, form), table.period.year()))
            .collect();
        for cell in self.figures.keys().filter(|cell| cell.list.is_none()) {
            let parts: Vec<CellId> = cell.period.parts().into_iter().map(|part: Period| cell.at(part)).collect();
            let all = !parts.is_empty() && parts.iter().all(|part| self.figures.contains_key(part));
            if all && adds.contains(&(cell.measure.clone(), cell.period.year())) {
                self.push(cell.clone(), parts, &mut sums);
            }
        }
        sums
    }

    /// Adds a sum; parts that nobody speaks of are nobody, a whole that nobody speaks of says nothing.
    fn push(&self, whole: CellId, parts: Vec<CellId>, sums: &mut Vec<Sum>) {
        let Some(figure) = self.figures.get(&whole).copied() else { return };
        let figures: Vec<Figure> = parts.iter().filter_map(|part| self.figures.get(part).copied()).collect();
        if !figures.is_empty() {
            sums.push((whole, figure, parts, figures));
        }
    }

    fn lines(&self, table: &Table, form: &Form, sums: &mut Vec<Sum>) {
        let growing = growing(form);
        let written: BTreeSet<CellId> = table.cells.keys().map(|key| cell_of(table, form, key)).collect();
        for dimension in &form.dimensions {
            let Some(list) = Catalogue::everything().list(&dimension.list) else { continue };
            let total = |cell: &CellId| CellId { list: None, ..cell.with(&dimension.code, &Code::total()) };
            let plain = |base: &CellId| {
                base.codes.iter().all(|(name, code)| code.as_str() != Code::OTHER || !growing.contains(name.as_str()))
            };
            let bases: BTreeSet<CellId> = written.iter().map(total).filter(plain).collect();
            for base in bases {
                let at = |code: &Code| base.with(&dimension.code, code);
                let is_row = base.codes.len() + 1 == form.dimensions.len();
                let complete = form.kind == Kind::List && table.metadata.list_complete && is_row;
                if list.growable {
                    let other = CellId { list: Some(form.code.clone()), ..at(&Code::other()) };
                    let unit = measure(table, form);
                    let key = (unit.total.to_string(), unit.unit, table.period.year(), dimension.code.clone());
                    let rows = self.rows.get(&key).cloned().unwrap_or_default();
                    let rest = || rows.iter().map(at).filter(|cell| !written.contains(cell)).chain([at(&rest_code())]);
                    let mut parts: Vec<CellId> = rows.iter().map(at).filter(|cell| written.contains(cell)).collect();
                    if parts.is_empty() && !written.contains(&other) {
                        continue;
                    }
                    if written.contains(&other) {
                        self.push(other, rest().collect(), sums);
                    }
                    parts.extend(rest().filter(|_| !complete || written.iter().any(|cell| cell.list.is_some())));
                    self.push(base, parts, sums);
                } else {
                    let parents: BTreeSet<Option<&Code>> =
                        list.entries.iter().map(|entry| entry.parent.as_ref()).chain([None]).collect();
                    for parent in parents {
                        let mut parts: Vec<CellId> = list.children(parent).map(|entry| at(&entry.id)).collect();
                        if parent.is_none() {
                            parts.extend([at(&Code::other()), at(&Code::unknown())]);
                        }
                        if parts.iter().any(|part| written.contains(part)) {
                            self.push(parent.map_or_else(|| base.clone(), at), parts, sums);
                        }
                    }
                }
            }
        }
    }

    fn check(
        &self,
        number: usize,
        witness: &[i64],
        sums: &[Sum],
        aside: &BTreeSet<Vec<CellId>>,
        flaws: &mut Vec<Flaw>,
    ) {
        let say = |figure: &Figure| match figure {
            Figure::Shown(count) => *count,
            Figure::Hidden(at) => witness.get(*at).copied().unwrap_or(i64::MIN / 4),
        };
        for (at, figure) in witness.iter().enumerate() {
            let bound = self.bounds.get(&at);
            let (least, most) = bound.map_or((0, i64::MAX), |(_, least, most)| (*least, *most));
            if *figure < least || *figure > most {
                let cell = bound.map(|(cell, ..)| cell.clone());
                let cell = cell.or_else(|| {
                    self.figures
                        .iter()
                        .find(|(_, f)| matches!(f, Figure::Hidden(h) if *h == at))
                        .map(|(c, _)| c.clone())
                });
                flaws.extend(cell.map(|cell| Flaw::OutOfBounds { witness: number, cell, figure: *figure }));
            }
        }
        for (whole, figure, cells, parts) in sums {
            let (figure, parts) = (say(figure), parts.iter().map(say).sum::<i64>());
            if figure != parts {
                let mut named: Vec<CellId> = cells.iter().chain([whole]).cloned().collect();
                named.sort();
                if !aside.contains(&named) {
                    flaws.push(Flaw::Sum { witness: number, whole: whole.clone(), parts, figure });
                }
            }
        }
    }
}

/// The form of a table that holds counts.
fn counting(table: &Table) -> Option<&'static Form> {
    Catalogue::everything().form(&table.form).filter(|form| form.kind.counts())
}
