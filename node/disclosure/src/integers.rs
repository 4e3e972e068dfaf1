//! Whole numbers: a count of persons has no halves, and an attacker knows it. Two-way tables give whole corners by themselves;
//! linked ones not always. A solution with fractions is driven to whole numbers cell by cell; where that fails, nothing is
//! proven.

use std::collections::BTreeMap;

use crate::model::Model;
use crate::pool::{Deviation, whole};
use crate::request::Budget;
use crate::solver::Solver;

/// What a whole number more is worth while a cell is driven: above all other costs.
const DRIVE: f64 = 1e6;
/// Cells that are driven at most; the programs of a topic have had a handful of fractions.
const CELLS_MAX: usize = 20;

/// The solver's solution in whole numbers, with `held` cells staying where they are. Bounds are as before afterwards.
pub fn make_whole(
    model: &Model,
    solver: &mut impl Solver,
    sums_of: &BTreeMap<usize, Vec<usize>>,
    held: &[usize],
    bounds: impl Fn(usize) -> (f64, f64),
    budget: &mut Budget,
) -> Option<Deviation> {
    if let Some(deviation) = whole(model, solver, sums_of) {
        return Some(deviation);
    }
    let mut fixed: Vec<usize> = Vec::new();
    let mut fix = |solver: &mut _, cell: usize, value: f64| {
        Solver::bounds(solver, cell, value, value);
        fixed.push(cell);
    };
    for &cell in held {
        let value = solver.value(cell);
        if (value - value.round()).abs() < 1e-6 {
            fix(solver, cell, value.round());
        }
    }
    let mut found = None;
    for _ in 0..CELLS_MAX {
        let fraction = |cell: usize| (solver.value(cell) - solver.value(cell).round()).abs();
        let next = solver
            .cells()
            .iter()
            .copied()
            .filter(|cell| fraction(*cell) > 1e-5)
            .max_by(|a, b| fraction(*a).total_cmp(&fraction(*b)).then(b.cmp(a)));
        let Some(cell) = next else {
            found = whole(model, solver, sums_of);
            break;
        };
        let (least, most) = bounds(cell);
        let value = solver.value(cell);
        let mut is_driven = false;
        for target in [value.round(), value.floor() + value.ceil() - value.round()] {
            if target < least || target > most {
                continue;
            }
            let now = solver.value(cell);
            solver.bounds(cell, now.min(target), now.max(target));
            solver.cost(cell, if target > now { -DRIVE } else { DRIVE });
            let done = solver.minimise(budget);
            solver.cost(cell, 0.0);
            if done && (solver.value(cell) - target).abs() < 1e-6 {
                is_driven = true;
                fix(solver, cell, target);
                break;
            }
        }
        if !is_driven {
            fixed.push(cell);
            break;
        }
    }
    solver.rest();
    for cell in fixed {
        let (least, most) = bounds(cell);
        solver.bounds(cell, least, most);
    }
    found
}
