//! The system as the solver sees it: numbers, bounds and equations, without names. Built once for a request; the pattern grows
//! in it.

use std::collections::BTreeMap;

use crate::eliminate::{Field, Row, Solved, solve};
use crate::request::Budget;
use crate::solver::{FAR, Solver, Tableau};
use crate::system::{Standing, System};

/// What the engine works on. All vectors have one entry a cell.
#[derive(Debug, Clone)]
pub struct Model {
    /// The figures; where they are not known to us, some that satisfy every sum.
    pub truth: Vec<i64>,
    /// The least an outsider holds possible where the cell is hidden.
    pub least: Vec<i64>,
    /// The most, where something is known of it.
    pub most: Vec<Option<i64>>,
    /// Known to everybody: it cannot move and cannot be hidden.
    pub known: Vec<bool>,
    /// Not shown: hidden now or before, or in no table.
    pub hidden: Vec<bool>,
    /// By how much two tables must differ in it; zero where nothing is demanded.
    pub demand: Vec<i64>,
    /// What hiding costs.
    pub price: Vec<f64>,
    /// The same per unit of deviation, for a program that knows no yes and no; infinite where hiding is of no use.
    pub weight: Vec<f64>,
    /// Whole and parts with their signs.
    pub sums: Vec<Vec<(usize, i8)>>,
}

/// Why no figures were found that satisfy every sum.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no whole figures satisfy every sum; one of them is {0:?}")]
pub struct NoFigures(pub Option<usize>);

impl Model {
    /// The sums of a system with their signs.
    pub fn signed(system: &System) -> Vec<Vec<(usize, i8)>> {
        let signed = |sum: &crate::system::Sum| {
            let mut row: Vec<(usize, i8)> = sum.parts.iter().map(|part| (*part, -1)).collect();
            row.push((sum.whole, 1));
            row.sort_unstable();
            row
        };
        system.sums.iter().map(signed).collect()
    }

    /// The equations of deviations among the cells that may move.
    pub fn equations<F: Field>(&self, moves: impl Fn(usize) -> bool) -> Vec<Row<F>> {
        let restrict = |sum: &Vec<(usize, i8)>| {
            sum.iter().filter(|(cell, _)| moves(*cell)).map(|(cell, sign)| (*cell, F::of(*sign))).collect::<Row<F>>()
        };
        self.sums.iter().map(restrict).filter(|row| !row.is_empty()).collect()
    }

    /// For each cell one that stands for all cells that are the same figure: those tied by a sum whose other cells are known.
    pub fn ties(&self) -> Vec<usize> {
        let mut parent: Vec<usize> = (0..self.truth.len()).collect();
        for sum in &self.sums {
            let moving: Vec<usize> = sum.iter().map(|(cell, _)| *cell).filter(|cell| !self.known[*cell]).collect();
            if let [one, other] = moving[..] {
                let (one, other) = (root(&mut parent, one), root(&mut parent, other));
                parent[one.max(other)] = one.min(other);
            }
        }
        (0..parent.len()).map(|cell| root(&mut parent, cell)).collect()
    }

    /// The groups of cells that move together, each ascending.
    pub fn components(&self, moves: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
        let mut parent: Vec<usize> = (0..self.truth.len()).collect();
        for sum in &self.sums {
            let mut moving = sum.iter().map(|(cell, _)| *cell).filter(|cell| moves(*cell));
            let Some(first) = moving.next() else { continue };
            for other in moving {
                let (one, other) = (root(&mut parent, first), root(&mut parent, other));
                parent[one.max(other)] = one.min(other);
            }
        }
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for cell in (0..self.truth.len()).filter(|cell| moves(*cell)) {
            groups.entry(root(&mut parent, cell)).or_default().push(cell);
        }
        groups.into_values().collect()
    }

    /// A solver for the deviations of a component. Cells that are not hidden are held where they are.
    pub fn solver(&self, component: &[usize], seed: u64) -> Tableau {
        let inside = |cell: usize| component.binary_search(&cell).is_ok();
        let mut solver = Tableau::new(component, &solve(self.equations(inside), |_| Some(0)), seed);
        for &cell in component {
            let (least, most) = self.range(cell);
            solver.bounds(cell, least, most);
        }
        solver
    }

    /// How far a cell may deviate if it is hidden.
    pub fn range(&self, cell: usize) -> (f64, f64) {
        let most = self.most[cell].map_or(FAR, |most| (most - self.truth[cell]) as f64);
        ((self.least[cell] - self.truth[cell]) as f64, most)
    }

    /// Whether whole figures satisfy every sum and every bound.
    pub fn is_satisfied_by(&self, figures: &[i64]) -> bool {
        self.sums.iter().all(|sum| sum.iter().map(|(cell, sign)| i64::from(*sign) * figures[*cell]).sum::<i64>() == 0)
    }
}

/// The cell that stands for a group.
fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// Figures for all cells: those that are true, and for those we do not know some that satisfy every sum, at least `least`.
pub fn figures(system: &System, least: &[i64], budget: &mut Budget) -> Result<Vec<i64>, NoFigures> {
    let unknown = |cell: usize| system.truth[cell].is_none();
    let mut figures: Vec<i64> = system.truth.iter().zip(least).map(|(truth, least)| truth.unwrap_or(*least)).collect();
    let sums = Model::signed(system);
    // One more variable that is 1 carries what is known.
    let one = figures.len();
    let mut rows: Vec<Row<f64>> = Vec::new();
    for sum in &sums {
        let mut row: Row<f64> =
            sum.iter().filter(|(cell, _)| unknown(*cell)).map(|(c, s)| (*c, f64::from(*s))).collect();
        if row.is_empty() {
            continue;
        }
        let known: i64 =
            sum.iter().filter(|(cell, _)| !unknown(*cell)).map(|(cell, sign)| i64::from(*sign) * figures[*cell]).sum();
        if known != 0 {
            row.push((one, known as f64));
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Ok(figures);
    }
    let solved = solve(rows.clone(), |cell| (cell != one).then_some(0));
    if !solved.left.is_empty() {
        return Err(NoFigures(None));
    }
    // Unsolved cells stand at their least; the solved ones follow and may be below theirs.
    let value = |cell: usize| if cell == one { 1.0 } else { figures[cell] as f64 };
    let start: BTreeMap<usize, f64> = solved
        .rows
        .iter()
        .map(|(cell, row)| (*cell, row.iter().map(|(other, factor)| factor * value(*other)).sum()))
        .collect();
    for (cell, value) in &start {
        figures[*cell] = value.round() as i64;
    }
    let homogeneous: Vec<Row<f64>> =
        rows.into_iter().map(|row| row.into_iter().filter(|(cell, _)| *cell != one).collect()).collect();
    lift(&mut figures, least, homogeneous, budget)?;
    let satisfied =
        sums.iter().all(|sum| sum.iter().map(|(cell, sign)| i64::from(*sign) * figures[*cell]).sum::<i64>() == 0);
    let low = (0..figures.len()).find(|cell| figures[*cell] < least[*cell]);
    if satisfied && low.is_none() { Ok(figures) } else { Err(NoFigures(low)) }
}

/// Raises figures that are below their least, one by one, without lowering any other below its own.
fn lift(figures: &mut [i64], least: &[i64], rows: Vec<Row<f64>>, budget: &mut Budget) -> Result<(), NoFigures> {
    let mut cells: Vec<usize> = rows.iter().flatten().map(|(cell, _)| *cell).collect();
    cells.sort_unstable();
    cells.dedup();
    let mut solver = Tableau::new(&cells, &solve(rows, |_| Some(0)), 1);
    while let Some(low) = cells.iter().copied().find(|cell| figures[*cell] < least[*cell]) {
        for &cell in &cells {
            // Those that are too low themselves may rise and not sink.
            solver.bounds(cell, (least[cell] - figures[cell]).min(0) as f64, FAR);
        }
        solver.rest();
        let missing = (least[low] - figures[low]) as f64;
        solver.bounds(low, 0.0, missing);
        solver.cost(low, -1.0);
        let done = solver.minimise(budget);
        solver.cost(low, 0.0);
        if !done || solver.value(low) < missing - 1e-6 {
            return Err(NoFigures(Some(low)));
        }
        for &cell in &cells {
            figures[cell] += solver.value(cell).round() as i64;
        }
    }
    Ok(())
}

/// Whether the standing says that nobody outside has to be protected from learning a cell, because it is learnt already.
pub const fn is_known(standing: Standing) -> bool {
    matches!(standing, Standing::Known(_))
}

/// Solves for deviations modulo a prime, hidden cells first told by shown ones.
pub fn solved_exactly<F: Field>(model: &Model, cells: &[usize], rank: impl Fn(usize) -> Option<u32>) -> Solved<F> {
    solve(model.equations(|cell| cells.binary_search(&cell).is_ok()), rank)
}
